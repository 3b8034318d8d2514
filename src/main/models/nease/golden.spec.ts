import { describeGolden, onEachComputePath, optimisersOfCases } from '../../../../test/fixtures/golden-model'

onEachComputePath(() => {
  for (const loss of ['mse', 'cosine', 'focal'])
    describeGolden('nease', {
      file: `nease-${loss}`,
      config: { loss },
      logits: ['logits'],
      optimisers: optimisersOfCases,
    })
})
