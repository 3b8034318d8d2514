import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seededRandom, type Random } from '../../../src/main/numeric/random'
import { counted, Tally, type Attack, type AttackResult, type AttackSetting } from '../attack'
import { datasetName, runs, tinyVasp } from '../base-library'
import { vaspLibraryCheck } from '../library-check'
import { columnsOf, digestOf, findings, lostRows, type Finding } from '../library-state'
import { endText, failureOf, Product, writeRatings, type Ended } from '../product'
import { pause } from '../waiting'
import { smallDisk, type SmallDisk } from './full-disk'

/** How the disk is when the command meets it. */
type Moment =
  | { readonly kind: 'nothing free' }
  | { readonly kind: 'nothing free, reserve used up' }
  /** So many bytes can still be written. */
  | { readonly kind: 'left'; readonly bytes: number }
  /** Another program fills it so long after the start. */
  | { readonly kind: 'filled'; readonly after: number }

interface Work {
  readonly name: string
  /** Moments of the full count; 31 in all. */
  readonly moments: number
  /** Moments of the short form. */
  readonly short: number
  args(place: { readonly folder: string; readonly ratings: string }): string[]
  /** The first moments; further ones are drawn. */
  readonly fixed?: readonly Moment[]
  /** The most that the command may find free, so that it is likely to need more. */
  readonly mostLeft: number
  /** Milliseconds in which the disk may become full. */
  readonly within: number
  /** Has to be done even at 0 free bytes, unless the reserve is used up as well. */
  readonly always?: true
  /** Takes rows of the base library away. */
  readonly removes?: true
}

const nothing: Moment = { kind: 'nothing free' }
const neither: Moment = { kind: 'nothing free, reserve used up' }
const mebibyte = 2 ** 20
const megabytes = 220

const works: readonly Work[] = [
  {
    name: 'open and list',
    moments: 4,
    short: 1,
    args: () => ['runs'],
    fixed: [nothing, neither, nothing, neither],
    mostLeft: 0,
    within: 0,
    always: true,
  },
  {
    name: 'delete a run',
    moments: 4,
    short: 1,
    args: () => ['delete', 'run', String(runs.vasp), '--yes'],
    fixed: [nothing, neither, nothing],
    mostLeft: 64 * 1024,
    within: 600,
    always: true,
    removes: true,
  },
  {
    name: 'delete a data set',
    moments: 4,
    short: 0,
    args: () => ['delete', 'dataset', datasetName, '--yes'],
    fixed: [nothing, neither, nothing],
    mostLeft: 64 * 1024,
    within: 600,
    always: true,
    removes: true,
  },
  {
    name: 'import',
    moments: 7,
    short: 1,
    args: ({ ratings }) => ['import', ratings, '--name', 'new'],
    fixed: [neither],
    mostLeft: 2 * mebibyte,
    within: 2500,
  },
  {
    name: 'train',
    moments: 6,
    short: 1,
    args: () => ['train', '--data', datasetName, ...tinyVasp],
    fixed: [neither],
    mostLeft: 2 * mebibyte,
    within: 4000,
  },
  {
    name: 'export',
    moments: 3,
    short: 0,
    args: ({ folder }) => [
      'export',
      '--run',
      String(runs.ease),
      '--all',
      '--k',
      '100',
      '--out',
      join(folder, 'lists.csv'),
    ],
    fixed: [nothing],
    mostLeft: 256 * 1024,
    within: 2500,
  },
  {
    name: 'back up',
    moments: 3,
    short: 0,
    args: () => ['library', 'backup'],
    fixed: [nothing],
    mostLeft: mebibyte,
    within: 800,
  },
]

const momentText = (moment: Moment): string => {
  switch (moment.kind) {
    case 'left':
      return `${moment.bytes} bytes free`
    case 'filled':
      return `filled after ${moment.after.toFixed(0)} ms`
    default:
      return moment.kind
  }
}

function momentOf(work: Work, at: number, random: Random): Moment {
  const fixed = work.fixed?.[at]
  if (fixed) return fixed
  return random.integer(2) === 0
    ? { kind: 'left', bytes: random.integer(work.mostLeft) }
    : { kind: 'filled', after: random.uniform() * work.within }
}

/** Fills the disk as the moment says, and runs the command. */
async function runAt(moment: Moment, disk: SmallDisk, start: () => Promise<Ended>): Promise<Ended> {
  if (moment.kind === 'filled') {
    const running = start()
    await pause(moment.after)
    disk.fill()
    return running
  }
  const ballast = join(disk.folder, 'ballast')
  if (moment.kind === 'nothing free, reserve used up') disk.useUpReserve()
  if (moment.kind === 'left') writeFileSync(ballast, Buffer.alloc(moment.bytes, 1))
  disk.fill()
  rmSync(ballast, { force: true })
  return start()
}

/** Done, or refused for the disk in words for people. */
function judgeEnd(work: Work, moment: Moment, ended: Ended): Finding[] {
  if (ended.code === 0) return []
  const error = failureOf(ended)
  if (error === null) return [{ what: 'an end without a document', detail: endText(ended) }]
  const told = `${error.code} ${error.message} ${error.next}`.slice(0, 300)
  if (error.code !== 'DISK_FULL') return [{ what: 'a full disk that is not named', detail: told }]
  const must = work.always && (moment.kind !== 'nothing free, reserve used up' || !work.removes)
  return must ? [{ what: 'a refusal of what has to work', detail: told }] : []
}

async function met(
  work: Work,
  setting: AttackSetting,
  product: Product,
  base: string,
  first: number,
): Promise<AttackResult> {
  const tally = new Tally(work.name)
  let done = 0
  for (let at = 0; at < counted(setting.scale, work.moments, work.short); at++) {
    const number = first + at
    if (setting.only !== null && setting.only !== number) continue
    const moment = momentOf(work, at, seededRandom(setting.seed).fork(`disk ${number}`))
    const ratings = writeRatings(join(setting.folder, 'more.csv'), 1500, 25, 301)
    const disk = smallDisk(join(setting.folder, `disk-${number}`), base, megabytes)
    try {
      const { library, folder } = disk
      const columns = columnsOf(library)
      const before = digestOf(library, columns)
      const ended = await runAt(moment, disk, () =>
        product.run([...work.args({ folder, ratings }), '--json'], { library }),
      )
      if (ended.code === 0) done++
      disk.clear()
      const next = await product.run(['runs', '--json'], { library })
      const lost = lostRows(before, digestOf(library, columns))
      const mayLose = work.removes && ended.code === 0
      const found = [
        ...judgeEnd(work, moment, ended),
        ...(next.code === 0 ? [] : [{ what: 'the next start fails', detail: endText(next) }]),
        ...(lost.length === 0 || mayLose ? [] : [{ what: 'lost rows', detail: `${lost.length}, as ${lost[0] ?? ''}` }]),
        ...findings(library),
        ...(await vaspLibraryCheck(product, library)),
      ]
      tally.add(
        number,
        found.map(({ what, detail }) => ({ what, detail: `${momentText(moment)}: ${detail}` })),
      )
    } finally {
      disk.remove()
    }
  }
  const { tried } = tally.result()
  return tally.result(`${done} done, ${tried - done} refused`)
}

export const attack: Attack = {
  name: 'full-disks',
  what: 'to lose work, or the way out, on a disk of its own that has no byte free, a few bytes free, or becomes full meanwhile',
  page: 'RELIABILITY.md',
  async run(setting) {
    const product = new Product(setting.root)
    const { library } = await setting.base()
    const results: AttackResult[] = []
    let first = 1
    for (const work of works) {
      results.push(await met(work, setting, product, library, first))
      first += work.moments
    }
    return results.filter(({ tried }) => tried > 0)
  },
}
