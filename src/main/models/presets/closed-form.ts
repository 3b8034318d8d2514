import type { ModelPreset } from '../../../shared/models'

export const easePresets: readonly ModelPreset[] = [
  {
    name: 'search',
    label: 'Search λ',
    description: 'Solves for eight values of λ and keeps the best by validation NDCG@100.',
    config: { lambdas: '20,50,100,200,350,500,1000,2000' },
  },
  {
    name: 'paper',
    label: 'Paper (MovieLens 20M)',
    description: 'λ = 500, the published value for MovieLens 20M.',
    config: { lambdas: '500' },
  },
]

export const popularityPresets: readonly ModelPreset[] = [
  { name: 'default', label: 'Default', description: 'Nothing to set.', config: {} },
]
