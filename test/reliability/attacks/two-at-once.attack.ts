import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { seededRandom } from '../../../src/main/numeric/random'
import { counted, Tally, type Attack, type AttackResult, type AttackSetting } from '../attack'
import { datasetName, runs, tinyNease } from '../base-library'
import { vaspLibraryCheck } from '../library-check'
import { findings, readDatabase, type Finding } from '../library-state'
import { endText, failureOf, Product, writeRatings, type Ended } from '../product'

interface Place {
  readonly library: string
  readonly folder: string
}

/** Two commands that begin at nearly the same time. */
interface Pair {
  readonly name: string
  /** Part of the short form, too. */
  readonly short?: true
  first(place: Place): string[]
  second(place: Place): string[]
  /** Of what both say, and of the library afterwards. */
  judge(place: Place, first: Ended, second: Ended): Finding[]
}

const did = ({ code }: Ended): boolean => code === 0

/** A command that fails says why, in words for people. */
function refusal(ended: Ended): Finding[] {
  if (did(ended)) return []
  const error = failureOf(ended)
  if (error === null) return [{ what: 'an end without a document', detail: endText(ended) }]
  return error.code === 'INTERNAL' ? [{ what: 'INTERNAL', detail: `${error.message} ${error.next}`.slice(0, 250) }] : []
}

const names = (library: string): { name: string; version: number; users: number }[] =>
  readDatabase(library, (database) =>
    database
      .prepare<[], { name: string; version: number; users: number }>(
        `SELECT name, version, users FROM dataset WHERE state = 'ready' ORDER BY name, version`,
      )
      .all(),
  )

/** Users of the base library, and of each of the two files that are added. */
const [baseUsers, moreUsers] = [600, 200]

const importing =
  (file: string, ...options: string[]) =>
  ({ folder }: Place): string[] => ['import', join(folder, file), ...options]

const pairs: readonly Pair[] = [
  {
    name: 'two appends',
    short: true,
    first: importing('one.csv', '--append-to', datasetName),
    second: importing('two.csv', '--append-to', datasetName),
    judge({ library }, first, second) {
      const newest = names(library).findLast(({ name }) => name === datasetName)
      const wanted = baseUsers + moreUsers * [first, second].filter(did).length
      return newest?.users === wanted
        ? []
        : [
            {
              what: 'an append that finished and is not in the newest version',
              detail: `version ${newest?.version ?? 0} has ${newest?.users ?? 0} users, not ${wanted}`,
            },
          ]
    },
  },
  {
    name: 'two imports of one name',
    first: importing('one.csv', '--name', 'same'),
    second: importing('two.csv', '--name', 'same'),
    judge({ library }, first, second) {
      const found = names(library).filter(({ name }) => name === 'same').length
      const finished = [first, second].filter(did).length
      return found === 1 && finished === 1
        ? []
        : [{ what: 'one name for two', detail: `${found} data sets, ${finished} finished` }]
    },
  },
  {
    name: 'append and refresh',
    first: importing('one.csv', '--append-to', datasetName),
    second: importing('two.csv', '--refresh', datasetName),
    judge({ library }, first, second) {
      const versions = names(library).filter(({ name }) => name === datasetName)
      const finished = [first, second].filter(did).length
      return versions.length === 1 + finished
        ? []
        : [
            {
              what: 'a finished import without its version',
              detail: `${versions.length} versions, ${finished} finished`,
            },
          ]
    },
  },
  {
    name: 'append and delete',
    first: importing('one.csv', '--append-to', datasetName),
    second: () => ['delete', 'dataset', datasetName, '--yes'],
    judge({ library }, first, second) {
      const versions = names(library).filter(({ name }) => name === datasetName)
      // Either was first. Deleted data are gone; an append to nothing is not a version.
      const odd = did(second) && versions.some(({ version }) => version === 1)
      const orphan = did(first) && did(second) && versions.length === 1 && versions[0]?.users !== baseUsers + moreUsers
      return odd || orphan ? [{ what: 'a deletion beside an append', detail: JSON.stringify(versions) }] : []
    },
  },
  {
    name: 'train and delete',
    short: true,
    first: () => ['train', '--data', datasetName, ...tinyNease],
    second: () => ['delete', 'dataset', datasetName, '--yes'],
    judge({ library }, first, second) {
      const there = names(library).some(({ name }) => name === datasetName)
      if (did(second) && there) return [{ what: 'a deleted data set that is there', detail: datasetName }]
      return did(first) && did(second) && rowsOfRun(library) > 0
        ? [{ what: 'a run of a data set that was deleted', detail: 'run 4' }]
        : []
    },
  },
  {
    name: 'delete a run twice',
    first: () => ['delete', 'run', String(runs.vasp)],
    second: () => ['delete', 'run', String(runs.vasp)],
    judge: (_place, first, second) =>
      did(first) || did(second)
        ? []
        : [{ what: 'neither deleted it', detail: `${endText(first)}; ${endText(second)}` }],
  },
  {
    name: 'export and delete',
    first: ({ folder }) => [
      'export',
      '--run',
      String(runs.vasp),
      '--all',
      '--k',
      '20',
      '--out',
      join(folder, 'lists.csv'),
    ],
    second: () => ['delete', 'run', String(runs.vasp)],
    judge: () => [],
  },
  {
    name: 'two exports into one file',
    first: ({ folder }) => [
      'export',
      '--run',
      String(runs.vasp),
      '--all',
      '--k',
      '20',
      '--out',
      join(folder, 'lists.csv'),
    ],
    second: ({ folder }) => [
      'export',
      '--run',
      String(runs.ease),
      '--all',
      '--k',
      '20',
      '--out',
      join(folder, 'lists.csv'),
    ],
    judge: (_place, first, second) =>
      [first, second].filter(did).length === 1
        ? []
        : [{ what: 'a file that was replaced without --force', detail: 'both finished' }],
  },
]

const rowsOfRun = (library: string): number =>
  readDatabase(library, (database) => Number(database.prepare('SELECT count(*) FROM run WHERE id > 3').pluck().get()))

async function tried(
  pair: Pair,
  setting: AttackSetting,
  product: Product,
  base: string,
  rounds: number,
  start: number,
): Promise<AttackResult> {
  const tally = new Tally(pair.name)
  for (let number = start; number < start + rounds; number++) {
    if (setting.only !== null && setting.only !== number) continue
    const random = seededRandom(setting.seed).fork(`pair ${number}`)
    const folder = join(setting.folder, String(number))
    const library = join(folder, 'library')
    mkdirSync(folder)
    cpSync(base, library, { recursive: true })
    writeRatings(join(folder, 'one.csv'), moreUsers, 15, 10_001)
    writeRatings(join(folder, 'two.csv'), moreUsers, 15, 20_001)
    const place = { folder, library }
    const run = (args: string[]): Promise<Ended> => product.run([...args, '--json'], { library })
    const delay = random.uniform() * 800
    const [first, second] = await Promise.all([
      run(pair.first(place)),
      pause(delay).then(() => run(pair.second(place))),
    ])
    const next = await product.run(['runs', '--json'], { library })
    const found = [
      ...refusal(first),
      ...refusal(second),
      ...(did(next) ? [] : [{ what: 'the next start fails', detail: endText(next) }]),
      ...pair.judge(place, first, second),
      ...findings(library),
      ...(await vaspLibraryCheck(product, library)),
    ]
    tally.add(
      number,
      found.map(({ what, detail }) => ({ what, detail: `second ${delay.toFixed(0)} ms later: ${detail}` })),
    )
    rmSync(folder, { recursive: true, force: true })
  }
  return tally.result()
}

export const attack: Attack = {
  name: 'two-at-once',
  what: 'two processes that change one library at the same time: each does all that it says, or refuses and changes nothing',
  page: 'RELIABILITY.md',
  async run(setting) {
    const product = new Product(setting.root)
    const { library } = await setting.base()
    const rounds = counted(setting.scale, 8, 1)
    const results: AttackResult[] = []
    for (const [i, pair] of pairs.entries())
      if (setting.scale === 'full' || pair.short)
        results.push(await tried(pair, setting, product, library, rounds, 1 + 100 * i))
    return results.filter(({ tried: count }) => count > 0)
  },
}
