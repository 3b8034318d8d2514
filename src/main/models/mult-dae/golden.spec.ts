import { describeGolden, onEachComputePath } from '../../../../test/fixtures/golden-model'

onEachComputePath(() => {
  describeGolden('mult-dae', {
    file: 'multdae',
    config: { hidden: 6, dropout: 0.5, weightDecay: 0.01 },
    logits: ['logits'],
    optimisers: [['adam', 'adam']],
  })
})
