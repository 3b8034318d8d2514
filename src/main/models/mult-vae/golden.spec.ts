import { describeGolden, onEachComputePath } from '../../../../test/fixtures/golden-model'

onEachComputePath(() => {
  describeGolden('mult-vae', {
    file: 'multvae',
    config: { hidden: 6, latent: 4, dropout: 0.5, beta: 0.2, annealSteps: 1 },
    logits: ['logits'],
    optimisers: [['adam', 'adam']],
  })
})
