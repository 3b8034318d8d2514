import { describeGolden, onEachComputePath, optimisersOfCases } from '../../../../test/fixtures/golden-model'
import { draws } from '../../../../test/fixtures/oracle'

onEachComputePath(() => {
  for (const draw of draws)
    for (const loss of ['mse', 'cosine', 'focal'])
      describeGolden('nease', {
        file: `${draw}nease-${loss}`,
        config: { loss },
        logits: ['logits'],
        optimisers: optimisersOfCases,
      })
})
