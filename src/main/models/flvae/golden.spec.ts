import { describeGolden, onEachComputePath, optimisersOfCases } from '../../../../test/fixtures/golden-model'
import { flvaeIntermediates } from '../../../../test/fixtures/models/flvae-intermediates'
import { draws, widthsOf } from '../../../../test/fixtures/oracle'

onEachComputePath(() => {
  for (const draw of draws)
    for (const [name, heads, logits] of [
      ['flvae-single-head', '1', ['logitsA']],
      ['flvae-two-head', '2', ['logitsA', 'logitsC']],
    ] as const) {
      const file = `${draw}${name}`
      describeGolden('flvae', {
        file,
        config: { ...widthsOf(file), heads },
        logits,
        intermediates: flvaeIntermediates,
        optimisers: optimisersOfCases,
      })
    }
})
