import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fieldsOf, models } from '../../src/main/models/registry'
import { importResult } from '../../src/shared/datasets'
import { explanations, recommendedItem } from '../../src/shared/explore'
import type { ModelKind } from '../../src/shared/models'
import { evaluateResult, trainResult, type TrainResult } from '../../src/shared/runs'
import { doctorReport, type DoctorCheck, type DoctorReport } from '../../src/shared/system'
import { expectClose } from '../fixtures/closeness'
import { appRoot } from './studio.fixture'
import { ended, newDesk, type Desk } from './vasp.fixture'

/** The command line and its workers on a machine that has no native TensorFlow: the cache of what set-up makes is empty. */

/** So small and short that a training takes a second or two. */
const small: Readonly<Record<string, string>> = {
  stages: '1e-2x2',
  hidden: '8',
  latent: '4',
  lambdas: '10',
  encoderDepth: '2',
  decoderDepth: '2',
}
const settingsOf = (kind: ModelKind): string[] => {
  const entry = models.find((candidate) => candidate.kind === kind)
  const keys = fieldsOf(entry?.settings ?? z.object({})).map(({ key }) => key)
  return Object.entries(small).flatMap(([key, value]) => (keys.includes(key) ? ['--set', `${key}=${value}`] : []))
}
const train = (desk: Desk, kind: ModelKind): Promise<TrainResult> => {
  const split = ['--test', '10', '--validation', '10', '--seed', '1']
  return desk.json(trainResult, 'train', '--data', 'planted', '--model', kind, ...settingsOf(kind), ...split)
}

const scored = recommendedItem.pick({ id: true, score: true })
const lists = z.object({ users: z.array(z.object({ user: z.string(), items: z.array(scored) })) })
const checkOf = ({ checks }: DoctorReport, name: DoctorCheck['name']): DoctorCheck | undefined =>
  checks.find((check) => check.name === name)

const cacheOf = (folder: string): string => join(folder, 'cache')

/** A desk with a data set, and with nothing set up. */
async function newMachine(env: Readonly<Record<string, string>>): Promise<Desk> {
  const { folder } = newDesk()
  const desk = newDesk({ ...env, VASP_CACHE: cacheOf(folder) }, folder)
  // User u has 12 of the 25 items of block u mod 4.
  const rows = Array.from({ length: 80 * 12 }, (_, row) => {
    const [user, n] = [Math.floor(row / 12), row % 12]
    return `${user},${(user % 4) * 25 + ((user * 7 + n * 2) % 25)},5,${n}\n`
  })
  writeFileSync(join(folder, 'ratings.csv'), `userId,movieId,rating,timestamp\n${rows.join('')}`)
  await desk.json(importResult, 'import', 'ratings.csv', '--name', 'planted')
  return desk
}

/** Everything that is done with a run. */
async function exploreAndExport(desk: Desk, { run, test }: TrainResult): Promise<void> {
  const id = String(run)
  const again = await desk.json(evaluateResult, 'evaluate', '--run', id)
  expect(again.metrics).toEqual(test)
  const { users } = await desk.json(lists, 'recommend', '--run', id, '--all', '--k', '5')
  expect(users).toHaveLength(80)
  const { explanations: why } = await desk.json(explanations, 'explain', '--run', id, '--user', '7')
  expect(why).toHaveLength(10)
  for (const { factors, logScore } of why)
    expect(factors.reduce((sum, { log }) => sum + log, 0)).toBeCloseTo(logScore ?? NaN, 4)
  await desk.json(z.looseObject({}), 'export', '--run', id, '--all', '--k', '5', '--out', 'lists.csv')
  expect(readFileSync(join(desk.folder, 'lists.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(1 + 80 * 5)
  const shape = ['--items', '20', '--perplexity', '5', '--iterations', '50']
  await desk.json(z.looseObject({}), 'map', '--run', id, ...shape, '--out', 'map.csv')
  const [, ...places] = readFileSync(join(desk.folder, 'map.csv'), 'utf8').trimEnd().split('\n')
  expect(new Set(places).size).toBeGreaterThanOrEqual(20)
  expect(places.join()).not.toMatch(/NaN|Infinity/)
}

describe.each(['wasm', 'cpu'] as const)('with VASP_BACKEND=%s', (backend) => {
  let desk: Desk
  const runs = new Map<ModelKind, TrainResult>()
  beforeAll(async () => {
    desk = await newMachine({ VASP_BACKEND: backend })
  })
  afterAll(() => desk.remove())

  it.each(models.map(({ kind }) => kind))('trains %s', async (kind) => {
    const trained = await train(desk, kind)
    expect(trained.status).toBe('finished')
    expect(trained.test['ndcg@100'].mean).toBeGreaterThanOrEqual(0)
    expect(trained.test['ndcg@100'].users).toBeGreaterThan(5)
    runs.set(kind, trained)
  })

  it('evaluates, recommends, explains, exports and maps', async () => {
    await exploreAndExport(desk, runs.get('vasp')!)
  })

  it.each(['nease', 'vasp'] as const)('scores items with %s as native TensorFlow does', async (kind) => {
    const scoresBy = async (other: Desk): Promise<Map<string, number>> => {
      const { users } = await other.json(lists, 'recommend', '--run', String(runs.get(kind)?.run), '--all')
      return new Map(users.flatMap(({ user, items }) => items.map(({ id, score }) => [`${user} ${id}`, score])))
    }
    const own = await scoresBy(desk)
    const native = await scoresBy(newDesk({ VASP_BACKEND: 'tensorflow' }, desk.folder))
    // Rounding may break ties at a list's end: items of both lists are compared.
    const both = [...own.keys()].filter((key) => native.has(key))
    expect(both.length).toBeGreaterThan(0.95 * own.size)
    const values = (scores: Map<string, number>): number[] => both.map((key) => scores.get(key) ?? NaN)
    expectClose(values(own), values(native), { relative: 1e-4, absolute: 1e-6 }, 'scores')
  })
})

describe('on a machine without Python or a compiler', () => {
  it('falls back by itself, and the doctor’s words are true', async () => {
    const noPrograms = { PATH: import.meta.dirname, VASP_BACKEND: '' }
    const desk = await newMachine(noPrograms)
    try {
      // By the script that sets up what it can before it starts the command line.
      const script = [join(appRoot, 'scripts/vasp.mjs'), 'train', '--data', 'planted', '--model', 'vasp', '--json']
      const { code, stdout, stderr } = await ended(
        spawn(process.execPath, [...script, ...settingsOf('vasp'), '--test', '10', '--validation', '10'], {
          cwd: desk.folder,
          env: { ...process.env, ...noPrograms, VASP_CACHE: cacheOf(desk.folder), VASP_LIBRARY: desk.library },
        }),
      )
      expect(code, stderr + stdout).toBe(0)
      expect(stderr).toContain('The application works without it, only slower.')
      await exploreAndExport(desk, trainResult.parse(JSON.parse(stdout)))

      const report = await desk.json(doctorReport, 'doctor')
      const reason = expect.stringContaining('Python 3 with pip was not found') as string
      expect(checkOf(report, 'backend')).toMatchObject({ ok: false, value: 'WebAssembly', reason })
      expect(checkOf(report, 'backend')?.reason).toMatch(/^Training works, but is slow: /)
      expect(checkOf(report, 'tensorflow')).toMatchObject({ ok: false, value: 'not available', reason })
      expect(report.backends.map(({ name, available, inUse }) => [name, available, inUse])).toEqual([
        ['tensorflow', false, false],
        ['wasm', true, true],
        ['cpu', true, false],
      ])
      expect(existsSync(join(cacheOf(desk.folder), 'tensorflow/last-setup.json'))).toBe(true)
    } finally {
      desk.remove()
    }
  })

  it('says that VASP_BACKEND chose the fallback although native TensorFlow is available', async () => {
    const desk = newDesk({ VASP_BACKEND: 'cpu' })
    const report = await desk.json(doctorReport, 'doctor')
    expect(checkOf(report, 'backend')).toEqual({
      name: 'backend',
      title: 'Backend',
      ok: false,
      value: 'Plain JavaScript',
      reason: 'Training works, but is slow: native TensorFlow is not used. VASP_BACKEND chooses another backend.',
      fix: 'Remove VASP_BACKEND from the environment.',
    })
    desk.remove()
  })
})
