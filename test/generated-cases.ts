import fc from 'fast-check'

/**
 * Property tests draw their cases from one seed, so that every run of the same commit meets the same cases. `VASP_TEST_SEED=7` draws
 * others, `VASP_TEST_SEED=random` new ones at each run; the message of a failing case has its seed.
 */
const seed = process.env['VASP_TEST_SEED'] ?? '1'
if (seed !== 'random') {
  if (!/^\d{1,9}$/.test(seed)) throw new Error(`VASP_TEST_SEED is "${seed}": give a whole number, or "random".`)
  fc.configureGlobal({ seed: Number(seed) })
}
