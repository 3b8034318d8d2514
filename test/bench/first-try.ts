import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../src/main/store/open'
import { corpusEntries, missesOf } from '../exports-corpus'
import type { Benchmark } from './benchmark'

/** Exports that were never seen before go in at the first try in 28 of 30 cases; those of the corpus have all been seen. */
const LEAST = 28 / 30

/** How many of the corpus of exports are read right without any help; those that are not are named. */
export const firstTry: Benchmark = {
  name: 'first-try',
  what: 'Exports of the corpus that go in right at the first try',
  async run(say) {
    const corpus = join('test', 'fixtures', 'exports')
    const folder = await mkdtemp(join(tmpdir(), 'vasp-first-try-'))
    const store = openStore(join(folder, 'library'))
    try {
      const entries = corpusEntries(corpus)
      let right = 0
      for (const entry of entries) {
        const misses = await missesOf(entry, corpus, store).catch((error: unknown) => [String(error)])
        if (misses.length === 0) right++
        else say(`Missed: ${entry.files.join(', ')} (${entry.about}): ${misses.join('; ')}`)
      }
      const share = right / entries.length
      say(`${right} of ${entries.length} right at the first try.`)
      return [
        {
          case: `${entries.length} exports: right at the first try`,
          value: right,
          unit: 'exports',
          ratio: share,
          target: LEAST,
          bound: 'least',
          met: share >= LEAST,
        },
      ]
    } finally {
      store.close()
      await rm(folder, { recursive: true, force: true })
    }
  },
}
