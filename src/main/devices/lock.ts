import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StudioError } from '../../shared/errors'
import { cacheRoot } from './cache'

/** Set-up scripts keep their locks in the same way (scripts/setup/cache.mjs). */
const lockFile = (): string => join(cacheRoot(), 'locks', 'cuda')

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it exists, but belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Lets one process of this machine at a time change the CUDA build. Throws CONFLICT while another one does; a lock whose process has died does
 * not count. @returns a function that releases it
 */
export function lockCudaBuild(): () => void {
  const file = lockFile()
  mkdirSync(dirname(file), { recursive: true })
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return () => rmSync(file, { force: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const holder = Number(readFileSync(file, 'utf8'))
      if (holder > 0 && holder !== process.pid && isAlive(holder)) throw beingChanged(holder)
      rmSync(file, { force: true })
    }
  }
  throw beingChanged(null)
}

const beingChanged = (holder: number | null): StudioError =>
  new StudioError({
    code: 'CONFLICT',
    message: `Another VASP Studio is changing the CUDA build${holder === null ? '' : ` (process ${holder})`}.`,
    next: 'Wait until it has finished, or cancel it there.',
  })
