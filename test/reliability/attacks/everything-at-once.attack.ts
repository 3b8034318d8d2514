import { cpSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { seededRandom } from '../../../src/main/numeric/random'
import { datasetId } from '../../../src/shared/ids'
import { counted, Tally, type Attack, type AttackResult, type AttackSetting } from '../attack'
import { datasetName } from '../base-library'
import { isAlive, startBrowserHost, type BrowserHost, type Connection } from '../browser-host'
import { vaspLibraryCheck } from '../library-check'
import { columnsOf, digestOf, findings, lostRows, readDatabase, type Finding } from '../library-state'
import { endText, failureOf, Product, writeRatings } from '../product'
import { pause, waitUntil } from '../waiting'
import { smallDisk, type SmallDisk } from './full-disk'
import { callBadly, drawCall } from './hostile-calls'
import { hostileFrame } from './hostile-input'
import { drawWorld } from './other-worlds'
import { rawRequests } from './raw-requests'

/** The run that is trained meanwhile: the base library has three. */
const trained = 4
const megabytes = 256
/** The minimum of free disk space, so that weights and an append can be written; `full-disks` leaves nothing. */
const leastFree = 48 * 2 ** 20
const appendedUsers = 50

/** A training whose figures depend on its seed alone. */
const training = (epochs: number) => ({
  dataset: datasetId.parse(1),
  model: 'vasp' as const,
  preset: null,
  overrides: { hidden: '128', latent: '32', batchRows: '64', stages: `1e-3x${epochs}`, patience: '0' },
  seed: 5,
  preparation: { threshold: null, minInteractions: 5 },
  split: { seed: 5, test: 100, validation: 100, foldIn: 0.8 },
  name: null,
})

const stateOf = (library: string): string =>
  readDatabase(library, (database) =>
    String(database.prepare('SELECT state FROM run WHERE id = ?').pluck().get(trained)),
  )

const errorOf = (library: string): string =>
  readDatabase(library, (database) =>
    String(database.prepare('SELECT error FROM run WHERE id = ?').pluck().get(trained)),
  )

/** Test and validation figures of the run, in five decimals. */
const metricsOf = (library: string): string =>
  readDatabase(library, (database) =>
    JSON.stringify(
      database
        .prepare(`SELECT part, metric, round(mean, 5) FROM metric WHERE run = ? ORDER BY part, metric`)
        .raw()
        .all(trained),
    ),
  )

const epochsOf = (library: string): number =>
  readDatabase(library, (database) =>
    Number(database.prepare('SELECT count(*) FROM epoch WHERE run = ?').pluck().get(trained)),
  )

const isAtWork = (library: string): boolean => ['queued', 'running'].includes(stateOf(library))

/** The same training in an undisturbed host. @returns its figures, and its duration in milliseconds */
async function undisturbed(product: Product, library: string, epochs: number) {
  const host = await startBrowserHost(product, { library })
  try {
    const page = await host.connect()
    const began = performance.now()
    await page.client.runs.train(training(epochs))
    if (!(await waitUntil(() => !isAtWork(library), 300_000))) throw new Error('The undisturbed training did not end.')
    page.close()
    const metrics = metricsOf(library)
    if (stateOf(library) !== 'finished' || metrics === '[]') throw new Error('The undisturbed training failed.')
    return { metrics, milliseconds: performance.now() - began }
  } finally {
    await host.stop()
  }
}

/** One way of disturbing, which is repeated until the training has ended. */
interface Way {
  readonly name: string
  disturb(round: number): Promise<Finding[]>
}

/** A connection to a host that lets only some be open at once: others may have them all for a moment. */
async function connectPatiently(host: BrowserHost): Promise<Connection> {
  for (let tries = 0; ; tries++) {
    try {
      return await host.connect()
    } catch (error) {
      if (tries >= 50 || !isAlive(host)) throw error
      await pause(100)
    }
  }
}

function ways(
  product: Product,
  host: BrowserHost,
  disk: SmallDisk,
  setting: AttackSetting,
  appended: { finished: number },
  epochs: number,
): Way[] {
  const { library } = disk
  const { seed } = setting
  const drawn = (label: string, round: number) => seededRandom(seed).fork(`${label} ${round}`)
  return [
    {
      name: 'raw requests (a hundred each)',
      async disturb(round) {
        const cookie = round % 2 === 0 ? {} : { cookie: host.cookie }
        const { wrong, refused } = await rawRequests({
          port: host.port,
          count: 100,
          seed: seed * 1000 + round,
          ...cookie,
        })
        return [
          ...wrong.map((detail) => ({ what: 'an answer that must not be', detail })),
          ...(refused > 0 ? [{ what: 'connections refused', detail: String(refused) }] : []),
        ]
      },
    },
    {
      name: 'malformed calls (ten each) and frames',
      async disturb(round) {
        const random = drawn('calls', round)
        const page = await connectPatiently(host)
        const found: Finding[] = []
        for (let n = 0; n < 10; n++) {
          const call = drawCall(random)
          // The training that is judged is not to be cancelled or paused by who may do so.
          if (call.procedure.path[0] !== 'jobs') found.push(...(await callBadly(page, call)))
        }
        page.socket.send(hostileFrame(random))
        await pause(50)
        page.close()
        return found
      },
    },
    {
      name: 'silent sockets (a hundred, and eight WebSockets)',
      async disturb() {
        const silent = Array.from({ length: 100 }, () => connect({ port: host.port, host: '127.0.0.1' }))
        for (const socket of silent) socket.on('error', () => undefined)
        const pages: Connection[] = []
        for (let n = 0; n < 8; n++) pages.push(await connectPatiently(host))
        await pause(1500)
        for (const socket of silent) socket.destroy()
        for (const page of pages) page.close()
        return []
      },
    },
    {
      name: 'the disk fills and is cleared',
      async disturb() {
        disk.fill(leastFree)
        await pause(800)
        disk.clear()
        await pause(200)
        return []
      },
    },
    {
      name: 'a second process appends',
      async disturb(round) {
        const file = writeRatings(join(disk.folder, `more-${round}.csv`), appendedUsers, 15, 10_001 + 1000 * round)
        const ended = await product.run(['import', file, '--append-to', datasetName, '--json'], { library })
        if (ended.code === 0) appended.finished++
        const code = failureOf(ended)?.code
        const isClear = ended.code === 0 || code === 'CONFLICT' || code === 'DISK_FULL'
        return isClear ? [] : [{ what: 'an append that fails', detail: endText(ended) }]
      },
    },
    {
      name: 'a process with other clocks starts, and deletes',
      async disturb(round) {
        const world = drawWorld(drawn('world', round))
        // In its last part the training may end while the process starts, and then a deletion would be right.
        const deletes = epochsOf(library) < epochs / 2
        const what = round % 2 === 0 ? ['dataset', '1'] : ['run', String(trained)]
        const args = deletes ? ['delete', ...what, '--yes'] : ['runs']
        const ended = await product.run([...args, '--json'], { library, ...world.options(product.root) })
        const isRight = deletes ? failureOf(ended)?.code === 'CONFLICT' : ended.code === 0
        return isRight
          ? []
          : [
              {
                what: 'work in use that is not left alone',
                detail: `${world.name}, ${args.join(' ')}: ${endText(ended)}`,
              },
            ]
      },
    },
  ]
}

export const attack: Attack = {
  name: 'everything-at-once',
  what: 'to disturb a training by everything at the same time: raw and malformed requests, silent sockets, a disk that fills, a process that appends and others with wrong clocks',
  page: 'RELIABILITY.md',
  async run(setting): Promise<AttackResult[]> {
    const product = new Product(setting.root)
    const epochs = counted(setting.scale, 300, 12)
    const base = (await setting.base()).library
    const alone = join(setting.folder, 'undisturbed')
    cpSync(base, alone, { recursive: true })
    const expected = await undisturbed(product, alone, epochs)
    const disk = smallDisk(join(setting.folder, 'disk'), base, megabytes)
    const { library } = disk
    const appended = { finished: 0 }
    try {
      const columns = columnsOf(library)
      const before = digestOf(library, columns)
      const host = await startBrowserHost(product, { library })
      const tallies: Tally[] = []
      const after = new Tally('the training, the host and the library afterwards')
      const began = performance.now()
      try {
        const page = await host.connect()
        await page.client.runs.train(training(epochs))
        page.close()
        if (!(await waitUntil(() => stateOf(library) === 'running', 30_000)))
          throw new Error('The training did not begin.')
        const limit = performance.now() + 600_000
        await Promise.all(
          ways(product, host, disk, setting, appended, epochs).map(async (way, at) => {
            const tally = new Tally(way.name)
            tallies.push(tally)
            for (let round = 1; isAlive(host) && isAtWork(library) && performance.now() < limit; round++)
              tally.add(100 * (1 + at) + round, await way.disturb(round))
          }),
        )
        after.add(1, await judged(host, library, expected.metrics))
      } finally {
        await host.stop()
      }
      const seconds = (performance.now() - began) / 1000
      disk.clear()
      const lost = lostRows(before, digestOf(library, columns))
      after.add(2, lost.length === 0 ? [] : [{ what: 'lost rows', detail: `${lost.length}, as ${lost[0] ?? ''}` }])
      after.add(
        3,
        versionsOf(library) === 1 + appended.finished
          ? []
          : [
              {
                what: 'an append that finished and is not there',
                detail: `${versionsOf(library)} versions, ${appended.finished} appended`,
              },
            ],
      )
      after.add(4, findings(library))
      after.add(5, await vaspLibraryCheck(product, library))
      const figures = `trained for ${seconds.toFixed(0)} s (undisturbed ${(expected.milliseconds / 1000).toFixed(0)} s), ${appended.finished} appends finished`
      return [...tallies.map((tally) => tally.result()), after.result(figures)]
    } finally {
      disk.remove()
    }
  },
}

const versionsOf = (library: string): number =>
  readDatabase(library, (database) =>
    Number(
      database.prepare(`SELECT count(*) FROM dataset WHERE name = ? AND state = 'ready'`).pluck().get(datasetName),
    ),
  )

/** The host lives and answers, and the run has the figures of an undisturbed one. */
async function judged(host: BrowserHost, library: string, expected: string): Promise<Finding[]> {
  if (!isAlive(host)) return [{ what: 'the host ended', detail: host.started.said().stderr.trim().slice(-300) }]
  const page = await connectPatiently(host)
  const { host: kind } = await page.client.system.about()
  page.close()
  const [state, metrics] = [stateOf(library), metricsOf(library)]
  return [
    ...(kind === 'browser' ? [] : [{ what: 'a host that answers oddly', detail: kind }]),
    ...(state === 'finished'
      ? []
      : [{ what: 'a training that did not finish', detail: `${state}: ${errorOf(library)}` }]),
    ...(metrics === expected
      ? []
      : [
          { what: 'other figures than undisturbed', detail: `${metrics.slice(0, 150)}, not ${expected.slice(0, 150)}` },
        ]),
  ]
}
