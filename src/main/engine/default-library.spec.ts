import type * as Os from 'node:os'
import { afterEach, expect, test, vi } from 'vitest'
import { cacheRoot } from '../devices/cache'
import { defaultLibrary, libraryFolder } from './default-library'

const home = vi.hoisted(() => ({ folder: null as string | null }))
vi.mock('node:os', async (load) => ({
  ...(await load<typeof Os>()),
  homedir: () => {
    // What Node throws for a user without an account and without HOME.
    if (home.folder === null)
      throw new Error('A system error occurred: uv_os_homedir returned ENOENT (no such file or directory)')
    return home.folder
  },
}))
afterEach(() => {
  vi.unstubAllEnvs()
  home.folder = null
})

test.each(['linux', 'darwin', 'win32'] as const)(
  'a user without a home folder is told what to name, on %s',
  (platform) => {
    const told: unknown = expect.objectContaining({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/^This user has no home folder/) as string,
      next: expect.stringMatching(/--library or VASP_LIBRARY/) as string,
    })
    expect(() => defaultLibrary(platform, {})).toThrow(told)
    home.folder = ''
    expect(() => defaultLibrary(platform, {})).toThrow(told)
  },
)

test('a named place needs no home folder', () => {
  expect(libraryFolder('/srv/library')).toBe('/srv/library')
  expect(defaultLibrary('linux', { XDG_DATA_HOME: '/srv/data' })).toBe('/srv/data/vasp-studio')
  vi.stubEnv('VASP_CACHE', '')
  vi.stubEnv('XDG_CACHE_HOME', '')
  expect(() => cacheRoot()).toThrow(expect.objectContaining({ next: expect.stringContaining('VASP_CACHE') as string }))
  vi.stubEnv('VASP_CACHE', '/srv/cache')
  expect(cacheRoot()).toBe('/srv/cache')
})
