import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { experiment, experimentDetail, experimentTable } from '../../src/shared/experiments'
import { importResult } from '../../src/shared/datasets'
import { metricNames } from '../../src/shared/metrics'
import { run, runDetail } from '../../src/shared/runs'
import { writeRatings } from './studio.fixture'
import { ended, outputMatching, newDesk, type Desk } from './vasp.fixture'

const reproduced = z.object({ experiment: experimentDetail, tables: z.array(experimentTable) })
const listed = z.object({ experiments: z.array(experiment) })
const runs = z.object({ runs: z.array(run) })
const protocol = ['--test', '30', '--validation', '20']

let desk: Desk
beforeAll(async () => {
  desk = newDesk()
  writeRatings(join(desk.folder, 'ratings.csv'), 200, 30)
  await desk.json(importResult, 'import', 'ratings.csv', '--name', 'planted')
})
afterAll(() => desk.remove())

describe('vasp reproduce', () => {
  it('trains table I, prints it with its marks, writes it, and uses the runs again', async () => {
    const first = await desk.json(
      reproduced,
      'reproduce',
      '--table',
      '1',
      '--data',
      'planted',
      ...protocol,
      '--out',
      'table.csv',
    )
    expect(first.experiment).toMatchObject({ state: 'finished', total: 3, finished: 3, reused: 0, failed: 0 })
    const [table] = first.tables
    expect(table?.rows.map(({ key }) => key)).toEqual(['nease-mse', 'nease-cosine', 'nease-focal'])
    expect(table?.users).toBe(30)
    for (const metric of metricNames) {
      const cells = table?.rows.map((row) => row.cells[metric]) ?? []
      const means = cells.map((cell) => cell?.mean ?? 0)
      expect(cells.filter((cell) => cell?.best)).toHaveLength(1)
      expect(cells.find((cell) => cell?.best)?.mean).toBe(Math.max(...means))
    }
    // The table has the figures of the run itself.
    for (const { run: id } of first.experiment.runs) {
      const all = (await desk.json(runs, 'runs')).runs
      const own = all.find((one) => one.id === id)
      const row = table?.rows.find(({ runs: ids }) => ids.includes(id ?? own!.id))
      for (const metric of metricNames) {
        expect(row?.cells[metric]?.mean).toBeCloseTo(own?.test?.[metric].mean ?? NaN, 6)
        expect(row?.cells[metric]?.se).toBeCloseTo(own?.test?.[metric].se ?? NaN, 6)
      }
    }
    const written = parse<Record<string, string>>(readFileSync(join(desk.folder, 'table.csv'), 'utf8'), {
      columns: true,
      bom: true,
    })
    expect(written.map((row) => Number(row['ndcg@100']))).toEqual(table?.rows.map((row) => row.cells['ndcg@100']?.mean))

    const again = await desk.vasp('reproduce', '--table', '1', '--data', 'planted', ...protocol)
    expect(again.code).toBe(0)
    expect(again.stdout).toContain('3 of 3 runs, 3 of them reused')
    expect(again.stdout).toMatch(/NEASE \(focal loss\)\s+0\.\d{3} ± 0\.\d{3}/)
    expect((await desk.json(runs, 'runs')).runs).toHaveLength(3)
    expect((await desk.json(listed, 'experiments')).experiments.map(({ state }) => state)).toEqual([
      'finished',
      'finished',
    ])
  })

  it('stops at Ctrl-C and continues where it stopped', async () => {
    const child = desk.start('reproduce', '--table', '1', '--data', 'planted', ...protocol, '--fresh', '--json')
    const end = ended(child)
    await outputMatching(child, 'stderr', /Run 2 of 3/)
    child.kill('SIGINT')
    const { code, stdout } = await end
    expect(code).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'CANCELLED' } })
    const [latest] = (await desk.json(listed, 'experiments')).experiments
    expect(latest).toMatchObject({ state: 'stopped', finished: 1, total: 3, job: null })

    const resumed = await desk.json(reproduced, 'experiments', '--resume', String(latest?.id))
    expect(resumed.experiment).toMatchObject({ id: latest?.id, state: 'finished', finished: 3 })
    const shown = await desk.vasp('experiments', '--show', String(latest?.id), '--out', 'shown.tex')
    expect(shown.stdout).toContain('* best')
    expect(readFileSync(join(desk.folder, 'shown.tex'), 'utf8')).toContain('\\begin{tabular}')
  })

  it('refuses invalid options before anything is trained', async () => {
    const before = (await desk.json(listed, 'experiments')).experiments.length
    const refusals: [string[], RegExp][] = [
      [['reproduce', '--table', '4', '--data', 'planted'], /Allowed choices are 1, 2, 3/],
      [['reproduce', '--table', '1', '--data', 'nowhere'], /no data set "nowhere"/],
      [['reproduce', '--table', '1', '--data', 'planted', '--out', 'table.docx'], /no known file extension/],
      [['reproduce', '--table', '1', '--data', 'planted', '--out', 'table.csv'], /already exists/],
      [['experiments', '--show', '99'], /no experiment 99/],
      [['search', '--data', 'planted', '--model', 'nease'], /nothing to search/],
      [['search', '--data', 'planted', '--model', 'nease', '--grid', 'nonsense=1'], /no setting “nonsense”/],
      [['search', '--data', 'planted', '--model', 'nease', '--random', 'gamma=1'], /low\.\.high/],
    ]
    for (const [args, words] of refusals) {
      const refusal = await desk.failure(...args)
      expect(refusal.exit).toBe(2)
      expect(refusal.message).toMatch(words)
    }
    expect((await desk.json(listed, 'experiments')).experiments).toHaveLength(before)
  })
})

describe('an experiment of which a run failed', () => {
  it('names it with its reason in every output, with exit code 1 where it was trained', async () => {
    // The wide candidate is refused for want of memory.
    const small = newDesk({ VASP_MEMORY: '0.8' }, desk.folder)
    const settings = ['stages=1e-2x1', 'latent=8'].flatMap((set) => ['--set', set])
    const asked = [
      'search',
      '--data',
      'planted',
      '--model',
      'mult-vae',
      ...settings,
      '--grid',
      'hidden=8,65536',
      ...protocol,
    ]
    const { code, stdout, stderr } = await small.vasp(...asked, '--out', 'failed.csv', '--quiet')
    expect(code, stdout + stderr).toBe(1)
    const failed = /hidden.*65536, seed 1, failed: .*memory/
    expect(stdout).toMatch(failed)
    expect(stdout).not.toContain('no results yet')
    expect(stdout).toMatch(/1 of 2 runs, 0 of them reused, 1 failed/)
    expect(stderr).toMatch(failed)
    const rows = parse<Record<string, string>>(readFileSync(join(desk.folder, 'failed.csv'), 'utf8'), {
      columns: true,
      bom: true,
    })
    expect(rows.map((row) => row['failed'])).toEqual(['', expect.stringMatching(/seed 1: .*memory/)])

    const [latest] = (await desk.json(listed, 'experiments')).experiments
    expect(latest).toMatchObject({ state: 'stopped', failed: 1 })
    const { tables } = await desk.json(reproduced, 'experiments', '--show', String(latest?.id))
    expect(tables[0]?.rows[1]).toMatchObject({ missing: 0, failed: [{ seed: 1, error: { code: 'OUT_OF_MEMORY' } }] })
    expect(tables[0]?.notes.join(' ')).toMatch(failed)
    const resumed = await small.vasp('experiments', '--resume', String(latest?.id), '--json')
    expect(resumed.code).toBe(1)
    expect(reproduced.parse(JSON.parse(resumed.stdout)).tables[0]?.notes.join(' ')).toMatch(failed)
  })
})

describe('vasp search', () => {
  it('trains the candidates within the budget and marks the best by validation', async () => {
    const found = await desk.json(
      reproduced,
      'search',
      '--data',
      'planted',
      '--model',
      'nease',
      '--set',
      'stages=1e-2x2',
      '--grid',
      'loss=mse,cosine,focal',
      '--random',
      'batchRows=16..64',
      '--budget',
      '3',
      ...protocol,
    )
    const [table] = found.tables
    expect(table?.heldOut).toBe('validation')
    expect(table?.rows).toHaveLength(3)
    const details = await Promise.all(
      found.experiment.runs.map(({ run: id }) =>
        desk.json(z.object({ runs: z.array(run) }), 'runs').then(({ runs: all }) => all.find((one) => one.id === id)),
      ),
    )
    const validated = details.map((one) => one?.validation?.['ndcg@100'].mean ?? 0)
    const best = table?.rows.findIndex((row) => row.cells['ndcg@100']?.best) ?? -1
    expect(validated[best]).toBe(Math.max(...validated))
    expect(table?.rows[best]?.label).toMatch(/^loss=\w+ batchRows=\d+$/)
    expect(runDetail.shape.config.parse(table?.rows[best]?.overrides)).toMatchObject({ stages: '1e-2x2' })
    const shown = ['experiments', '--show', String(found.experiment.id)]
    expect(await desk.failure(...shown, '--segment', 'tail')).toMatchObject({ code: 'BAD_INPUT', exit: 2 })
  })
})
