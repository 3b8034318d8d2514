import { join, resolve } from 'node:path'
import { homeFolder } from '../devices/home-folder'

/**
 * The default library folder: the user's data folder of the platform, the same for every host, so that the app and the command line see the same
 * runs. Throws BAD_INPUT if this user has no home folder and no variable sets another folder.
 */
export function defaultLibrary(
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const home = (): string => homeFolder('Set the library folder with --library or VASP_LIBRARY.')
  if (platform === 'darwin') return join(home(), 'Library', 'Application Support', 'vasp-studio')
  if (platform === 'win32') return join(given(env.LOCALAPPDATA) ?? join(home(), 'AppData', 'Local'), 'vasp-studio')
  return join(given(env.XDG_DATA_HOME) ?? join(home(), '.local', 'share'), 'vasp-studio')
}

/** The absolute path of the library folder: the given one, else `VASP_LIBRARY`, else the default. */
export const libraryFolder = (asked: string | undefined): string =>
  resolve(given(asked) ?? given(process.env.VASP_LIBRARY) ?? defaultLibrary())

/** An empty variable counts as not set. */
const given = (value: string | undefined): string | undefined => (value === '' ? undefined : value)
