import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readdirSync } from 'node:fs'
import { lockCudaBuild } from './lock'
import { partialFolder, runtimeFolder } from './runtimes'

/**
 * Removes the CUDA build and the files of an interrupted set-up. Workers that have it loaded keep it; the CPU build must be
 * selected before. Throws CONFLICT while it is being set up. @returns the freed bytes
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
