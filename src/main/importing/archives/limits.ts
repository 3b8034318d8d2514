import { statfsSync } from 'node:fs'
import { Transform } from 'node:stream'
import { badInput, StudioError } from '../../../shared/errors'
import { formatBytes } from '../../../shared/format'

/** Text of ratings shrinks to a quarter or a tenth; a thousandth is made to fill disks. Small files may shrink by more. */
const bombRatio = 200
const harmless = 64 * 1024 * 1024
const largest = 256 * 1024 ** 3

/** More bytes of text than any honest file of `packed` bytes holds. */
export const mostUnpacked = (packed: number): number => Math.min(largest, Math.max(harmless, packed * bombRatio))

export const bomb = (name: string, packed: number): StudioError =>
  badInput(
    `${name} unpacks to more than ${formatBytes(mostUnpacked(packed))} from ${formatBytes(packed)}: that is no file of ratings, but one made to fill disks.`,
    'Choose another file; if this one is right, unpack or export it yourself and import what it holds.',
  )

/**
 * Passes unpacked bytes on until they are more than any honest archive of `packed` bytes holds.
 * @throws StudioError BAD_INPUT (through the stream) for a bomb, DISK_FULL before the disk of `folder` is.
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
              message: `The disk that holds the library is full: ${name} cannot be unpacked.`,
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
