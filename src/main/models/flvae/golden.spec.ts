import { describeGolden, onEachComputePath, optimisersOfCases } from '../../../../test/fixtures/golden-model'

const small = { hidden: 6, latent: 4 }

onEachComputePath(() => {
  describeGolden('flvae', {
    file: 'flvae-single-head',
    config: { ...small, heads: '1' },
    logits: ['logitsA'],
    optimisers: optimisersOfCases,
  })
  describeGolden('flvae', {
    file: 'flvae-two-head',
    config: { ...small, heads: '2' },
    logits: ['logitsA', 'logitsC'],
    optimisers: optimisersOfCases,
  })
})
