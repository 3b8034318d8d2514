/** The families under which models are listed. */
export const families = {
  products: 'Products of models',
  deep: 'Deep autoencoders',
  linear: 'Linear models of items',
  neighbours: 'Neighbours and random walks',
  factorisation: 'Matrix factorisation',
  baselines: 'Baselines',
} as const
