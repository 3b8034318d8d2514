import { describe, expect, it } from 'vitest'
import { expectClose } from '../../../../test/fixtures/closeness'
import {
  describeGolden,
  goldenModel,
  onEachComputePath,
  optimisersOfCases,
  withModel,
} from '../../../../test/fixtures/golden-model'
import { alternatingCase, asStored, readCase, type FixtureTensor } from '../../../../test/fixtures/oracle'
import { batchOf, expectWeights, passOf } from '../../../../test/fixtures/oracle-model'
import { denseGradient } from '../../compute/sparse-gradient'
import { disposeDifferentiated } from '../differentiate'

const small = { hidden: 6, latent: 4, heads: '2' }

/** The fixtures’ NEASE steps by each rule’s own ε. */
const ownEpsilon = (optimiser: string) => ({ neaseEpsilon: optimiser === 'adam' ? 1e-8 : 1e-7 })

onEachComputePath(() => {
  describeGolden('vasp', {
    file: 'vasp-joint',
    config: small,
    logits: ['logitsA', 'logitsC', 'logitsN'],
    optimisers: optimisersOfCases,
    configFor: ownEpsilon,
  })

  describe('vasp-alternating', () => {
    const golden = readCase('vasp-alternating', alternatingCase)
    it.each(optimisersOfCases)(
      'with %s moves only the path whose turn it is, with its own step counter',
      (optimiser, name) =>
        withModel(
          goldenModel(
            'vasp',
            { ...small, optimiser, ...ownEpsilon(optimiser), training: 'alternating' },
            golden.weights,
          ),
          async (model) => {
            const known = { ...golden.weights }
            model.beginStage({ learningRate: 0.01, epochs: 1 })
            for (const [k, step] of golden.optimisers[name]!.steps.entries()) {
              const { inputs, noise } = golden.step_inputs[k]!
              // The authors' FLVAE begins; here NEASE has the even steps.
              const pass = (): ReturnType<typeof passOf> => ({
                ...passOf(noise),
                step: step.trains === 'nease' ? 0 : 1,
              })
              const { gradients, losses } = model.differentiate(batchOf(inputs), pass())
              const slopes: Record<string, FixtureTensor> = {}
              try {
                expect(Object.keys(gradients).sort()).toEqual([...step.moved].sort())
                expectClose(await losses.total!.data(), [step.loss.total!], { relative: 1e-5 }, 'total')
                for (const [weight, gradient] of Object.entries(gradients)) {
                  const { shape } = model.parameters.get(weight)!
                  const matrix = denseGradient(gradient)
                  slopes[weight] = asStored(weight, { shape, data: [...(await matrix.data())] })
                  matrix.dispose()
                }
              } finally {
                disposeDifferentiated({ losses, gradients })
              }
              await model.step(batchOf(inputs), pass())
              Object.assign(known, step.weights_after)
              await expectWeights(model, known, slopes)
            }
          },
        ),
    )
  })
})
