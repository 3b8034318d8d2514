import { z } from 'zod'

/**
 * Named arrays as a safetensors file (https://github.com/huggingface/safetensors) in memory, for what a run stores beside its weights. Weights are
 * written and read in pieces by `compute/safetensors.ts`, which needs the backend.
 */
export type Arrays = ReadonlyMap<string, Int32Array | Float32Array>

const ALIGNMENT = 8

const header = z.record(
  z.string(),
  z.object({
    dtype: z.enum(['I32', 'F32']),
    shape: z.tuple([z.number().int().nonnegative()]),
    data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
  }),
)

export function arraysToBytes(arrays: Arrays): Buffer {
  let offset = 0
  const described: z.input<typeof header> = {}
  for (const [name, values] of arrays) {
    const dtype = values instanceof Int32Array ? 'I32' : 'F32'
    described[name] = { dtype, shape: [values.length], data_offsets: [offset, offset + values.byteLength] }
    offset += values.byteLength
  }
  const json = JSON.stringify(described)
  const text = Buffer.from(json + ' '.repeat((ALIGNMENT - (Buffer.byteLength(json) % ALIGNMENT)) % ALIGNMENT))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  const bytes = [...arrays.values()].map((values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength))
  return Buffer.concat([length, text, ...bytes])
}

/** Throws an Error for bytes that are no such file. */
export function arraysFromBytes(bytes: Buffer): Arrays {
  const end = 8 + Number(bytes.readBigUInt64LE())
  const described = header.parse(JSON.parse(bytes.subarray(8, end).toString('utf8')))
  return new Map(
    Object.entries(described).map(
      ([
        name,
        {
          dtype,
          shape: [length],
          data_offsets: [from, to],
        },
      ]) => {
        if (to - from !== 4 * length || end + to > bytes.length) throw new Error(`the values of ${name} are truncated`)
        // Copied, because they may lie at any address.
        const values = new Uint8Array(bytes.subarray(end + from, end + to)).buffer
        return [name, dtype === 'I32' ? new Int32Array(values) : new Float32Array(values)] as const
      },
    ),
  )
}
