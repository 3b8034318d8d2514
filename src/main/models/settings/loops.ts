/** How the paper’s model (Vančura & Kordík, 2021), its two members and similar products are trained. */

/** Tuned on MovieLens latest-small. */
export const compactLoop = {
  stages: '2e-3x20,4e-4x4',
  continueFrom: 'best',
  patience: 4,
  batchRows: 256,
  augment: true,
  optimiser: 'nadam-keras3',
  alpha: 0.25,
  gamma: 2,
} as const

/** The published schedule. */
export const paperLoop = {
  stages: '5e-5x50,1e-5x20,1e-6x20',
  continueFrom: 'last',
  patience: 0,
  batchRows: 1024,
  augment: true,
  optimiser: 'nadam-tf25',
  alpha: 0.25,
  gamma: 2,
} as const

/** Adam at 1e-3, batches of 500 whole histories, 200 epochs (Liang et al., 2018, section 4). */
export const multinomialPaperLoop = {
  stages: '1e-3x200',
  continueFrom: 'last',
  patience: 0,
  batchRows: 500,
  augment: false,
  optimiser: 'adam',
} as const

/** Smaller batches, because a few hundred users would fit into one batch of 500, and Adam needs some hundreds of steps. */
export const multinomialCompactLoop = {
  ...multinomialPaperLoop,
  stages: '1e-3x100',
  patience: 15,
  batchRows: 100,
} as const
