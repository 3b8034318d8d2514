import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LibraryChange } from '../../src/shared/library'
import { ended, startCli } from './processes.fixture'
import { startStudio, type Studio } from './studio.fixture'

let studio: Studio
beforeAll(async () => {
  studio = await startStudio()
})
afterAll(() => studio.remove())

/** Runs `vasp …` on the engine's library, in a process of its own. */
async function elsewhere(...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await ended(startCli(studio.library, args))
  expect(code, `${stdout}${stderr}`).toBe(0)
}

it('an engine informs its pages of imports, renames and deletions by another process', async () => {
  const { client } = studio.engine
  const left = new AbortController()
  const changes = await client.library.changes(undefined, { signal: left.signal })
  /** Reads on until data sets have changed: an import changes its job before. */
  const datasetsChanged = async (): Promise<void> => {
    for (;;) {
      const { value, done } = (await changes.next()) as IteratorResult<LibraryChange, void>
      if (done) throw new Error('The changes ended.')
      if (value.changed.includes('datasets')) return
    }
  }
  const names = async (): Promise<string[]> => (await client.datasets.list()).map(({ name }) => name)
  const file = join(studio.library, 'ratings.csv')
  writeFileSync(file, 'user,item,rating\nann,1,5\nbob,1,4\nbob,2,3\n')

  const imported = datasetsChanged()
  await elsewhere('import', file, '--name', 'films')
  await imported
  expect(await names()).toEqual(['films'])

  const renamed = datasetsChanged()
  await elsewhere('rename', 'dataset', 'films', 'movies')
  await renamed
  expect(await names()).toEqual(['movies'])

  const deleted = datasetsChanged()
  await elsewhere('delete', 'dataset', 'movies', '--yes')
  await deleted
  expect(await names()).toEqual([])
  left.abort()
})
