import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { comparison } from '../../src/shared/comparisons'
import { defaultPreparation, defaultSplit, run } from '../../src/shared/runs'
import type { DatasetId, RunId } from '../../src/shared/ids'
import { ended, startCli, type Ended } from './processes.fixture'
import { importSample, newLibrary, resultOf, startStudio } from './studio.fixture'

let library: string
let dataset: DatasetId
const vasp = async (...args: string[]): Promise<Ended> => ended(startCli(library, args))
const listed = async (...args: string[]): Promise<z.infer<typeof run>[]> => {
  const { code, stdout, stderr } = await vasp('runs', '--json', ...args)
  expect(code, stderr).toBe(0)
  return z.object({ runs: z.array(run) }).parse(JSON.parse(stdout)).runs
}
const ids = async (...args: string[]): Promise<number[]> => (await listed(...args)).map(({ id }) => id)

beforeAll(async () => {
  library = newLibrary()
  const studio = await startStudio(library)
  dataset = await importSample(studio.engine)
  await studio.close()
  const shape = ['--data', String(dataset), '--most-popular', '300']
  for (const args of [
    ['--model', 'popularity', '--tag', 'baseline', '--tag', 'quick', '--note', 'The **floor**'],
    ['--model', 'itemknn', '--tag', 'quick'],
    ['--model', 'mult-dae', '--set', 'stages=1e-3x2'],
    ['--model', 'mult-dae', '--set', 'stages=1e-3x2', '--seed', '2'],
    ['--model', 'popularity', '--test', '40'],
  ]) {
    const { code, stderr } = await vasp('train', ...shape, ...args)
    expect(code, stderr).toBe(0)
  }
})
afterAll(() => rmSync(library, { recursive: true, force: true }))

describe('vasp runs', () => {
  it('filters, sorts and groups by what was noted, set and measured', async () => {
    expect(await ids('--filter', 'tag=quick')).toEqual([2, 1])
    expect(await ids('--filter', '-tag=quick model=mult-dae')).toEqual([4, 3])
    expect(await ids('--filter', 'stages=1e-3x2 seed=2')).toEqual([4])
    expect(await ids('--sort', 'id')).toEqual([1, 2, 3, 4, 5])
    const all = await listed('--sort', '-ndcg@100')
    const figures = all.map(({ test }) => test?.['ndcg@100'].mean ?? 0)
    expect(figures).toEqual(figures.toSorted((a, b) => b - a))
    const { stdout } = await vasp('runs', '--group', 'model', '--json')
    const groups = z
      .object({
        groups: z.array(
          z.object({
            name: z.string().nullable(),
            runs: z.array(z.number()),
            mixedProtocols: z.boolean(),
            best: z.number().nullable(),
          }),
        ),
      })
      .parse(JSON.parse(stdout)).groups
    expect(groups.map(({ name, runs, mixedProtocols }) => [name, runs, mixedProtocols])).toEqual([
      ['popularity', [5, 1], true],
      ['mult-dae', [4, 3], false],
      ['itemknn', [2], false],
    ])
    expect(groups[0]?.best).toBeNull()
  })

  it('refuses a filter that it cannot read, with the nearest field', async () => {
    const { code, stderr } = await vasp('runs', '--filter', 'tga=quick')
    expect(code).toBe(2)
    expect(stderr).toContain('Runs have no field “tga”.')
    expect(stderr).toContain('Did you mean tag?')
  })

  it('hides archived runs until they are asked for', async () => {
    expect((await vasp('label', '2', '--archive', '--star', '--untag', 'QUICK', '--tag', 'old')).code).toBe(0)
    expect(await ids()).toEqual([5, 4, 3, 1])
    expect(await ids('--filter', 'archived=yes')).toEqual([2])
    const [found] = await listed('--archived', '--filter', '#2')
    expect([found?.tags, found?.starred]).toEqual([['old'], true])
    expect((await vasp('label', '2', '--no-archive', '--no-star')).code).toBe(0)
    expect(await ids()).toEqual([5, 4, 3, 2, 1])
  })

  it('shows a view that was saved in the app', async () => {
    const studio = await startStudio(library)
    await studio.engine.client.runs.saveView({
      name: 'seeds',
      filter: 'model=mult-dae',
      group: null,
      columns: ['name', 'seed'],
      sort: { key: 'seed', direction: 'descending' },
    })
    await studio.close()
    expect(await ids('--view', 'seeds')).toEqual([4, 3])
    const missing = await vasp('runs', '--view', 'none')
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('“seeds”')])
  })
})

describe('vasp compare', () => {
  it('tests runs of one protocol against the baseline, and says which do not compare', async () => {
    const { code, stdout, stderr } = await vasp('compare', '1', '2', '3', '4', '5', '--baseline', '1', '--json')
    expect(code, stderr).toBe(0)
    const found = comparison.parse(JSON.parse(stdout))
    expect(found.comparable).toEqual([true, true, true, true, false])
    const cells = found.figures.find(({ metric }) => metric === 'ndcg@100')?.cells ?? []
    expect(cells.map((cell) => cell?.difference !== null)).toEqual([false, true, true, true, false])
    for (const [index, cell] of cells.entries()) {
      if (!cell?.difference) continue
      const base = cells[0]?.mean ?? 0
      expect(cell.difference.mean).toBeCloseTo(cell.mean - base, 6)
      expect(cell.difference.low).toBeLessThan(cell.difference.mean)
      expect(cell.difference.high).toBeGreaterThan(cell.difference.mean)
      const [all, ...segments] = found.users[index] ?? []
      expect((all?.wins ?? 0) + (all?.losses ?? 0) + (all?.ties ?? 0)).toBe(cell.users)
      // The segments of activity divide the test users.
      for (const key of ['wins', 'losses', 'ties'] as const)
        expect(segments.reduce((sum, one) => sum + one[key], 0)).toBe(all?.[key])
    }
    expect(found.seeds.map(({ runs }) => runs)).toEqual([[3, 4]])
    expect(found.settings.find(({ key }) => key === 'seed')?.values).toEqual([1, 1, 1, 2, 1])
    expect(found.warnings.join(' ')).toContain('measured under another protocol')
  })

  it('shows no difference, and no setting, between runs that are the same', async () => {
    const { stdout } = await vasp('compare', '3', '4', '--json')
    const { settings } = comparison.parse(JSON.parse(stdout))
    expect(settings.map(({ key }) => key)).toEqual(['seed'])
    const one = await vasp('compare', '3')
    expect([one.code, one.stderr]).toEqual([2, expect.stringContaining('at least two runs')])
  })
})

describe('a removed run', () => {
  const weights = (): string[] => readdirSync(join(library, 'weights'))

  it('comes back with everything, and is deleted with its weights when the program ends', async () => {
    const first = await startStudio(library)
    const { client } = first.engine
    const { run: removed, job } = await client.runs.train({
      ...{ dataset, model: 'popularity', preset: null, overrides: {}, seed: 9, name: 'to go', members: null },
      ...{ preparation: defaultPreparation, split: defaultSplit, tags: ['kept'] },
    })
    await expect(client.runs.remove({ runs: [removed] })).rejects.toMatchObject({ data: { code: 'CONFLICT' } })
    await resultOf(first.engine, job)
    const before = weights()
    await client.runs.remove({ runs: [removed] })
    const visible = async (): Promise<RunId[]> => (await client.runs.list({ dataset: null })).map(({ id }) => id)
    expect(await visible()).not.toContain(removed)
    expect((await client.runs.removed()).map(({ id, tags }) => [id, tags])).toEqual([[removed, ['kept']]])
    await client.runs.restore({ runs: [removed] })
    expect(await visible()).toContain(removed)
    expect(weights()).toEqual(before)
    await client.runs.remove({ runs: [removed] })
    await first.close()
    expect(weights()).toHaveLength(before.length - 1)
    expect(await ids()).not.toContain(removed)
    expect(existsSync(join(library, 'library.db'))).toBe(true)
  })
})
