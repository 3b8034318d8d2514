import { describeGolden, onEachComputePath } from '../../../../test/fixtures/golden-model'
import { draws, widthsOf } from '../../../../test/fixtures/oracle'

onEachComputePath(() => {
  for (const file of draws.map((draw) => `${draw}multvae`))
    describeGolden('mult-vae', {
      file,
      config: { ...widthsOf(file), dropout: 0.5, beta: 0.2, annealSteps: 1 },
      logits: ['logits'],
      intermediates: {
        input_after_dropout: (pass) => pass.normalisedInput('enc1'),
        h: (pass) => pass.input('mu'),
        mu: (pass) => pass.output('mu'),
        logvar: (pass) => pass.output('logvar'),
        z: (pass) => pass.input('dec1'),
        d: (pass) => pass.input('dec2'),
        log_softmax: (pass) => pass.logSoftmax(),
      },
      optimisers: [['adam', 'adam']],
    })
})
