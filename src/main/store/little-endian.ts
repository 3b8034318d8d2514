/**
 * Arrays as BLOBs. Every platform that the app runs on is little-endian, so memory and file agree.
 * A BLOB from SQLite can start at any address, so reading copies it to an aligned one.
 */
export const toBlob = (values: NodeJS.TypedArray): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength)

export const aligned = (blob: Buffer): ArrayBuffer => {
  const copy = new ArrayBuffer(blob.byteLength)
  new Uint8Array(copy).set(blob)
  return copy
}

export const int32FromBlob = (blob: Buffer): Int32Array => new Int32Array(aligned(blob))
export const float32FromBlob = (blob: Buffer): Float32Array => new Float32Array(aligned(blob))
