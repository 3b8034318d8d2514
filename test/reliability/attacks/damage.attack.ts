import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { openStore } from '../../../src/main/store/open'
import { runId } from '../../../src/shared/ids'
import { counted, Tally, type Attack, type AttackResult, type AttackSetting } from '../attack'
import { runs } from '../base-library'
import type { Finding } from '../library-state'
import { endText, failureOf, Product, writeRatings, type Ended } from '../product'
import {
  copyLibrary,
  damageKinds,
  judgeObservation,
  observeLibrary,
  randomOf,
  weightsDamages,
  type DamageKind,
  type Observation,
} from './damage'

/** Libraries to damage, and what they show while they are intact. */
interface Whole {
  /** Closed: everything is in the database. */
  readonly closed: string
  readonly closedShows: Observation
  /** The state after a killed program: its last change is only in the log. */
  readonly killed: string
  readonly killedShows: Observation
  readonly other: string
  readonly otherShows: Observation
}

const asked = ['recommend', '--run', String(runs.ease), '--user', '5', '--json']

async function makeWhole(product: Product, setting: AttackSetting): Promise<Whole> {
  const { folder } = setting
  const place = (name: string): string => join(folder, name)
  const [closed, killed, other, open] = [place('closed'), place('killed'), place('other'), place('open')]
  copyLibrary((await setting.base()).library, closed)
  const ratings = writeRatings(join(folder, 'other.csv'), 300, 21)
  await product.json(z.unknown(), ['import', ratings, '--name', 'other'], { library: other })
  copyLibrary(closed, open)
  const store = openStore(open)
  // One transaction over many pages, which is all that the log holds.
  const run = runId.parse(runs.ease)
  const [split, { splitSummary }] = [store.runs.split(run), store.runs.get(run)]
  if (!split || !splitSummary) throw new Error('The base library has a run without a split.')
  store.runs.saveSplit(run, split, { ...splitSummary, droppedUsers: splitSummary.droppedUsers + 1 })
  copyLibrary(open, killed)
  store.close()
  const killedShows = observeLibrary(open)
  return {
    ...{ closed, closedShows: observeLibrary(closed) },
    ...{ killed, killedShows },
    ...{ other, otherShows: observeLibrary(other) },
  }
}

const isLogKind = (kind: DamageKind): boolean => kind.name.endsWith('(log)')

/** What the library may show: the stored data, or what the kind allows. */
function truthsOf(kind: DamageKind, whole: Whole): Observation[] {
  const { closedShows, killedShows, otherShows } = whole
  const truths = [isLogKind(kind) ? killedShows : closedShows]
  if (kind.mayShow === 'before the last change') truths.push(closedShows)
  if (kind.mayShow === 'the other library') truths.push(otherShows)
  return truths
}

/** The command line gives the right answer, or one sentence why not. */
function judgeAnswer(answer: Ended, expected: Ended): Finding[] {
  if (answer.code === 0)
    return answer.stdout === expected.stdout
      ? []
      : [{ what: 'other recommendations without a word', detail: answer.stdout.slice(0, 200) }]
  const error = failureOf(answer)
  if (error === null) return [{ what: 'an end without a document', detail: endText(answer) }]
  return error.code === 'INTERNAL' ? [{ what: 'INTERNAL', detail: `${error.message} ${error.next}`.slice(0, 300) }] : []
}

async function damaged(product: Product, setting: AttackSetting, whole: Whole): Promise<AttackResult> {
  const tally = new Tally('databases and their logs')
  // A copy here as below: the settings store what was requested, and they are observed, too.
  const undamaged = join(setting.folder, 'undamaged')
  copyLibrary(whole.closed, undamaged)
  const expected = await product.run(asked, { library: undamaged })
  if (expected.code !== 0) throw new Error(`The base library gives no recommendations: ${endText(expected)}`)
  const rounds = counted(setting.scale, 2, 1)
  // The short form takes every twelfth kind, from another one for each seed.
  const every = counted(setting.scale, 1, 12)
  let refused = 0
  for (let round = 0; round < rounds; round++)
    for (const [at, kind] of damageKinds.entries()) {
      const number = 1 + round * damageKinds.length + at
      if (setting.only === null ? (at + setting.seed) % every !== 0 : setting.only !== number) continue
      const library = join(setting.folder, `damaged-${number}`)
      copyLibrary(isLogKind(kind) ? whole.killed : whole.closed, library)
      const done = kind.damage(library, randomOf(setting.seed, number), whole.other)
      const observed = `${library}-observed`
      copyLibrary(library, observed)
      const answer = await product.run(asked, { library })
      const seen = observeLibrary(observed)
      if (Object.values(seen).some((look) => 'error' in look) || answer.code !== 0) refused++
      const found = [...judgeAnswer(answer, expected), ...judgeObservation(truthsOf(kind, whole), seen)]
      tally.add(
        number,
        found.map(({ what, detail }) => ({ what, detail: `${kind.name}, ${done}: ${detail}` })),
      )
      for (const copy of [library, observed]) rmSync(copy, { recursive: true, force: true })
    }
  return tally.result(`${refused} said that they were damaged, the others gave right numbers`)
}

async function damagedWeights(product: Product, setting: AttackSetting, whole: Whole): Promise<AttackResult> {
  const tally = new Tally('weights')
  const kinds = Object.entries(weightsDamages).slice(0, counted(setting.scale, Infinity, 1))
  for (const [at, [name, damage]] of kinds.entries()) {
    const number = 1001 + at
    if (setting.only !== null && setting.only !== number) continue
    const library = join(setting.folder, `weights-${number}`)
    copyLibrary(whole.closed, library)
    const file = readdirSync(join(library, 'weights')).find((entry) => entry.startsWith(`run-${runs.vasp}-`))
    if (file === undefined) throw new Error('The base library has no weights of its vasp run.')
    damage(join(library, 'weights', file), randomOf(setting.seed, number))
    const vasp = (...args: string[]): Promise<Ended> => product.run(args, { library })
    const answer = await vasp('recommend', '--run', String(runs.vasp), '--user', '5', '--json')
    const error = failureOf(answer)
    const [checked, repaired, after] = [
      await vasp('library', 'check'),
      await vasp('library', 'repair'),
      await vasp('library', 'check'),
    ]
    const others = await vasp(...asked)
    const found: Finding[] = [
      ...(error?.code === 'DAMAGED_FILE'
        ? []
        : [{ what: 'weights that are used all the same', detail: endText(answer) }]),
      ...(checked.code === 0 ? [{ what: 'a check that finds nothing', detail: endText(checked) }] : []),
      ...(repaired.code === 0 && after.code === 0
        ? []
        : [{ what: 'a repair that does not mend', detail: `${endText(repaired)} ${endText(after)}` }]),
      ...(others.code === 0 ? [] : [{ what: 'another run that is lost with it', detail: endText(others) }]),
    ]
    tally.add(
      number,
      found.map(({ what, detail }) => ({ what, detail: `${name}: ${detail}` })),
    )
    rmSync(library, { recursive: true, force: true })
  }
  return tally.result()
}

export const attack: Attack = {
  name: 'damage',
  what: 'to get wrong numbers, or an error that is no sentence, out of a library whose database, log or weights were damaged in one place',
  page: 'RELIABILITY.md',
  async run(setting) {
    const product = new Product(setting.root)
    mkdirSync(setting.folder, { recursive: true })
    const whole = await makeWhole(product, setting)
    const results = [await damaged(product, setting, whole), await damagedWeights(product, setting, whole)]
    return results.filter(({ tried }) => tried > 0)
  },
}
