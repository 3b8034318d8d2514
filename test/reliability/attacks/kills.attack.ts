import { mkdirSync, rmSync, watch } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { seededRandom, type Random } from '../../../src/main/numeric/random'
import { counted, Tally, type Attack, type AttackResult, type AttackSetting } from '../attack'
import { runs } from '../base-library'
import { columnsOf, digestOf, findings, lostRows, type Digest, type Finding } from '../library-state'
import { descendantsOf, endOfGroup, endText, groupOf, kill, killGroup, Product, type Ended } from '../product'
import { checkOfCheck, vaspLibraryCheck } from '../library-check'
import { newBench, operations, type Bench, type Operation } from './kill-operations'

/** What undisturbed work takes and leaves. */
interface Undisturbed {
  readonly bench: Bench
  readonly milliseconds: number
  /** Changes of files that were reported meanwhile. */
  readonly changes: number
  readonly after: Digest
}

/** Milliseconds for a worker to notice that its host is gone. */
const patience = 15_000
/** Every so manieth kill also recommends afterwards. */
const askEvery = 5

const victims = ['host', 'worker', 'group'] as const

/** When to kill: after a time, or at a change of a file of the library, which is where half-done work would show. */
type Moment = { readonly after: number } | { readonly change: number }

const momentText = (moment: Moment): string =>
  'after' in moment ? `${moment.after.toFixed(0)} ms` : `file change ${moment.change}`

/** Counts what changes below a folder, and calls back at the wanted one. */
function watchChanges(folder: string, onChange: (count: number) => void): { readonly count: number; close(): void } {
  let count = 0
  const watcher = watch(folder, { recursive: true }, () => onChange(++count))
  // A folder that is removed while it is watched.
  watcher.on('error', () => undefined)
  return {
    get count() {
      return count
    },
    close: () => watcher.close(),
  }
}

async function undisturbed(operation: Operation, bench: Bench): Promise<Undisturbed> {
  operation.prepare?.(bench, 0)
  const columns = columnsOf(bench.library)
  const changes = watchChanges(bench.library, () => undefined)
  const work = await operation.start(bench)
  const began = performance.now()
  await work.finished
  const milliseconds = performance.now() - began
  changes.close()
  await endOfGroup(work.leader, patience)
  return { bench, milliseconds, changes: changes.count, after: digestOf(bench.library, columns) }
}

function drawMoment(random: Random, { milliseconds, changes }: Undisturbed): Moment {
  if (changes > 0 && random.integer(2) === 0) return { change: 1 + random.integer(changes) }
  return { after: random.uniform() * milliseconds }
}

/** Kills at the moment, or says that the work had ended by then. */
async function killAt(
  moment: Moment,
  victim: (typeof victims)[number],
  operation: Operation,
  bench: Bench,
): Promise<{ leader: number; killed: string | null }> {
  let killed: string | null = null
  let leader = 0
  const strike = (): void => {
    if (killed !== null || leader === 0 || groupOf(leader).length === 0) return
    const workers = victim === 'worker' ? descendantsOf(leader) : []
    if (victim === 'group') killGroup(leader)
    else for (const pid of workers.length > 0 ? workers : [leader]) kill(pid)
    killed = victim === 'worker' && workers.length === 0 ? 'host (no worker then)' : victim
  }
  const changes = watchChanges(bench.library, (count) => {
    if ('change' in moment && count >= moment.change) strike()
  })
  const work = await operation.start(bench)
  leader = work.leader
  if ('after' in moment) {
    await Promise.race([pause(moment.after), work.finished])
    strike()
  }
  await work.finished
  changes.close()
  return { leader, killed }
}

/** What is found after a kill and the next start. */
async function judged(
  operation: Operation,
  bench: Bench,
  whole: Undisturbed,
  before: Digest,
  columns: ReadonlyMap<string, readonly string[]>,
  recommend: { expected: Ended; ask: () => Promise<Ended> } | null,
): Promise<Finding[]> {
  const { product, library } = bench
  const next = await product.run(['runs', '--json'], { library })
  if (next.code !== 0) return [{ what: 'the next start fails', detail: endText(next) }]
  const after = digestOf(library, columns)
  const lost = lostRows(before, after)
  const removed = new Set(lostRows(before, whole.after))
  const halfRemoved =
    operation.removes && lost.length > 0 && lost.length === removed.size && lost.every((row) => removed.has(row))
  const answer = recommend === null || lost.length > 0 ? null : await recommend.ask()
  return [
    ...(lost.length === 0 || halfRemoved ? [] : [{ what: 'lost rows', detail: `${lost.length}, as ${lost[0] ?? ''}` }]),
    ...findings(library),
    ...(operation.judge?.(bench, whole.bench) ?? []),
    ...(await vaspLibraryCheck(product, library)),
    ...(answer === null || answer.stdout === recommend?.expected.stdout
      ? []
      : [{ what: 'other recommendations than before', detail: endText(answer) }]),
  ]
}

async function killsOf(
  operation: Operation,
  setting: AttackSetting,
  first: number,
  count: number,
  product: Product,
  base: string,
): Promise<AttackResult> {
  const tally = new Tally(operation.name)
  const cases = Array.from({ length: count }, (_, i) => first + i).filter(
    (number) => setting.only === null || setting.only === number,
  )
  if (cases.length === 0) return tally.result()
  const wholeFolder = join(setting.folder, `whole-${first}`)
  mkdirSync(wholeFolder)
  const whole = await undisturbed(operation, newBench(product, wholeFolder, base))
  const asked = ['recommend', '--run', String(runs.ease), '--user', '5', '--json']
  const expected = await product.run(asked, { library: base })
  let early = 0
  for (const number of cases) {
    const random = seededRandom(setting.seed).fork(`kill ${number}`)
    const victim = victims[random.integer(victims.length)] ?? 'host'
    const variant = random.integer(1000)
    for (let again = true; again;) {
      const moment = drawMoment(random, whole)
      const folder = join(setting.folder, `kill-${number}`)
      mkdirSync(folder)
      const bench = newBench(product, folder, base)
      operation.prepare?.(bench, variant)
      const columns = columnsOf(bench.library)
      const before = digestOf(bench.library, columns)
      const { leader, killed } = await killAt(moment, victim, operation, bench)
      const left = await endOfGroup(leader, patience)
      again = killed === null && early++ < 5 * count
      if (killed !== null) {
        const ask = (): Promise<Ended> => product.run(asked, { library: bench.library })
        const found = await judged(
          operation,
          bench,
          whole,
          before,
          columns,
          number % askEvery === 0 ? { expected, ask } : null,
        )
        const where = `${killed} at ${momentText(moment)}`
        tally.add(number, [
          ...found.map(({ what, detail }) => ({ what, detail: `${where}: ${detail}` })),
          ...(left > 0 ? [{ what: 'processes that live on', detail: `${where}: ${left}` }] : []),
        ])
      }
      rmSync(folder, { recursive: true, force: true })
    }
  }
  rmSync(wholeFolder, { recursive: true, force: true })
  return tally.result(`undisturbed ${(whole.milliseconds / 1000).toFixed(1)} s`)
}

export const attack: Attack = {
  name: 'kills',
  what: 'to lose work by SIGKILL of the worker, the host or both, at random moments and at changes of files, and looks at the library after the next start',
  page: 'RELIABILITY.md',
  async run(setting) {
    const product = new Product(setting.root)
    const { library } = await setting.base()
    const results: AttackResult[] = setting.only === null ? [await checkOfCheck(product, library)] : []
    let first = 1
    for (const operation of operations) {
      const count = counted(setting.scale, operation.kills, operation.short ? 1 : 0)
      if (operation.name === 'backup' && !(await hasCommand(product, 'library', 'backup'))) {
        const missing = new Tally(operation.name)
        if (setting.only === null)
          missing.add(first, [{ what: 'there is no vasp library backup', detail: 'its help is not known' }])
        results.push(missing.result())
      } else results.push(await killsOf(operation, setting, first, count, product, library))
      setting.say(`${operation.name}: ${results.at(-1)?.held ?? 0} of ${results.at(-1)?.tried ?? 0} held`)
      first += operation.kills
    }
    return results.filter(({ tried, breaches }) => tried > 0 || breaches.length > 0)
  },
}

/** An unknown command is answered by the help of the one above it. */
const hasCommand = async (product: Product, ...command: string[]): Promise<boolean> =>
  (await product.run([...command, '--help'])).stdout.includes(`Usage: vasp ${command.join(' ')}`)
