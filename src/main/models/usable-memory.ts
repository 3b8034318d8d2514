import { badInput } from '../../shared/errors'

/** Bytes that a run may take: what is free on this machine (or left of its container's limit), unless `VASP_MEMORY` says how many GiB. */
export function usableMemory(env: NodeJS.ProcessEnv = process.env): number {
  const said = env['VASP_MEMORY']
  if (said === undefined || said === '') return process.availableMemory()
  const gibibytes = Number(said)
  if (gibibytes > 0) return gibibytes * 2 ** 30
  throw badInput(
    `VASP_MEMORY is “${said}”, which is no amount of memory.`,
    'Set it to the GiB that a run may take, for example 16, or remove it.',
  )
}
