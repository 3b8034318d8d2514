import { createHash } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  cpSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../../../src/main/store/connection'
import { openStore } from '../../../src/main/store/open'
import type { Store } from '../../../src/main/store/store'
import { seededRandom, type Random } from '../../../src/main/numeric/random'
import { type ErrorShape, StudioError, toErrorShape } from '../../../src/shared/errors'
import { userMetricNames } from '../../../src/shared/metrics'

const pageSize = 4096

/** What a damage may do besides damaging: it decides what may be seen afterwards. */
export interface DamageKind {
  readonly name: string
  /** `log`: the last transaction may be gone, as after a power failure. `other`: the database is another library's, whole. */
  readonly mayShow: 'the truth' | 'before the last change' | 'the other library'
  /** Damages the library while it is closed. @returns a description of the damage @param other an intact library that is not a copy of it */
  damage(library: string, random: Random, other: string): string
}

const databaseOf = (library: string): string => join(library, 'library.db')

function change(file: string, at: number, make: (bytes: Buffer) => void, length = 1): void {
  const descriptor = openSync(file, 'r+')
  try {
    const bytes = Buffer.alloc(Math.min(length, fstatSync(descriptor).size - at))
    readSync(descriptor, bytes, 0, bytes.length, at)
    make(bytes)
    writeSync(descriptor, bytes, 0, bytes.length, at)
  } finally {
    closeSync(descriptor)
  }
}

const size = (file: string): number => statSync(file).size
const whole = (random: Random, below: number): number => random.integer(below)
const flipBit =
  (random: Random) =>
  (bytes: Buffer): void => {
    const at = whole(random, bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << whole(random, 8))
  }
const scramble =
  (random: Random) =>
  (bytes: Buffer): void => {
    for (let at = 0; at < bytes.length; at++) bytes[at] = whole(random, 256)
  }

type PageChange = (file: string, page: number, random: Random) => string

/** Ways in which one page of a database can go wrong. Pages count from 1. */
const pageChanges: Record<string, PageChange> = {
  'a flipped bit': (file, page, random) => {
    change(file, (page - 1) * pageSize, flipBit(random), pageSize)
    return `page ${page}`
  },
  'a changed byte': (file, page, random) => {
    const at = whole(random, pageSize)
    change(file, (page - 1) * pageSize + at, scramble(random))
    return `page ${page}, byte ${at}`
  },
  'sixteen changed bytes': (file, page, random) => {
    const at = whole(random, pageSize - 16)
    change(file, (page - 1) * pageSize + at, scramble(random), 16)
    return `page ${page}, from byte ${at}`
  },
  'a changed page header': (file, page, random) => {
    change(file, (page - 1) * pageSize + (page === 1 ? 100 : 0) + whole(random, 8), scramble(random))
    return `page ${page}`
  },
  'a changed cell pointer': (file, page, random) => {
    change(file, (page - 1) * pageSize + (page === 1 ? 100 : 0) + 8 + whole(random, 24), scramble(random))
    return `page ${page}`
  },
  'a page of zeros': (file, page) => {
    change(file, (page - 1) * pageSize, (bytes) => bytes.fill(0), pageSize)
    return `page ${page}`
  },
  'a page of noise': (file, page, random) => {
    change(file, (page - 1) * pageSize, scramble(random), pageSize)
    return `page ${page}`
  },
  'the second half of a page lost': (file, page) => {
    change(file, (page - 1) * pageSize + pageSize / 2, (bytes) => bytes.fill(0), pageSize / 2)
    return `page ${page}`
  },
  'a page in the place of another': (file, page, random) => {
    const from = 1 + whole(random, size(file) / pageSize)
    const bytes = readFileSync(file).subarray((from - 1) * pageSize, from * pageSize)
    change(file, (page - 1) * pageSize, (into) => void bytes.copy(into), pageSize)
    return `page ${from} over page ${page}`
  },
}

/** Fields of the database's header: name, offset, bytes. */
const headerFields: readonly (readonly [string, number, number])[] = [
  ['the magic words', 0, 16],
  ['the page size', 16, 2],
  ['the write version', 18, 1],
  ['the read version', 19, 1],
  ['the reserved space', 20, 1],
  ['the payload fractions', 21, 3],
  ['the change counter', 24, 4],
  ['the number of pages', 28, 4],
  ['the first free page', 32, 4],
  ['the number of free pages', 36, 4],
  ['the schema cookie', 40, 4],
  ['the schema format', 44, 4],
  ['the cache size', 48, 4],
  ['the largest root page', 52, 4],
  ['the text encoding', 56, 4],
  ['the schema version', 60, 4],
  ['the vacuum mode', 64, 4],
  ['the application id', 68, 4],
  ['the unused bytes', 72, 20],
  ['the version it is valid for', 92, 4],
]

const ofDatabase = (
  name: string,
  damage: (file: string, random: Random, other: string) => string,
  mayShow: DamageKind['mayShow'] = 'the truth',
): DamageKind => ({
  name,
  mayShow,
  damage: (library, random, other) => damage(databaseOf(library), random, databaseOf(other)),
})

const pageKinds: DamageKind[] = Object.entries(pageChanges).flatMap(([name, apply]) => [
  ofDatabase(`${name}, somewhere`, (file, random) => apply(file, 1 + whole(random, size(file) / pageSize), random)),
  ofDatabase(`${name}, in the schema`, (file, random) => apply(file, 1, random)),
])

const headerKinds: DamageKind[] = headerFields.map(([name, at, bytes]) =>
  ofDatabase(`${name} in the header`, (file, random) => {
    change(file, at, flipBit(random), bytes)
    return `a bit of bytes ${at} to ${at + bytes - 1}`
  }),
)

const versionKinds: DamageKind[] = [0, 1, 7, 13, 15, 200].map((version) =>
  ofDatabase(`the schema version set to ${version}`, (file) => {
    change(file, 60, (bytes) => void bytes.writeUInt32BE(version), 4)
    return `schema version ${version}`
  }),
)

const fileKinds: DamageKind[] = [
  ofDatabase('cut off between pages', (file, random) => {
    const pages = 1 + whole(random, size(file) / pageSize - 1)
    truncateSync(file, pages * pageSize)
    return `${pages} pages left`
  }),
  ofDatabase('cut off within a page', (file, random) => {
    const bytes = pageSize + whole(random, size(file) - pageSize)
    truncateSync(file, bytes)
    return `${bytes} bytes left`
  }),
  ofDatabase('cut off within the header', (file) => {
    truncateSync(file, 50)
    return '50 bytes left'
  }),
  ofDatabase('empty', (file) => {
    truncateSync(file, 0)
    return 'no byte left'
  }),
  ofDatabase('missing', (file) => {
    rmSync(file)
    return 'removed'
  }),
  ofDatabase('all zeros', (file) => {
    writeFileSync(file, Buffer.alloc(size(file)))
    return 'all zeros'
  }),
  ofDatabase('zeros at the end', (file, random) => {
    const from = whole(random, size(file))
    change(file, from, (bytes) => bytes.fill(0), size(file))
    return `zeros from byte ${from}`
  }),
  ofDatabase('noise behind the end', (file) => {
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(3 * pageSize, 7)]))
    return 'three pages added'
  }),
  ofDatabase('a text file', (file) => {
    writeFileSync(file, 'This is no database.\n'.repeat(500))
    return 'text'
  }),
  ofDatabase(
    'another library’s database',
    (file, _random, other) => {
      copyFileSync(other, file)
      return 'copied'
    },
    'the other library',
  ),
]

/** Libraries whose last change is only in the log (`hotLibrary`) have one; others get none. */
const ofLog = (
  name: string,
  damage: (log: string, random: Random) => string,
  mayShow: DamageKind['mayShow'] = 'the truth',
): DamageKind => ({
  name: `${name} (log)`,
  mayShow,
  damage: (library, random) => damage(`${databaseOf(library)}-wal`, random),
})
const frame = pageSize + 24
const framesIn = (log: string): number => Math.floor((size(log) - 32) / frame)

const logKinds: DamageKind[] = [
  ofLog('a flipped bit in its header', (log, random) => {
    change(log, 0, flipBit(random), 32)
    return 'a bit of its header'
  }),
  ofLog('a flipped bit in a change', (log, random) => {
    const at = whole(random, framesIn(log) - 1)
    change(log, 32 + at * frame + 24, flipBit(random), pageSize)
    return `a bit of frame ${at}`
  }),
  ofLog('a flipped bit in the head of a change', (log, random) => {
    const at = whole(random, framesIn(log) - 1)
    change(log, 32 + at * frame, flipBit(random), 24)
    return `a bit of the head of frame ${at}`
  }),
  ofLog('zeros in the middle', (log) => {
    change(log, 32 + frame, (bytes) => bytes.fill(0), frame)
    return 'the second frame'
  }),
  ofLog(
    'cut off',
    (log, random) => {
      const bytes = 32 + whole(random, size(log) - 32)
      truncateSync(log, bytes)
      return `${bytes} bytes left`
    },
    'before the last change',
  ),
  ofLog(
    'its end torn',
    (log, random) => {
      change(log, 32 + (framesIn(log) - 1) * frame + 24, scramble(random), pageSize)
      return 'the last frame'
    },
    'before the last change',
  ),
  ofLog(
    'missing',
    (log) => {
      rmSync(log)
      return 'removed'
    },
    'before the last change',
  ),
  ofLog(
    'empty',
    (log) => {
      truncateSync(log, 0)
      return 'no byte left'
    },
    'before the last change',
  ),
  ...(['noise', 'a single byte', 'nothing'] as const).map((what): DamageKind => ({
    name: `${what} for the shared index`,
    mayShow: 'the truth',
    damage(library, random) {
      const noise = Buffer.alloc(what === 'noise' ? 32_768 : 1)
      scramble(random)(noise)
      const file = `${databaseOf(library)}-shm`
      if (what === 'nothing') rmSync(file, { force: true })
      else writeFileSync(file, noise)
      return what
    },
  })),
]

/** Values that no page gives away: their checksum is right, as if a defect of the program had written them. */
const jsonKinds: DamageKind[] = (
  [
    ['run', 'config'],
    ['run', 'preparation'],
    ['run', 'stored_rows'],
    ['dataset', 'source'],
    ['dataset', 'profile'],
    ['epoch', 'loss'],
    ['split', 'summary'],
    ['segments', 'of_test'],
    ['map', 'settings'],
    ['job', 'specification'],
    ['preparation', 'settings'],
  ] as const
).map(([table, column]) => ({
  name: `${table}.${column} that is no JSON`,
  mayShow: 'the truth',
  damage(library) {
    const database = openDatabase(databaseOf(library))
    try {
      database.exec(`UPDATE ${table} SET ${column} = '{"broken'`)
    } finally {
      database.close()
    }
    return 'all rows'
  },
}))

/** What may go wrong with a library, each for itself. The same list in the same order always: a case is a number and a seed. */
export const damageKinds: readonly DamageKind[] = [
  ...pageKinds,
  ...headerKinds,
  ...versionKinds,
  ...fileKinds,
  ...logKinds,
  ...jsonKinds,
]

/** Files of a library's weights that a damage is done to; the database stays whole. */
export const weightsDamages: Readonly<Record<string, (file: string, random: Random) => void>> = {
  'a flipped bit': (file, random) => change(file, 0, flipBit(random), size(file)),
  'cut off': (file, random) => truncateSync(file, whole(random, size(file))),
  empty: (file) => truncateSync(file, 0),
  missing: (file) => rmSync(file),
  noise: (file, random) => change(file, 0, scramble(random), size(file)),
}

/** The result of reading a library once: the data as JSON, or the error. */
export type Seen = { readonly value: string } | { readonly error: ErrorShape; readonly raw: string | null }
export type Observation = Readonly<Record<string, Seen>>

/** Reads everything that results rest upon, as the product does, and what each look gave. The library may be damaged. */
export function observeLibrary(library: string): Observation {
  const seen: Record<string, Seen> = {}
  const look = <T>(name: string, read: () => T): T | null => {
    try {
      const value = read()
      seen[name] = { value: value === undefined ? 'undefined' : JSON.stringify(value) }
      return value
    } catch (error) {
      seen[name] = { error: toErrorShape(error), raw: error instanceof StudioError ? null : String(error) }
      return null
    }
  }
  let store: Store | null = null
  try {
    store = openStore(library)
    readAll(store, look)
  } catch (error) {
    seen['open'] = { error: toErrorShape(error), raw: error instanceof StudioError ? null : String(error) }
  } finally {
    store?.close()
  }
  return seen
}

type Look = <T>(name: string, read: () => T) => T | null

function readAll(store: Store, look: Look): void {
  look('settings', () => store.settings.read())
  look('jobs', () => store.jobs.list())
  look('exports', () => store.exports.list())
  look('experiments', () => store.experiments.list().map(({ owned: _, ...experiment }) => experiment))
  look('preparations', () => store.preparations.list())
  look('templates', () => store.templates.list())
  for (const { id } of look('data sets', () => store.datasets.list()) ?? []) {
    look(`data set ${id}`, () => store.datasets.detail(id))
    look(`items of ${id}`, () => store.datasets.items(id))
    look(`histories of ${id}`, () => digest(store.datasets.histories(id)))
    look(`histories of ${id} by id`, () => digest(store.datasets.historiesById(id)))
    for (const { id: user } of look(`users of ${id}`, () => store.datasets.searchUsers(id, '', 5)) ?? [])
      look(`user ${user} of ${id}`, () => digest([store.datasets.history(id, user)]))
  }
  for (const { id } of look('runs', () => store.runs.list(null)) ?? []) {
    look(`run ${id}`, () => store.runs.get(id))
    look(`split of ${id}`, () => digest([store.runs.split(id)]))
    look(`weights of ${id}`, () => store.runs.checkpoint(id))
    for (const part of ['validation', 'test'] as const)
      for (const metric of userMetricNames)
        look(`${metric} of ${id} in ${part}`, () => digest([store.runs.userMetric(id, part, metric)]))
    for (const map of look(`maps of ${id}`, () => store.maps.list(id)) ?? [])
      look(`map ${map.id}`, () => digest([store.maps.get(map.id)]))
  }
}

/** Long arrays as one number. */
function digest(values: Iterable<unknown>): string {
  const hash = createHash('sha256')
  for (const value of values)
    hash.update(
      value === undefined
        ? 'undefined'
        : JSON.stringify(value, (_key, part: unknown) =>
            ArrayBuffer.isView(part) ? [...(part as Float64Array)].map(String) : part,
          ),
    )
  return hash.digest('hex')
}

/** Something that a damaged library shows and must not. */
export interface Breach {
  readonly what: 'other numbers without a word' | 'an error that is no sentence'
  readonly detail: string
}

const rawWords =
  /Cannot read|undefined|is not a function|SQLITE_|not valid JSON|Unexpected token|Invalid typed array|Assertion/

/** What breaks the promise: a look that gave something else than `truths` say, or an error that people cannot read. */
export function judgeObservation(truths: readonly Observation[], seen: Observation): Breach[] {
  const breaches: Breach[] = []
  for (const [name, look] of Object.entries(seen)) {
    if ('error' in look) {
      const { code, message, next } = look.error
      const isSentence =
        /^[^\s].*[.!?]$/s.test(message) && /[.!?:)]$/.test(next) && code !== 'INTERNAL' && !rawWords.test(message)
      if (!isSentence || look.raw !== null)
        breaches.push({ what: 'an error that is no sentence', detail: `${name}: ${code} ${message} ${next}` })
      continue
    }
    const allowed = truths.some((truth) => {
      const expected = truth[name]
      return expected !== undefined && 'value' in expected && expected.value === look.value
    })
    if (!allowed)
      breaches.push({ what: 'other numbers without a word', detail: `${name}: ${look.value.slice(0, 300)}` })
  }
  return breaches
}

/** Copies a library in its current state on the disk, including its log, even while it is open. */
export const copyLibrary = (from: string, to: string): void => cpSync(from, to, { recursive: true })

/** The draws of one case. */
export const randomOf = (seed: number, number: number): Random => seededRandom(seed).fork(`damage ${number}`)
