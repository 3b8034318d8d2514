import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { trackerFolder } from './tracker-options'

describe('the folder of a tracker', () => {
  it('is made with the folders around it', () => {
    const above = mkdtempSync(join(tmpdir(), 'vasp-tracker-'))
    const folder = join(above, 'team', 'runs')
    expect(trackerFolder(folder)).toBe(folder)
    expect(statSync(folder).isDirectory()).toBe(true)
    expect(trackerFolder(folder)).toBe(folder)
    rmSync(above, { recursive: true })
  })

  // Node’s recursive mkdir never returns there.
  it.runIf(process.platform === 'linux').each(['/proc/runs', '/proc/team/runs'])(
    'is refused where a file system has no new folders, as %s',
    (folder) => {
      expect(() => trackerFolder(folder)).toThrow(/^ENOENT: .*mkdir '\/proc\/(?:runs|team)'$/)
    },
  )
})
