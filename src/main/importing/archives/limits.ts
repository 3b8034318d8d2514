import { statfsSync } from 'node:fs'
import { Transform } from 'node:stream'
import { badInput, StudioError } from '../../../shared/errors'
import { formatBytes } from '../../../shared/format'

/** Rating text compresses to between a quarter and a tenth; a ratio of a thousand is an archive made to fill disks. Small files may compress further. */
const bombRatio = 200
const harmless = 64 * 1024 * 1024
const largest = 256 * 1024 ** 3

/** More bytes of text than any genuine archive of `packed` bytes contains. */
export const mostUnpacked = (packed: number): number => Math.min(largest, Math.max(harmless, packed * bombRatio))

export const bomb = (name: string, packed: number): StudioError =>
  badInput(
    `${name} unpacks to more than ${formatBytes(mostUnpacked(packed))} from ${formatBytes(packed)}. It is not a file of ratings; it was made to fill disks.`,
    'Choose another file. If this one is right, unpack or export it yourself and import its contents.',
  )

/**
 * Passes unpacked bytes on until there are more than any genuine archive of `packed` bytes contains.
 * @throws StudioError BAD_INPUT (through the stream) for an archive bomb, DISK_FULL before the disk of `folder` is full.
 */
export function unpackingLimit(name: string, packed: number, folder: string): Transform {
  const most = mostUnpacked(packed)
  let bytes = 0
  let checked = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > most) {
        done(bomb(name, packed))
        return
      }
      if (bytes - checked > harmless) {
        checked = bytes
        const disk = statfsSync(folder)
        if (disk.bavail * disk.bsize < harmless) {
          done(
            new StudioError({
              code: 'DISK_FULL',
              message: `${name} cannot be unpacked: the disk with the library is full.`,
              next: 'Free some space there, or choose another library folder, then try again.',
            }),
          )
          return
        }
      }
      done(null, chunk)
    },
  })
}
