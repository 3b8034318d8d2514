import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { StudioError } from '../../shared/errors'
import type { Parameter } from './parameter'
import { WholeFile, type Written } from './whole-file'

/**
 * The safetensors format (https://github.com/huggingface/safetensors): 8 bytes little-endian header length, a JSON header that gives type, shape and
 * offset of each tensor, then the values. All tensors here are F32, row-major; Python reads them with `safetensors.numpy.load_file`. Tensors are
 * written chunk by chunk and read one at a time, so that at most one is in JavaScript's memory.
 */
const BYTES = 4
const ALIGNMENT = 8
const LONGEST_HEADER = 64 * 1024 * 1024

/** A model's parameters by name. */
export type StorableParameters = ReadonlyMap<string, Pick<Parameter, 'shape' | 'size' | 'chunks' | 'load'>>

const headerEntry = z.object({
  dtype: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
})
const headerShape = z.object({ __metadata__: z.record(z.string(), z.string()).optional() }).catchall(headerEntry)

function headerOf(parameters: StorableParameters, metadata: Record<string, string>): Buffer {
  let offset = 0
  const header: Record<string, unknown> = { __metadata__: metadata }
  for (const [name, { shape, size }] of parameters) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + size * BYTES] }
    offset += size * BYTES
  }
  const json = JSON.stringify(header)
  const padding = (ALIGNMENT - (Buffer.byteLength(json) % ALIGNMENT)) % ALIGNMENT
  const text = Buffer.from(json + ' '.repeat(padding))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text])
}

const bytesOf = (values: Float32Array): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength)

/** The chunks of a safetensors file, in order: the header, and values of some megabytes each. */
export async function* tensorFile(
  parameters: StorableParameters,
  metadata: Record<string, string>,
): AsyncGenerator<Uint8Array> {
  yield headerOf(parameters, metadata)
  for (const parameter of parameters.values()) for await (const chunk of parameter.chunks()) yield bytesOf(chunk)
}

/**
 * Writes parameters to `file`, which is always complete, either the old or the new one. Throws the file system's error (full disk, no permission) and
 * then leaves nothing behind.
 */
export async function saveTensors(
  file: string,
  parameters: StorableParameters,
  metadata: Record<string, string> = {},
): Promise<Written> {
  const whole = await WholeFile.begin(file)
  try {
    for await (const chunk of tensorFile(parameters, metadata)) await whole.write(chunk)
    return await whole.finish()
  } catch (error) {
    await whole.abandon()
    throw error
  }
}

/**
 * Fills parameters from `file`. Throws DAMAGED_FILE if the file is truncated, is not a safetensors file, or does not contain exactly the model's
 * tensors in their shapes. Unless reading the values fails, the parameters then keep their values.
 */
export async function loadTensors(file: string, parameters: StorableParameters): Promise<void> {
  const handle = await open(file, 'r')
  try {
    const { header, start } = await readHeader(file, handle)
    const { __metadata__: _metadata, ...entries } = header
    const { size: fileBytes } = await handle.stat()
    const offsets = new Map<string, number>()
    for (const [name, { shape, size }] of parameters) {
      const entry = entries[name]
      if (!entry) throw damaged(file, `it has no tensor ${name}`)
      const [from, to] = entry.data_offsets
      if (entry.dtype !== 'F32' || entry.shape.join() !== shape.join())
        throw damaged(file, `${name} is ${entry.dtype} [${entry.shape.join(', ')}], not F32 [${shape.join(', ')}]`)
      if (to - from !== size * BYTES || start + to > fileBytes)
        throw damaged(file, `the values of ${name} are truncated`)
      offsets.set(name, start + from)
    }
    for (const name of Object.keys(entries))
      if (!parameters.has(name)) throw damaged(file, `the model has no tensor ${name}`)

    for (const [name, parameter] of parameters) {
      const values = new Float32Array(parameter.size)
      await readFully(file, handle, bytesOf(values), offsets.get(name) ?? 0)
      parameter.load(tf.tensor(values, parameter.shape))
    }
  } finally {
    await handle.close()
  }
}

/** The SHA-256 (hex) of a file's tensors (names, shapes, values), whatever its metadata say. Throws DAMAGED_FILE if it is not a safetensors file. */
export async function hashOfTensors(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { header, start } = await readHeader(file, handle)
    const { __metadata__: _metadata, ...entries } = header
    const hash = createHash('sha256').update(JSON.stringify(entries))
    await pipeline(createReadStream(file, { start, highWaterMark: 1024 * 1024 }), hash)
    return hash.digest('hex')
  } finally {
    await handle.close()
  }
}

/** Throws DAMAGED_FILE if `file` does not have the sha256 (hex) that `saveTensors` returned. */
export async function verifyTensors(file: string, sha256: string): Promise<void> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), hash)
  if (hash.digest('hex') !== sha256) throw damaged(file, 'its content has changed (its SHA-256 differs)')
}

async function readHeader(
  file: string,
  handle: FileHandle,
): Promise<{ header: z.infer<typeof headerShape>; start: number }> {
  const lengthBytes = Buffer.alloc(8)
  await readFully(file, handle, lengthBytes, 0)
  const length = lengthBytes.readBigUInt64LE()
  if (length > LONGEST_HEADER) throw damaged(file, 'it is not a safetensors file')
  const text = Buffer.alloc(Number(length))
  await readFully(file, handle, text, 8)
  let json: unknown
  try {
    json = JSON.parse(text.toString('utf8'))
  } catch {
    throw damaged(file, 'its header is not JSON')
  }
  const header = headerShape.safeParse(json)
  if (!header.success) throw damaged(file, 'its header does not describe tensors')
  return { header: header.data, start: 8 + text.length }
}

/** Fills `into` from `position`; throws DAMAGED_FILE if the file is too short. */
async function readFully(file: string, handle: FileHandle, into: Buffer, position: number): Promise<void> {
  for (let done = 0; done < into.length;) {
    const { bytesRead } = await handle.read(into, done, into.length - done, position + done)
    if (bytesRead === 0) throw damaged(file, 'it is truncated')
    done += bytesRead
  }
}

const damaged = (file: string, why: string): StudioError =>
  new StudioError({
    code: 'DAMAGED_FILE',
    message: `The weights file ${file} cannot be used: ${why}.`,
    next: 'Restore the file from your own copy (library backups do not contain weights), or train the run again.',
  })
