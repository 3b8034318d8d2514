import { badInput } from '../../shared/errors'

/**
 * Bytes that a run may use: the free memory, unless `VASP_MEMORY` gives the number of GiB.
 *
 * @param free free memory of the device; by default that of this machine, or of its container
 */
export function usableMemory(env: NodeJS.ProcessEnv = process.env, free = process.availableMemory()): number {
  const said = env['VASP_MEMORY']
  if (said === undefined || said === '') return free
  const gibibytes = Number(said)
  if (gibibytes > 0) return gibibytes * 2 ** 30
  throw badInput(
    `VASP_MEMORY is “${said}”, which is not an amount of memory.`,
    'Set it to the number of GiB that a run may use, for example 16, or remove it.',
  )
}
