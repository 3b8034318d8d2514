import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { importResult } from '../../../src/shared/datasets'
import { exportPath } from '../../../src/shared/files'
import type { JobId } from '../../../src/shared/ids'
import { counted, Tally, type Attack } from '../attack'
import { startBrowserHost, type BrowserHost, type Connection } from '../browser-host'
import { vaspLibraryCheck } from '../library-check'
import { findings, type Finding } from '../library-state'
import { descendantsOf, openFilesOf, Product, ratingsMapping, residentBytes, writeRatings } from '../product'
import { pause } from '../waiting'

/** What one cycle leaves behind in the host. */
interface Weighed {
  readonly memory: number
  readonly files: number
  readonly processes: number
  readonly bytes: number
}

interface Bound {
  readonly name: string
  readonly of: (weighed: Weighed) => number
  /** The maximum growth per cycle, in `unit`: above the noise of 60 cycles of a program that keeps nothing. */
  readonly perCycle: number
  readonly unit: string
  readonly scale: number
}

const bounds: readonly Bound[] = [
  { name: 'resident memory of the host', of: ({ memory }) => memory, perCycle: 0.3, unit: 'MiB', scale: 2 ** 20 },
  { name: 'open files of the host', of: ({ files }) => files, perCycle: 0.1, unit: 'files', scale: 1 },
  { name: 'processes', of: ({ processes }) => processes, perCycle: 0.1, unit: 'processes', scale: 1 },
  // A row of each job stays, which is its history.
  { name: 'size of the library', of: ({ bytes }) => bytes, perCycle: 8, unit: 'KiB', scale: 1024 },
]

/** Median of the slopes of all pairs (Theil and Sen): single peaks do not bend it. */
function slope(values: readonly number[]): number {
  const slopes = values.flatMap((from, i) => values.slice(i + 1).map((to, j) => (to - from) / (j + 1)))
  const sorted = slopes.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new Error('A slope needs two cycles.')
  return middle
}

const bytesBelow = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )

async function resultOf({ client }: Connection, job: JobId): Promise<unknown> {
  for await (const event of await client.jobs.watch({ job })) {
    if (event.type === 'finished') return event.result
    if (event.type === 'failed') throw new Error(event.error.message)
  }
  throw new Error(`Job ${job} ended without a result.`)
}

/** Import, train, recommend, export, delete, as a page does. */
async function cycle(host: BrowserHost, page: Connection, ratings: Buffer, number: number): Promise<Finding[]> {
  const { client } = page
  const handle = await host.upload(client, 'ratings.csv', ratings)
  const name = `soak ${number}`
  const request = { name, ratings: [handle], items: null, mapping: ratingsMapping, itemMapping: null }
  const { dataset } = importResult.parse(await resultOf(page, (await client.datasets.import(request)).job))
  const training = await client.runs.train({
    dataset,
    model: number % 2 === 0 ? 'nease' : 'ease',
    preset: null,
    overrides: number % 2 === 0 ? { stages: '1e-3x2' } : { lambdas: '100' },
    seed: 1,
    preparation: { threshold: null, minInteractions: 5 },
    split: { seed: 1, test: 40, validation: 40, foldIn: 0.8 },
    name: null,
  })
  await resultOf(page, training.job)
  const { run } = training
  const { items } = await client.explore.recommend({ run, who: { kind: 'user', user: '7' }, k: 10 })
  const exporting = await client.exports.create({ run, users: 'all', k: 10 })
  await resultOf(page, exporting.job)
  const file = await host.askAsPage(exportPath(exporting.export))
  await client.datasets.delete({ id: dataset, versions: 'this' })
  const left = await client.datasets.list()
  const lines = file.body.split('\n').length - 2
  return [
    ...(items.length === 10 ? [] : [{ what: 'a list of other length', detail: `${items.length} items` }]),
    ...(lines === 4000 ? [] : [{ what: 'an export of other length', detail: `${lines} lines` }]),
    ...(left.length === 0 ? [] : [{ what: 'a deleted data set that is listed', detail: name }]),
  ]
}

export const attack: Attack = {
  name: 'soak',
  what: 'to wear one host out by cycles of import, training, recommending, export and deletion: memory, open files, processes and the library stay flat',
  page: 'RELIABILITY.md',
  async run(setting) {
    const product = new Product(setting.root)
    const library = join(setting.folder, 'library')
    const ratings = readFileSync(writeRatings(join(setting.folder, 'ratings.csv'), 400, 15))
    const host = await startBrowserHost(product, { library })
    const cycles = counted(setting.scale, 60, 2)
    const tally = new Tally('cycles')
    const weighed: Weighed[] = []
    try {
      const page = await host.connect()
      for (let number = 1; number <= cycles; number++) {
        tally.add(number, await cycle(host, page, ratings, number))
        await pause(200)
        weighed.push({
          memory: residentBytes(host.pid),
          files: openFilesOf(host.pid),
          processes: descendantsOf(host.pid).length,
          bytes: bytesBelow(library),
        })
        if (number % 10 === 0) setting.say(`soak: ${number} of ${cycles} cycles`)
      }
      page.close()
    } finally {
      await host.stop()
    }
    // The first third warms up: code is compiled, the serving worker is started, caches fill.
    const steady = weighed.slice(Math.floor(cycles / 3))
    const slopes = bounds.map(({ name, of, perCycle, unit, scale }) => {
      const part = new Tally(name)
      const values = steady.map((one) => of(one) / scale)
      const growth = slope(values)
      const told = `${growth.toFixed(3)} ${unit} a cycle (at most ${perCycle}); ${values[0]?.toFixed(0) ?? ''} → ${values.at(-1)?.toFixed(0) ?? ''} ${unit}`
      // Two cycles show no slope: the short form examines only the result of each.
      if (setting.scale === 'full') part.add(0, growth > perCycle ? [{ what: 'growth', detail: told }] : [])
      return part.result(told)
    })
    const end = new Tally('the library afterwards')
    end.add(0, [...findings(library), ...(await vaspLibraryCheck(product, library))])
    return [tally.result(), ...slopes.filter(({ tried }) => tried > 0), end.result()]
  },
}
