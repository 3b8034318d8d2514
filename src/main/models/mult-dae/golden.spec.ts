import { describeGolden, onEachComputePath } from '../../../../test/fixtures/golden-model'
import { draws, widthsOf } from '../../../../test/fixtures/oracle'

onEachComputePath(() => {
  for (const file of draws.map((draw) => `${draw}multdae`))
    describeGolden('mult-dae', {
      file,
      config: { ...widthsOf(file), dropout: 0.5, weightDecay: 0.01 },
      logits: ['logits'],
      optimisers: [['adam', 'adam']],
    })
})
