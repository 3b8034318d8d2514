import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AttackSetting } from '../reliability/attack'
import { attacks } from '../reliability/attacks'
import { runAttack, withBaseLibrary } from '../reliability/run-attack'
import { appRoot } from './studio.fixture'

/** The attacks of `npm run reliability` in their short form: the same code with smaller counts. */
describe('under attack', () => {
  let base: AttackSetting['base']
  let done: () => void
  let removed: Promise<void>
  beforeAll(async () => {
    await new Promise<void>((ready) => {
      removed = withBaseLibrary(appRoot, async (library) => {
        base = library
        ready()
        await new Promise<void>((resolve) => (done = resolve))
      })
    })
  })
  afterAll(async () => {
    done()
    await removed
  })

  it.for(attacks)('the product holds against $name', async (attack) => {
    const setting = { root: appRoot, scale: 'short', seed: 1, only: null, say: () => undefined, base } as const
    const { results } = await runAttack(attack, setting)
    expect(results.flatMap(({ breaches }) => breaches)).toEqual([])
    expect(results.reduce((sum, { tried }) => sum + tried, 0)).toBeGreaterThan(0)
  })
})
