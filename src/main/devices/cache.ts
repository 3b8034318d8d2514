import { join, resolve } from 'node:path'
import { homeFolder } from './home-folder'

/** The folder of everything that is downloaded or compiled; the set-up scripts use the same one (scripts/setup/cache.mjs). */
export function cacheRoot(): string {
  const { VASP_CACHE: own = '', XDG_CACHE_HOME: shared = '' } = process.env
  if (own !== '') return resolve(own)
  const next = 'Set VASP_CACHE to a folder that this user can write to.'
  return join(shared === '' ? join(homeFolder(next), '.cache') : shared, 'vasp-studio')
}
