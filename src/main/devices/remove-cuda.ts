import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readdirSync } from 'node:fs'
import { lockCudaBuild } from './lock'
import { partialFolder, runtimeFolder } from './runtimes'

/**
 * Removes the CUDA build and what an interrupted set-up left of it. Workers that have it loaded keep what they have; the CPU build must be the
 * selected one before. Throws CONFLICT while it is being set up. @returns bytes that were freed
 */
export async function removeCuda(): Promise<number> {
  const release = lockCudaBuild()
  try {
    let freed = 0
    for (const folder of [runtimeFolder('cuda12'), partialFolder()]) {
      freed += await bytesUnder(folder)
      await rm(folder, { recursive: true, force: true })
    }
    return freed
  } finally {
    release()
  }
}

async function bytesUnder(folder: string): Promise<number> {
  let names: string[]
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  } catch {
    return 0
  }
  let bytes = 0
  for (const name of names) {
    const entry = await stat(join(folder, name))
    if (entry.isFile()) bytes += entry.size
  }
  return bytes
}
