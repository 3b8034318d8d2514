import { join, resolve } from 'node:path'
import { homeFolder } from '../devices/home-folder'

/**
 * Folder of the library where nobody named one: the user's data folder of the platform, the same for every host, so that the app and the
 * command line see the same runs. Throws BAD_INPUT where this user has no home folder and no variable names another place.
 */
export function defaultLibrary(
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const home = (): string => homeFolder('Name the folder of the library with --library or VASP_LIBRARY.')
  if (platform === 'darwin') return join(home(), 'Library', 'Application Support', 'vasp-studio')
  if (platform === 'win32') return join(given(env.LOCALAPPDATA) ?? join(home(), 'AppData', 'Local'), 'vasp-studio')
  return join(given(env.XDG_DATA_HOME) ?? join(home(), '.local', 'share'), 'vasp-studio')
}

/** The library folder to use, absolute: the one asked for, else `VASP_LIBRARY`, else the default. */
export const libraryFolder = (asked: string | undefined): string =>
  resolve(given(asked) ?? given(process.env.VASP_LIBRARY) ?? defaultLibrary())

/** A variable that is set to nothing counts as not set. */
const given = (value: string | undefined): string | undefined => (value === '' ? undefined : value)
