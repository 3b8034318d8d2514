import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeTemporaryFolder, removeDeadFolders } from './temporary-folders'

let library: string
let parent: string
beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-temporary-'))
  parent = join(library, 'scratch')
})
afterEach(() => rmSync(library, { recursive: true, force: true }))

it('removes the folders of dead processes, reports their size, and keeps those of living ones and of others', () => {
  const mine = makeTemporaryFolder(parent)
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  for (const name of [`${'0'.repeat(32)}-new`, `${pid}-left`, `import-${pid}-older`]) {
    mkdirSync(join(parent, name, 'spilled'), { recursive: true })
    writeFileSync(join(parent, name, 'spilled', 'rows'), 'x'.repeat(1_000_000))
  }
  mkdirSync(join(parent, 'notes'))
  const removed = removeDeadFolders(parent)
  expect(removed.folders).toBe(3)
  expect(removed.bytes).toBeGreaterThanOrEqual(3_000_000)
  expect(existsSync(mine)).toBe(true)
  expect(readdirSync(parent)).toHaveLength(2)
  expect(removeDeadFolders(parent)).toEqual({ folders: 0, bytes: 0 })
  expect(removeDeadFolders(join(library, 'nowhere'))).toEqual({ folders: 0, bytes: 0 })
})
