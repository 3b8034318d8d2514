import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import crc32c from 'crc-32/crc32c.js'

/**
 * The events of TensorBoard (https://github.com/tensorflow/tensorboard: event.proto, summary.proto, tensor.proto, plugins/hparams/plugin_data.proto) as
 * records of a TFRecord file. Numbers in the code are those of the fields in these schemas; as in all such messages, a field that is 0 is left out.
 */

/** A value of a summary: a number, a text (Markdown), or data of a plugin. */
export type SummaryValue =
  | { readonly tag: string; readonly number: number }
  | { readonly tag: string; readonly text: string }
  | { readonly tag: string; readonly plugin: string; readonly content: Uint8Array }

/** @param at in milliseconds since 1970 */
export const versionRecord = (at: number): Uint8Array =>
  record(
    event(at, 0)
      .tag(3, WireType.LengthDelimited)
      .string('brain.Event:2')
      .tag(10, WireType.LengthDelimited)
      .bytes(new BinaryWriter().tag(1, WireType.LengthDelimited).string('vasp-studio').finish()),
  )

/** Begins a session at a step: readers forget what they have read of this and later steps. */
export const sessionStartRecord = (at: number, step: number): Uint8Array =>
  record(
    event(at, step)
      .tag(7, WireType.LengthDelimited)
      .bytes(new BinaryWriter().tag(1, WireType.Varint).int32(1).finish()),
  )

export function summaryRecord(at: number, step: number, values: readonly SummaryValue[]): Uint8Array {
  const summary = new BinaryWriter()
  for (const value of values) summary.tag(1, WireType.LengthDelimited).bytes(encodedValue(value))
  return record(event(at, step).tag(5, WireType.LengthDelimited).bytes(summary.finish()))
}

/** The settings of a run for the plugin “HParams”. @param startedAt in milliseconds since 1970 */
export function sessionStartInfo(
  settings: readonly (readonly [name: string, value: string | number | boolean])[],
  startedAt: number,
): Uint8Array {
  const info = new BinaryWriter()
  for (const [name, value] of settings) {
    const entry = new BinaryWriter().tag(1, WireType.LengthDelimited).string(name)
    entry.tag(2, WireType.LengthDelimited).bytes(protobufValue(value))
    info.tag(1, WireType.LengthDelimited).bytes(entry.finish())
  }
  info.tag(5, WireType.Bit64).double(startedAt / 1000)
  return new BinaryWriter().tag(3, WireType.LengthDelimited).bytes(info.finish()).finish()
}

const sessionStatus = { unknown: 0, success: 1, failure: 2 } as const

/** How a run ended, for the plugin “HParams”. @param endedAt in milliseconds since 1970 */
export function sessionEndInfo(status: keyof typeof sessionStatus, endedAt: number): Uint8Array {
  const info = new BinaryWriter().tag(1, WireType.Varint).int32(sessionStatus[status])
  info.tag(2, WireType.Bit64).double(endedAt / 1000)
  return new BinaryWriter().tag(4, WireType.LengthDelimited).bytes(info.finish()).finish()
}

/** google.protobuf.Value */
function protobufValue(value: string | number | boolean): Uint8Array {
  const writer = new BinaryWriter()
  if (typeof value === 'number') writer.tag(2, WireType.Bit64).double(value)
  else if (typeof value === 'string') writer.tag(3, WireType.LengthDelimited).string(value)
  else writer.tag(4, WireType.Varint).bool(value)
  return writer.finish()
}

function event(at: number, step: number): BinaryWriter {
  const writer = new BinaryWriter().tag(1, WireType.Bit64).double(at / 1000)
  return step === 0 ? writer : writer.tag(2, WireType.Varint).int64(step)
}

function encodedValue(value: SummaryValue): Uint8Array {
  const writer = new BinaryWriter().tag(1, WireType.LengthDelimited).string(value.tag)
  // Beyond its range, a float32 is infinite.
  if ('number' in value) return writer.tag(2, WireType.Bit32).float(Math.fround(value.number)).finish()
  const [plugin, content, tensor] =
    'text' in value ? ['text', new Uint8Array(), textTensor(value.text)] : [value.plugin, value.content, noTensor()]
  return writer
    .tag(8, WireType.LengthDelimited)
    .bytes(tensor)
    .tag(9, WireType.LengthDelimited)
    .bytes(metadataOf(plugin, content))
    .finish()
}

/** SummaryMetadata with the data of a plugin. */
function metadataOf(plugin: string, content: Uint8Array): Uint8Array {
  const data = new BinaryWriter().tag(1, WireType.LengthDelimited).string(plugin)
  if (content.length > 0) data.tag(2, WireType.LengthDelimited).bytes(content)
  return new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(data.finish()).finish()
}

/** A shape of one dimension. */
function shapeOf(size: number): Uint8Array {
  const dimension = new BinaryWriter()
  if (size !== 0) dimension.tag(1, WireType.Varint).int64(size)
  return new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(dimension.finish()).finish()
}

/** [1] of DT_STRING */
const textTensor = (text: string): Uint8Array =>
  new BinaryWriter()
    .tag(1, WireType.Varint)
    .int32(7)
    .tag(2, WireType.LengthDelimited)
    .bytes(shapeOf(1))
    .tag(8, WireType.LengthDelimited)
    .string(text)
    .finish()

/** [0] of DT_FLOAT: for a value that is all in its metadata. */
const noTensor = (): Uint8Array =>
  new BinaryWriter().tag(1, WireType.Varint).int32(1).tag(2, WireType.LengthDelimited).bytes(shapeOf(0)).finish()

/** A message as a record of a TFRecord file: its length and its bytes, each with its checksum. */
function record(message: BinaryWriter): Uint8Array {
  const bytes = message.finish()
  const framed = new Uint8Array(12 + bytes.length + 4)
  const view = new DataView(framed.buffer)
  view.setBigUint64(0, BigInt(bytes.length), true)
  view.setUint32(8, maskedChecksum(framed.subarray(0, 8)), true)
  framed.set(bytes, 12)
  view.setUint32(12 + bytes.length, maskedChecksum(bytes), true)
  return framed
}

/** CRC-32C, rotated right by 15 bits and shifted by a constant: a checksum of bytes that contain checksums would be weak. */
function maskedChecksum(bytes: Uint8Array): number {
  const crc = crc32c.buf(bytes)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}
