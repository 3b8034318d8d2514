import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { damagedDatabase } from './damage'

/** The first bytes of every SQLite database, https://sqlite.org/fileformat2.html#the_database_header */
const headerBytes = 100
const magic = Buffer.from('SQLite format 3\0', 'latin1')

/**
 * Throws DAMAGED_FILE if the header of an existing database is not one that this program writes. SQLite itself trusts some of these bytes:
 * with another format version it treats the file as read-only, and with another text encoding it misreads every name.
 */
export function requireSoundHeader(file: string): void {
  const header = Buffer.alloc(headerBytes)
  const read = readStart(file, header)
  // A new database: SQLite writes its first page with the first change.
  if (read === 0) return
  const what = flawIn(header, read)
  if (what !== null) throw damagedDatabase(file, what)
}

function flawIn(header: Buffer, read: number): string | null {
  if (read < headerBytes) return `it ends after ${read} bytes`
  if (!header.subarray(0, magic.length).equals(magic)) return 'it does not begin as an SQLite database does'
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) return `its header names a page size of ${pageSize} bytes`
  for (const at of [18, 19])
    if (header[at] !== 1 && header[at] !== 2) return `its header names the unknown format version ${header[at]}`
  if (header[20] !== 0 || header[21] !== 64 || header[22] !== 32 || header[23] !== 32)
    return 'its header names another layout of pages'
  if (header.readUInt32BE(44) > 4) return `its header names the unknown schema format ${header.readUInt32BE(44)}`
  if (header.readUInt32BE(56) > 1) return 'its header names another text encoding than UTF-8'
  if (header.subarray(72, 92).some((byte) => byte !== 0)) return 'its header has values where none belong'
  return null
}

function readStart(file: string, into: Buffer): number {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
    throw error
  }
  try {
    return readSync(descriptor, into, 0, into.length, 0)
  } finally {
    closeSync(descriptor)
  }
}

const walHeaderBytes = 32
const frameHeaderBytes = 24

/** The changes in a write-ahead log that SQLite will read (`frames`), and committed ones that it will skip (`lost`). */
export interface LogState {
  readonly frames: number
  readonly lost: number
}

/**
 * Reads a write-ahead log in the way SQLite does when it opens one that a dead program left. SQLite stops at the first frame with a wrong
 * checksum: if the program's death tore that frame, nothing committed follows it; if the file was damaged later, the committed changes
 * after it would be lost without a message. https://sqlite.org/fileformat2.html#the_write_ahead_log
 */
export function readLog(file: string): LogState {
  let descriptor: number
  try {
    descriptor = openSync(`${file}-wal`, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { frames: 0, lost: 0 }
    throw error
  }
  try {
    return framesOf(descriptor, fstatSync(descriptor).size)
  } finally {
    closeSync(descriptor)
  }
}

function framesOf(descriptor: number, size: number): LogState {
  const header = Buffer.alloc(walHeaderBytes)
  if (size < walHeaderBytes) return { frames: 0, lost: size === 0 ? 0 : 1 }
  readSync(descriptor, header, 0, walHeaderBytes, 0)
  const bigEndian = (header.readUInt32BE(0) & 1) === 1
  const pageSize = header.readUInt32BE(8)
  let sum = frameSum(header.subarray(0, 24), [0, 0], bigEndian)
  const sound =
    (header.readUInt32BE(0) & ~1) === 0x377f0682 &&
    pageSize >= 512 &&
    pageSize <= 65_536 &&
    sum[0] === header.readUInt32BE(24) &&
    sum[1] === header.readUInt32BE(28)
  const frameBytes = frameHeaderBytes + (sound ? pageSize : 4096)
  const count = Math.floor((size - walHeaderBytes) / frameBytes)
  const frame = Buffer.alloc(frameBytes)
  let [whole, lost] = [0, 0]
  let broken = !sound
  for (let at = 0; at < count; at++) {
    readSync(descriptor, frame, 0, frameBytes, walHeaderBytes + at * frameBytes)
    const ofThisRound = frame.subarray(8, 16).equals(header.subarray(16, 24))
    if (!broken) {
      sum = frameSum(frame.subarray(frameHeaderBytes), frameSum(frame.subarray(0, 8), sum, bigEndian), bigEndian)
      if (ofThisRound && sum[0] === frame.readUInt32BE(16) && sum[1] === frame.readUInt32BE(20)) {
        whole = at + 1
        continue
      }
      broken = true
    }
    // After the break are frames of an earlier round, which the log has begun to overwrite, or damage and what was written after it.
    // A commit has the size of the database after it.
    const commits = frame.readUInt32BE(4) > 0
    if (commits && (!sound || ofThisRound)) lost++
  }
  return { frames: whole, lost }
}

/** SQLite's checksum over pairs of 32-bit words. */
function frameSum(bytes: Buffer, [first, second]: readonly [number, number], bigEndian: boolean): [number, number] {
  const word = bigEndian ? (at: number) => bytes.readUInt32BE(at) : (at: number) => bytes.readUInt32LE(at)
  let [a, b] = [first, second]
  for (let at = 0; at < bytes.length; at += 8) {
    a = (a + word(at) + b) >>> 0
    b = (b + word(at + 4) + a) >>> 0
  }
  return [a, b]
}

/** Throws DAMAGED_FILE if committed changes in the write-ahead log cannot be read any more. */
export function requireSoundLog(file: string): void {
  if (readLog(file).lost === 0) return
  // Another process may have written during the check: real damage is still there when it is repeated.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
  const { lost } = readLog(file)
  if (lost === 0) return
  throw damagedDatabase(
    file,
    `its log ${file}-wal, which holds the last changes, cannot be read to its end (${lost} change${lost === 1 ? '' : 's'} behind the damage)`,
  )
}
