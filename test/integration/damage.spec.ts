import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/main/store/open'
import { checkLibrary } from '../../src/main/store/maintenance/check'
import { importResult } from '../../src/shared/datasets'
import { defaultMapSettings } from '../../src/shared/maps'
import { defaultPreparation } from '../../src/shared/runs'
import {
  copyLibrary,
  damageKinds,
  judgeObservation,
  observeLibrary,
  type Observation,
  randomOf,
  weightsDamages,
} from '../reliability/attacks/damage'
import { newDesk } from './vasp.fixture'
import { newLibrary, ratingsMapping, resultOf, startStudio, startTraining, writeRatings } from './studio.fixture'

/** `npm run reliability` tries every kind many times; here each is tried with these. */
const seeds = [1, 2, 3, 4, 5, 6]

let folder: string
/** The state after a killed program: its last change is only in the log. */
let hot: string
/** Closed, so that everything is in the database. */
let cold: string
let other: string
let before: Observation
let truth: Observation
let coldTruth: Observation
let otherTruth: Observation

async function makeLibrary(perUser: number): Promise<string> {
  const library = newLibrary()
  const studio = await startStudio(library)
  const file = join(library, 'ratings.csv')
  writeRatings(file, 300, perUser)
  const { client } = studio.engine
  const { job } = await client.datasets.import({
    name: 'planted',
    ratings: [studio.engine.registerFile(file)],
    items: null,
    mapping: ratingsMapping,
    itemMapping: null,
  })
  const { dataset } = importResult.parse(await resultOf(studio.engine, job))
  await resultOf(studio.engine, (await startTraining(studio.engine, dataset, 'popularity', {})).job)
  const { run, job: training } = await startTraining(studio.engine, dataset, 'nease', { stages: '1e-3x2' })
  await resultOf(studio.engine, training)
  await resultOf(
    studio.engine,
    (await client.maps.create({ run, settings: { ...defaultMapSettings, items: 40, iterations: 100 } })).job,
  )
  await client.preparations.save({ name: 'liked', preparation: defaultPreparation })
  await studio.close()
  return library
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vasp-damage-'))
  cold = await makeLibrary(20)
  other = await makeLibrary(21)
  before = observeLibrary(cold)
  otherTruth = observeLibrary(other)
  hot = join(folder, 'hot')
  copyLibrary(cold, hot)
  const store = openStore(hot)
  const [run] = store.runs.list(null)
  if (!run) throw new Error('The library has no run.')
  // One transaction over many pages, which is all that the log holds.
  const split = store.runs.split(run.id)
  const { splitSummary } = store.runs.get(run.id)
  if (!split || !splitSummary) throw new Error('The run has no split.')
  store.runs.saveSplit(run.id, split, { ...splitSummary, droppedUsers: splitSummary.droppedUsers + 1 })
  copyLibrary(hot, join(folder, 'killed'))
  store.close()
  truth = observeLibrary(hot)
  coldTruth = before
})
afterAll(() => {
  for (const made of [folder, cold, other]) rmSync(made, { recursive: true, force: true })
})

const damagedCopy = (from: string): string => {
  const copy = mkdtempSync(join(folder, 'case-'))
  copyLibrary(from, copy)
  return copy
}

describe('a damaged library', () => {
  it('was whole before', () => {
    expect(Object.values(truth).filter((look) => 'error' in look)).toEqual([])
    expect(truth).not.toEqual(before)
    expect(damageKinds.length).toBeGreaterThanOrEqual(48)
    const killed = damagedCopy(join(folder, 'killed'))
    expect(judgeObservation([truth], observeLibrary(killed))).toEqual([])
  })

  for (const [number, kind] of damageKinds.entries())
    it(`shows what was stored or says what is wrong: ${kind.name}`, async () => {
      const found: string[] = []
      for (const seed of seeds) {
        const inLog = kind.name.endsWith('(log)')
        const library = damagedCopy(inLog ? join(folder, 'killed') : cold)
        const done = kind.damage(library, randomOf(seed, number), other)
        const truths = inLog ? [truth] : [coldTruth]
        if (kind.mayShow === 'before the last change') truths.push(before)
        if (kind.mayShow === 'the other library') truths.push(otherTruth)
        const seen = observeLibrary(library)
        for (const { what, detail } of judgeObservation(truths, seen))
          found.push(`seed ${seed}, ${done}: ${what}: ${detail}`)
        const unlike = Object.keys(seen).some(
          (name) => JSON.stringify(seen[name]) !== JSON.stringify(truths[0]?.[name]),
        )
        // A check finds damage that is not visible on the pages, and visible damage, too.
        const { findings } = await checkLibrary(library, {
          progress: () => undefined,
          signal: new AbortController().signal,
        })
        if (unlike && findings.length === 0 && kind.mayShow === 'the truth')
          found.push(`seed ${seed}, ${done}: the check finds nothing`)
        rmSync(library, { recursive: true, force: true })
      }
      expect(found.join('\n')).toBe('')
    })
})

describe('damaged weights', () => {
  for (const [name, damage] of Object.entries(weightsDamages))
    it(`are named with their run: ${name}`, async () => {
      const desk = newDesk()
      copyLibrary(cold, desk.library)
      const [file] = readdirSync(join(desk.library, 'weights')).filter((entry) => entry.startsWith('run-2-'))
      damage(join(desk.library, 'weights', file ?? ''), randomOf(1, 0))
      const failure = await desk.failure('recommend', '--run', '2', '--user', '1')
      expect(failure).toMatchObject({ code: 'DAMAGED_FILE', message: expect.stringContaining('run-2-') as string })
      const checked = await desk.vasp('library', 'check', '--json')
      expect(checked.code).toBe(1)
      expect(checked.stdout).toContain('The weights of run 2')
      const repaired = await desk.vasp('library', 'repair', '--json')
      expect(repaired.code).toBe(0)
      expect((await desk.vasp('library', 'check')).code).toBe(0)
      const after = await desk.failure('recommend', '--run', '2', '--user', '1')
      expect(after.message).toMatch(/no trained weights/)
      expect((await desk.vasp('recommend', '--run', '1', '--user', '1')).code).toBe(0)
      expect(existsSync(join(desk.library, 'set-aside'))).toBe(true)
      desk.remove()
    })
})
