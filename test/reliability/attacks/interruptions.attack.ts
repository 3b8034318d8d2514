import { cpSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { defaultPreparation, defaultSplit } from '../../../src/shared/runs'
import { seededRandom, type Random } from '../../../src/main/numeric/random'
import { datasetId } from '../../../src/shared/ids'
import type { NewTraining } from '../../../src/shared/runs'
import { counted, Tally, type Attack, type AttackResult, type AttackSetting } from '../attack'
import { startBrowserHost } from '../browser-host'
import { readDatabase, findings, type Finding } from '../library-state'
import { vaspLibraryCheck } from '../library-check'
import { descendantsOf, endOfGroup, endText, groupOf, kill, killGroup, Product } from '../product'
import { weightsHash } from '../stored-weights'
import { waitUntil } from '../waiting'
import { smallDisk } from './full-disk'
import { drawClocks } from './other-worlds'

/** Trainings of a few seconds whose states are kept several times. */
const trainings: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  vasp: { hidden: 96, latent: 32, stages: '1e-3x40,1e-4x20', patience: 12, batchRows: 64 },
  recvae: { hidden: 64, latent: 16, stages: '1e-3x16', batchRows: 64 },
  ease: { lambdas: '50,70,100,140,200,300,400,600,800,1600' },
}
const victims = ['host', 'worker', 'group'] as const
/** Milliseconds for a worker to notice that its host is gone. */
const patience = 15_000

const request = (model: string, seed: number): NewTraining => ({
  ...{ dataset: datasetId.parse(1), model, preset: null, overrides: trainings[model] ?? {}, seed, name: null },
  preparation: defaultPreparation,
  split: defaultSplit,
})
const train = (model: string): string[] => [
  ...['train', '--data', '1', '--model', model, '--seed', '7'],
  ...Object.entries(trainings[model] ?? {}).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
]

/** What an uninterrupted training takes and leaves. */
interface Whole {
  readonly milliseconds: number
  readonly weights: string
  readonly figures: string
}

const newest = (library: string): number =>
  readDatabase(library, (database) => Number(database.prepare('SELECT max(id) FROM run').pluck().get()))

const stateOf = (library: string, run: number): string =>
  readDatabase(library, (database) => String(database.prepare('SELECT state FROM run WHERE id = ?').pluck().get(run)))

/** What a run has found: epochs and figures, without times. */
const figuresOf = (library: string, run: number): string =>
  readDatabase(library, (database) =>
    JSON.stringify([
      database.prepare('SELECT best_epoch FROM run WHERE id = ?').raw().get(run),
      database.prepare('SELECT epoch, label, loss, validation FROM epoch WHERE run = ? ORDER BY epoch').raw().all(run),
      database.prepare('SELECT part, metric, mean, se, users FROM metric WHERE run = ? ORDER BY 1, 2').raw().all(run),
    ]),
  )

/** A finished run must be what the uninterrupted one is. */
function compared(library: string, run: number, whole: Whole): Finding[] {
  const state = stateOf(library, run)
  if (state !== 'finished') return [{ what: 'a run that does not go on to its end', detail: state }]
  return [
    ...(weightsHash(library, run) === whole.weights
      ? []
      : [{ what: 'other weights than without the interruption', detail: '' }]),
    ...differing(figuresOf(library, run), whole.figures),
  ]
}

/** The first place at which two texts of figures differ. */
function differing(found: string, whole: string): Finding[] {
  if (found === whole) return []
  const at = Array.from({ length: found.length }).findIndex((_, index) => found[index] !== whole[index])
  const around = (text: string): string => text.slice(Math.max(0, at - 60), at + 60)
  return [
    {
      what: 'other figures than without the interruption',
      detail: `…${around(found)}… instead of …${around(whole)}…`,
    },
  ]
}

/** When to kill: after a time, or while the n-th file of a state is being written. */
type Moment = { readonly after: number } | { readonly state: number; readonly delay: number }

const momentText = (moment: Moment): string =>
  'after' in moment ? `${moment.after.toFixed(0)} ms` : `state ${moment.state} + ${moment.delay} ms`

/** How a kill met a training: before its run was stored, in time, or after it had ended. */
type Meeting = 'too early' | 'in time' | 'too late'

/** Kills a training at a moment. */
async function interrupted(
  product: Product,
  library: string,
  model: string,
  moment: Moment,
  victim: (typeof victims)[number],
): Promise<Meeting> {
  const before = newest(library)
  const { pid, ended } = product.start(train(model), { library })
  const kills = { struck: false }
  const strike = (): void => {
    if (kills.struck || groupOf(pid).length === 0) return
    kills.struck = true
    const workers = victim === 'worker' ? descendantsOf(pid) : []
    if (victim === 'group') killGroup(pid)
    else for (const one of workers.length > 0 ? workers : [pid]) kill(one)
  }
  const begun = new Set<string>()
  const watcher = watch(join(library, 'weights'), (_, name) => {
    if (!('state' in moment) || name === null || !/state-.*tmp$/.test(name)) return
    begun.add(name)
    if (begun.size === moment.state) setTimeout(strike, moment.delay)
  })
  watcher.on('error', () => undefined)
  if ('after' in moment) {
    await Promise.race([pause(moment.after), ended])
    strike()
  }
  await ended
  watcher.close()
  await endOfGroup(pid, patience)
  if (!kills.struck) return 'too late'
  return newest(library) === before ? 'too early' : 'in time'
}

/** Goes on with the newest run, if it has not finished, and compares it. */
async function goneOn(product: Product, library: string, whole: Whole): Promise<Finding[]> {
  const run = newest(library)
  if (stateOf(library, run) !== 'finished') {
    const resumed = await product.run(['resume', String(run), '--json'], { library })
    if (resumed.code !== 0) return [{ what: 'a run that cannot go on', detail: endText(resumed) }]
  }
  return [...compared(library, run, whole), ...(await leftWhole(product, library))]
}

/** What is wrong with a library after a kill, whatever it met. */
const leftWhole = async (product: Product, library: string): Promise<Finding[]> => [
  ...findings(library),
  ...(await vaspLibraryCheck(product, library)),
]

const drawMoment = (random: Random, whole: Whole, writing: boolean): Moment =>
  writing
    ? { state: 1 + random.integer(3), delay: random.integer(12) }
    : { after: (0.2 + 0.8 * random.uniform()) * whole.milliseconds }

const attempts = 8
/**
 * The moment of another try after one that met no training: earlier or later, between those that are known to be too early and too late.
 */
function another(moment: Moment, met: Meeting, known: { early: number; late: number }): Moment {
  if (!('after' in moment)) return { ...moment, state: Math.max(1, moment.state - 1) }
  const { after } = moment
  if (met === 'too early') known.early = Math.max(known.early, after)
  else known.late = Math.min(known.late, after)
  if (known.early > 0 && known.late < Infinity) return { after: (known.early + known.late) / 2 }
  return { after: met === 'too early' ? 1.4 * after : 0.7 * after }
}

/** Copies the base library for each case, so that they do not depend on each other. */
async function inCopy<T>(base: string, folder: string, work: (library: string) => Promise<T>): Promise<T> {
  const library = join(folder, 'library')
  cpSync(base, library, { recursive: true })
  try {
    return await work(library)
  } finally {
    rmSync(library, { recursive: true, force: true })
  }
}

/** Flips one bit in the middle of a run's newest state. */
function flipBit(library: string, random: Random): boolean {
  const path = readDatabase(library, (database) =>
    database.prepare<[], string>('SELECT path FROM run_state ORDER BY id DESC LIMIT 1').pluck().get(),
  )
  if (path === undefined) return false
  const file = readFileSync(join(library, path))
  const at = random.integer(file.length)
  file[at] = (file[at] ?? 0) ^ (1 << random.integer(8))
  writeFileSync(join(library, path), file)
  return true
}

interface Cases {
  readonly setting: AttackSetting
  readonly product: Product
  readonly base: string
  readonly wholes: ReadonlyMap<string, Whole>
}

/**
 * Kills trainings, each in a copy of the base library, until one was killed in time: one that had ended before, or not begun, shows nothing of going on,
 * so another one is killed at another moment. False if none was.
 *
 * @param after what is done with each library after the kill
 */
async function killInTime(
  { setting, product, base }: Cases,
  model: string,
  first: Moment,
  victim: (typeof victims)[number],
  after: (library: string, met: Meeting, where: string) => Promise<void>,
): Promise<boolean> {
  let moment = first
  const known = { early: 0, late: Infinity }
  for (let attempt = 0; attempt < attempts; attempt++) {
    const met = await inCopy(base, setting.folder, async (library) => {
      const meeting = await interrupted(product, library, model, moment, victim)
      await after(library, meeting, `${model}, ${victim} at ${momentText(moment)}: `)
      return meeting
    })
    if (met === 'in time') return true
    moment = another(moment, met, known)
  }
  return false
}

const notStruck: Finding = { what: 'no training that was killed in time', detail: `${attempts} attempts` }

async function killedTrainings(cases: Cases): Promise<AttackResult> {
  const { setting, product, wholes } = cases
  const tally = new Tally('a training, killed')
  const models = Object.keys(trainings)
  const [kills, whileWriting] = [counted(setting.scale, 40, 3), counted(setting.scale, 15, 1)]
  let struck = 0
  for (let number = 1; number <= kills; number++) {
    if (setting.only !== null && setting.only !== number) continue
    const random = seededRandom(setting.seed).fork(`interruption ${number}`)
    const writing = number <= whileWriting
    // Models in closed form keep no states: their candidates are stored.
    const model = models[writing ? number % 2 : number % models.length] ?? 'vasp'
    const victim = victims[random.integer(victims.length)] ?? 'host'
    const whole = wholes.get(model)
    if (!whole) continue
    const found: Finding[] = []
    const drawn = drawMoment(random, whole, writing)
    const inTime = await killInTime(cases, model, drawn, victim, async (library, met, where) => {
      const after = met === 'too early' ? await leftWhole(product, library) : await goneOn(product, library, whole)
      for (const { what, detail } of after) found.push({ what, detail: where + detail })
    })
    if (inTime) struck++
    tally.add(number, found)
  }
  return tally.result(
    `${struck} of ${models.join(', ')} killed before they ended, ${Math.min(whileWriting, kills)} of them at the writing of a state`,
  )
}

async function damagedStates(cases: Cases): Promise<AttackResult> {
  const { setting, product, wholes } = cases
  const tally = new Tally('a bit of its state, flipped')
  const whole = wholes.get('vasp')
  for (let number = 101; whole && number < 101 + counted(setting.scale, 5, 1); number++) {
    if (setting.only !== null && setting.only !== number) continue
    const random = seededRandom(setting.seed).fork(`flip ${number}`)
    const found: Finding[] = []
    const inTime = await killInTime(cases, 'vasp', { state: 3, delay: 50 }, 'group', async (library, met) => {
      if (met !== 'in time') return
      const flipped = flipBit(library, random)
      found.push(...(await goneOn(product, library, whole)))
      if (!flipped) found.push({ what: 'no state was kept', detail: '' })
    })
    tally.add(number, inTime ? found : [notStruck])
  }
  return tally.result()
}

/** A clock that differs after the interruption, and a database that another program locks meanwhile. */
async function jumpingClocks(cases: Cases): Promise<AttackResult> {
  const { setting, wholes } = cases
  const tally = new Tally('resumed under another clock, the database locked for 3 s')
  const whole = wholes.get('vasp')
  for (let number = 201; whole && number < 201 + counted(setting.scale, 5, 1); number++) {
    if (setting.only !== null && setting.only !== number) continue
    const random = seededRandom(setting.seed).fork(`clock ${number}`)
    const found: Finding[] = []
    const inTime = await killInTime(
      cases,
      'vasp',
      { after: 0.6 * whole.milliseconds },
      'host',
      async (library, met) => {
        if (met === 'in time') found.push(...(await resumedUnderAnotherClock(cases, library, whole, random)))
      },
    )
    tally.add(number, inTime ? found : [notStruck])
  }
  return tally.result()
}

async function resumedUnderAnotherClock(
  { setting, product }: Cases,
  library: string,
  whole: Whole,
  random: Random,
): Promise<Finding[]> {
  const run = newest(library)
  const world = drawClocks(random)
  const resumed = product.start(['resume', String(run), '--json'], { library, ...world.options(setting.root) })
  const { openDatabase } = await import('../../../src/main/store/connection')
  await pause(1500)
  const database = openDatabase(join(library, 'library.db'))
  database.exec('BEGIN IMMEDIATE')
  await pause(3000)
  database.exec('ROLLBACK')
  database.close()
  const ended = await resumed.ended
  const failed =
    ended.code === 0 ? [] : [{ what: 'a run that cannot go on', detail: `${world.name}: ${endText(ended)}` }]
  return [...failed, ...compared(library, run, whole), ...findings(library)]
}

/** Epochs that a run has stored. */
const epochsOf = (library: string, run: number): number =>
  readDatabase(library, (database) =>
    Number(database.prepare('SELECT count(*) FROM epoch WHERE run = ?').pluck().get(run)),
  )

/** Megabytes of a small disk: the library, and the weights and states of a training. */
const megabytes = 220

/** A disk that has no byte left in the middle of a training, and room again once the training waits. */
async function fullDisks({ setting, product, base, wholes }: Cases): Promise<AttackResult> {
  const tally = new Tally('its disk full for a while')
  const whole = wholes.get('vasp')
  let waited = 0
  for (let number = 401; whole && number < 401 + counted(setting.scale, 5, 1); number++) {
    if (setting.only !== null && setting.only !== number) continue
    const random = seededRandom(setting.seed).fork(`full disk ${number}`)
    const disk = smallDisk(join(setting.folder, `disk-${number}`), base, megabytes)
    try {
      const run = newest(disk.library) + 1
      const epochs = 1 + random.integer(12)
      const training = product.start(train('vasp'), { library: disk.library })
      await waitUntil(() => epochsOf(disk.library, run) >= epochs, patience * 4)
      disk.useUpReserve()
      disk.fill()
      const waits = await waitUntil(() => training.said().stderr.includes('The disk is full'), patience)
      disk.clear()
      const ended = await training.ended
      if (waits) waited++
      tally.add(number, [
        ...(waits ? [] : [{ what: 'a training that does not say that its disk is full', detail: endText(ended) }]),
        ...compared(disk.library, run, whole),
        ...(await leftWhole(product, disk.library)),
      ])
    } finally {
      disk.remove()
    }
  }
  return tally.result(`${waited} waited until there was room`)
}

/** Five jobs in a queue, whose host is killed and started again until they are done. */
async function killedQueues({ setting, product, base, wholes }: Cases): Promise<AttackResult> {
  const tally = new Tally('the host of a queue of five jobs, killed')
  const order = ['vasp', 'ease', 'recvae', 'vasp', 'ease']
  const kills = counted(setting.scale, 20, 2)
  const each = 4
  let struck = 0
  for (let number = 301; number <= 300 + Math.ceil(kills / each); number++) {
    if (setting.only !== null && setting.only !== number) continue
    const random = seededRandom(setting.seed).fork(`queue ${number}`)
    await inCopy(base, setting.folder, async (library) => {
      const first = newest(library) + 1
      const runs = order.map((_, index) => first + index)
      const finished = (): number => runs.filter((run) => stateOf(library, run) === 'finished').length
      for (let start = 0; start <= each; start++) {
        const host = await startBrowserHost(product, { library })
        const page = await host.connect()
        if (start === 0) for (const model of order) await page.client.runs.train(request(model, 7))
        else await page.client.jobs.goOn({ jobs: null })
        page.close()
        const last = start === each || struck >= kills
        if (last) await waitUntil(() => finished() === order.length, 240_000)
        else await pause(500 + random.uniform() * 4000)
        if (!last && finished() < order.length) struck++
        if (last) await host.stop()
        else kill(host.pid)
        await endOfGroup(host.pid, patience)
        if (last) break
      }
      const found = runs.flatMap((run, index) => {
        const whole = wholes.get(order[index] ?? '')
        return whole
          ? compared(library, run, whole).map(({ what, detail }) => ({ what, detail: `run ${run}: ${detail}` }))
          : []
      })
      const twice = readDatabase(library, (database) =>
        database.prepare('SELECT count(*) FROM run WHERE id > ?').pluck().get(runs.at(-1)),
      )
      tally.add(number, [
        ...found,
        ...(Number(twice) === 0
          ? []
          : [{ what: 'a job that was run twice', detail: `${String(twice)} runs more than were asked for` }]),
        ...findings(library),
        ...(await vaspLibraryCheck(product, library)),
      ])
    })
  }
  return tally.result(`${struck} kills`)
}

async function undisturbed(product: Product, base: string, folder: string, model: string): Promise<Whole> {
  return inCopy(base, folder, async (library) => {
    const began = performance.now()
    const ended = await product.run(train(model), { library })
    if (ended.code !== 0) throw new Error(`The undisturbed training failed: ${endText(ended)}`)
    const run = newest(library)
    return {
      milliseconds: performance.now() - began,
      weights: weightsHash(library, run),
      figures: figuresOf(library, run),
    }
  })
}

export const attack: Attack = {
  name: 'interruptions',
  what: 'to make a training end differently by interrupting it: kills at random moments and while its state is written, flipped bits in the state, other clocks, a locked database, a full disk, and a host that is killed with a queue of jobs',
  page: 'RELIABILITY.md',
  async run(setting): Promise<AttackResult[]> {
    const product = new Product(setting.root)
    const base = (await setting.base()).library
    const wholes = new Map<string, Whole>()
    for (const model of Object.keys(trainings))
      wholes.set(model, await undisturbed(product, base, setting.folder, model))
    const cases: Cases = { setting, product, base, wholes }
    const results: AttackResult[] = []
    for (const part of [killedTrainings, damagedStates, jumpingClocks, fullDisks, killedQueues]) {
      const result = await part(cases)
      results.push(result)
      setting.say(`${result.part}: ${result.held} of ${result.tried} held`)
    }
    return results.filter(({ tried, breaches }) => tried > 0 || breaches.length > 0)
  },
}
