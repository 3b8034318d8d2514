import { describeGolden, onEachComputePath } from '../../../../test/fixtures/golden-model'

const outputs = ['identity', 'sigmoid'] as const
const cases = [1, 2, 3].flatMap((seed) => outputs.map((output) => ({ seed, output })))

onEachComputePath(() => {
  for (const { seed, output } of cases)
    describeGolden('autorec', {
      file: `../models/autorec-${output}-${seed}`,
      config: { hidden: 6, weightDecay: 0.01, output },
      logits: ['logits'],
      intermediates: output === 'identity' ? { y: (pass) => pass.logits[0]! } : {},
      optimisers: [
        ['adam', 'adam'],
        ['nadam-keras3', 'nadam_keras3'],
      ],
    })
})
