import { badInput } from '../../shared/errors'

/**
 * Bytes that a run may take: what is free, unless `VASP_MEMORY` says how many GiB.
 *
 * @param free of the device that it runs on: by default this machine's own memory (or what is left of its container's limit)
 */
export function usableMemory(env: NodeJS.ProcessEnv = process.env, free = process.availableMemory()): number {
  const said = env['VASP_MEMORY']
  if (said === undefined || said === '') return free
  const gibibytes = Number(said)
  if (gibibytes > 0) return gibibytes * 2 ** 30
  throw badInput(
    `VASP_MEMORY is “${said}”, which is no amount of memory.`,
    'Set it to the GiB that a run may take, for example 16, or remove it.',
  )
}
