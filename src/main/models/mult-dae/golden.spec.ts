import { describeGolden, onEachComputePath } from '../../../../test/fixtures/golden-model'
import { draws, widthsOf } from '../../../../test/fixtures/oracle'

onEachComputePath(() => {
  for (const file of draws.map((draw) => `${draw}multdae`))
    describeGolden('mult-dae', {
      file,
      config: { ...widthsOf(file), dropout: 0.5, weightDecay: 0.01 },
      logits: ['logits'],
      intermediates: {
        input_after_dropout: (pass) => pass.normalisedInput('enc1'),
        h: (pass) => pass.input('dec1'),
        log_softmax: (pass) => pass.logSoftmax(),
      },
      optimisers: [['adam', 'adam']],
    })
})
