import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where everything that is downloaded or compiled lies; the set-up scripts use the same place (scripts/setup/cache.mjs). */
export function cacheRoot(): string {
  const { VASP_CACHE: own = '', XDG_CACHE_HOME: shared = '' } = process.env
  if (own !== '') return resolve(own)
  return join(shared === '' ? join(homedir(), '.cache') : shared, 'vasp-studio')
}
