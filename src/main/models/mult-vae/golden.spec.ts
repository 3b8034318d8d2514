import { describeGolden, onEachComputePath } from '../../../../test/fixtures/golden-model'
import { draws, widthsOf } from '../../../../test/fixtures/oracle'

onEachComputePath(() => {
  for (const file of draws.map((draw) => `${draw}multvae`))
    describeGolden('mult-vae', {
      file,
      config: { ...widthsOf(file), dropout: 0.5, beta: 0.2, annealSteps: 1 },
      logits: ['logits'],
      optimisers: [['adam', 'adam']],
    })
})
