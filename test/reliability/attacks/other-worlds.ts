import { join } from 'node:path'
import type { Random } from '../../../src/main/numeric/random'
import type { StartOptions } from '../product'

const second = 1000
const hour = 3600 * second
const day = 24 * hour

/** What a second process sees that starts beside a running one. */
export interface World {
  readonly name: string
  /** How `vasp` is started so that it sees this world. */
  options(root: string): StartOptions
}

/** All clocks of a process are ahead by `shift` ms; `blind`: process ids and /proc mean nothing to it, as in a container. */
const lying = (name: string, lies: { readonly shift?: number; readonly blind?: boolean }): World => ({
  name,
  options: (root) => ({
    env: {
      NODE_OPTIONS: `--require=${join(root, 'test/fixtures/processes/lying.cjs')}`,
      VASP_TEST_LIES: JSON.stringify(lies),
    },
  }),
})

/** A process-id namespace of its own, with its own /proc: as another container on the same library. */
export const container: World = {
  name: 'a process-id namespace',
  options: () => ({ node: 'unshare', flags: ['--pid', '--fork', '--kill-child', '--mount-proc', process.execPath] }),
}

export const knownWorlds: readonly World[] = [
  lying('clocks an hour ahead', { shift: hour }),
  lying('clocks a day behind', { shift: -day }),
  lying('no process ids and clocks a day ahead', { blind: true, shift: day }),
  lying('clocks 2 s ahead', { shift: 2 * second }),
  lying('clocks an hour behind', { shift: -hour }),
  lying('no process ids', { blind: true }),
  lying('the same clocks', {}),
]

const drawShift = (random: Random): number =>
  Math.round(Math.exp(random.uniform() * Math.log(3650 * day)) * (random.integer(2) === 0 ? 1 : -1))
const clocks = (shift: number): string => `clocks ${(shift / second).toFixed(1)} s ahead`

/** Clocks that are ahead or behind by milliseconds to years, and nothing else: without /proc, other kernels would be chosen, which round otherwise. */
export function drawClocks(random: Random): World {
  const shift = drawShift(random)
  return lying(clocks(shift), { shift })
}

/** A shift from milliseconds to years, forward or back, with or without process ids. */
export function drawWorld(random: Random): World {
  const shift = drawShift(random)
  const blind = random.integer(3) === 0
  return lying(`${clocks(shift)}${blind ? ', no process ids' : ''}`, { shift, blind })
}
