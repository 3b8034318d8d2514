import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { counted, Tally, type Attack, type AttackResult, type AttackSetting } from '../attack'
import { isAlive, startBrowserHost, type BrowserHost } from '../browser-host'
import { vaspLibraryCheck } from '../library-check'
import type { Finding } from '../library-state'
import { openFilesOf, Product, residentBytes } from '../product'
import { pause, within } from '../waiting'
import { rawRequests } from './raw-requests'

/** Requests that are judged together. */
const batch = 100
/** Growth of the host's resident memory from the middle to the end that passes as flat. */
const flatBytes = 64 * 2 ** 20
/** More open files than in the middle that pass as flat: connections of the last moment take a while to close. */
const flatFiles = 32

async function isAnswering(host: BrowserHost): Promise<Finding[]> {
  if (!isAlive(host)) return [{ what: 'the host ended', detail: host.started.said().stderr.trim().slice(-300) }]
  try {
    const page = await host.connect()
    await within(page.client.system.about(), 30_000, 'The answer to a browser with a session')
    page.close()
    return []
  } catch (error) {
    return [{ what: 'a browser with a session is not answered', detail: String(error) }]
  }
}

async function sent(host: BrowserHost, setting: AttackSetting, cookie: string | null): Promise<AttackResult> {
  const tally = new Tally(cookie === null ? 'without a session' : 'a part with a session')
  const batches = counted(setting.scale, 50, 3)
  const first = cookie === null ? 1 : 1001
  let [reset, middle, filesInMiddle] = [0, 0, 0]
  for (let number = first; number < first + batches; number++) {
    if (number === first + Math.floor(batches / 2))
      [middle, filesInMiddle] = [residentBytes(host.pid), openFilesOf(host.pid)]
    if (setting.only !== null && setting.only !== number) continue
    const seed = setting.seed * 10_000 + number
    const outcome = await rawRequests({ port: host.port, count: batch, seed, ...(cookie === null ? {} : { cookie }) })
    reset += outcome.reset
    tally.add(
      number,
      [
        ...outcome.wrong.map((detail) => ({ what: 'an answer that must not be', detail })),
        ...(outcome.refused === 0 ? [] : [{ what: 'connections refused', detail: `${outcome.refused} of ${batch}` }]),
        ...(await isAnswering(host)),
      ],
      batch,
    )
    if (!isAlive(host)) return tally.result()
  }
  await pause(1000)
  const [end, files] = [residentBytes(host.pid), openFilesOf(host.pid)]
  const figures = `${reset} reset; host ${mebibytes(middle)} → ${mebibytes(end)}, ${filesInMiddle} → ${files} open files`
  if (setting.only === null)
    tally.add(first + batches, [
      ...(end - middle > flatBytes ? [{ what: 'memory that grows', detail: figures }] : []),
      ...(files - filesInMiddle > flatFiles ? [{ what: 'open files that grow', detail: figures }] : []),
    ])
  return tally.result(figures)
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`

export const attack: Attack = {
  name: 'raw-requests',
  what: 'to end the browser host, or to be let in, by raw bytes: noise, changed requests, unfinished ones, malformed frames, half-closed and reset connections',
  page: 'SECURITY.md',
  async run(setting) {
    const product = new Product(setting.root)
    const library = join(setting.folder, 'library')
    cpSync((await setting.base()).library, library, { recursive: true })
    const host = await startBrowserHost(product, { library })
    const results: AttackResult[] = []
    try {
      results.push(await sent(host, setting, null))
      if (isAlive(host)) results.push(await sent(host, setting, host.cookie))
    } finally {
      await host.stop()
    }
    const after = new Tally('the library afterwards')
    after.add(0, await vaspLibraryCheck(product, library))
    return [...results, after.result()]
  },
}
