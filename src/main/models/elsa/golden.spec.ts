import { expect, it } from 'vitest'
import { expectClose } from '../../../../test/fixtures/closeness'
import { describeGolden, goldenModel, onEachComputePath, withModel } from '../../../../test/fixtures/golden-model'
import { modelCase, readCase } from '../../../../test/fixtures/oracle'
import { batchOf } from '../../../../test/fixtures/oracle-model'
import { largestOf, roundingIn } from '../../../../test/fixtures/rounding'
import { rowOf } from '../../numeric/csr'

const losses = ['cosine', 'focal'] as const
const cases = [1, 2, 3].flatMap((seed) => losses.map((loss) => ({ seed, loss })))

onEachComputePath(() => {
  for (const { seed, loss } of cases)
    describeGolden('elsa', {
      file: `../models/elsa-${loss}-${seed}`,
      config: { dimension: 4, loss, alpha: 0.25, gamma: 2 },
      logits: ['logits'],
      // By cosine it is trained to give scores, which are no probabilities.
      intermediates: loss === 'cosine' ? { y: (pass) => pass.logits[0]! } : {},
      optimisers: [
        ['adam', 'adam'],
        ['nadam-keras3', 'nadam_keras3'],
      ],
    })

  it.each(losses)('splits every logit into one contribution for each item of the history, trained by %s', (loss) => {
    const file = `../models/elsa-${loss}-1`
    const golden = readCase(file, modelCase)
    const logits = golden.forward['logits']!.data
    const absolute = roundingIn(file, 'forward') * largestOf(logits)
    const { input } = batchOf(golden.inputs)
    return withModel(goldenModel('elsa', { dimension: 4, loss }, input.columns, golden.weights), async (model) => {
      // By cosine the sum is the score itself, by focal loss the logit of its only member.
      const linear = loss === 'cosine' ? model.linear : model.members[0]?.linear
      expect(model.members.map(({ name }) => name)).toEqual(loss === 'cosine' ? [] : ['elsa'])
      const history = rowOf(input, 0)
      for (let target = 0; target < input.columns; target++) {
        const contributions = await linear!.contributions(target, history)
        expect(contributions).toHaveLength(history.length)
        const own = history.indexOf(target)
        if (own >= 0) expect(contributions[own]).toBe(0)
        const sum = contributions.reduce((total, one) => total + one, 0)
        expectClose([sum], [logits[target]!], { absolute }, `logit of item ${target}`)
      }
      expect(await linear!.contributions(2, [])).toHaveLength(0)
    })
  })
})
