import { describe, expect, it } from 'vitest'
import {
  describeGolden,
  goldenModel,
  onEachComputePath,
  optimisersOfCases,
  withModel,
} from '../../../../test/fixtures/golden-model'
import { flvaeIntermediates } from '../../../../test/fixtures/models/flvae-intermediates'
import {
  alternatingCase,
  asStored,
  draws,
  readCase,
  widthsOf,
  type FixtureTensor,
} from '../../../../test/fixtures/oracle'
import { batchOf, expectWeights, passOf } from '../../../../test/fixtures/oracle-model'
import { expectLoss } from '../../../../test/fixtures/rounding'
import { denseGradient } from '../../compute/sparse-gradient'
import { disposeDifferentiated } from '../differentiate'

/** In the fixtures NEASE uses each optimiser's own ε. */
const ownEpsilon = (optimiser: string) => ({ neaseEpsilon: optimiser === 'adam' ? 1e-8 : 1e-7 })

onEachComputePath(() => {
  for (const file of draws.map((draw) => `${draw}vasp-joint`))
    describeGolden('vasp', {
      file,
      config: { ...widthsOf(file), heads: '2' },
      logits: ['logitsA', 'logitsC', 'logitsN'],
      intermediates: {
        ...flvaeIntermediates,
        y_flvae: (pass) => pass.probability(0, 2),
        y_nease: (pass) => pass.probability(2, 3),
      },
      optimisers: optimisersOfCases,
      configFor: ownEpsilon,
    })

  describe.each(draws.map((draw) => `${draw}vasp-alternating`))('%s', (file) => {
    const golden = readCase(file, alternatingCase)
    const [{ inputs: first }] = golden.step_inputs as [(typeof golden.step_inputs)[number]]
    it.each(optimisersOfCases)(
      'with %s trains one member per step, in turn, with its own step counter',
      (optimiser, name) =>
        withModel(
          goldenModel(
            'vasp',
            { ...widthsOf(file), heads: '2', optimiser, ...ownEpsilon(optimiser), training: 'alternating' },
            batchOf(first).input.columns,
            golden.weights,
          ),
          async (model) => {
            const known = { ...golden.weights }
            const slopes: Record<string, FixtureTensor> = {}
            model.beginStage({ learningRate: 0.01, epochs: 1 })
            for (const [k, step] of golden.optimisers[name]!.steps.entries()) {
              const { inputs, noise } = golden.step_inputs[k]!
              // The authors begin with FLVAE; here NEASE has the even steps.
              const pass = (): ReturnType<typeof passOf> => ({
                ...passOf(noise),
                step: step.trains === 'nease' ? 0 : 1,
              })
              const { gradients, losses } = model.differentiate(batchOf(inputs), pass())
              try {
                expect(Object.keys(gradients).sort()).toEqual([...step.moved].sort())
                expectLoss(await losses.total!.data(), step.loss.total!, file, 'total')
                for (const [weight, gradient] of Object.entries(gradients)) {
                  const { shape } = model.parameters.get(weight)!
                  const matrix = denseGradient(gradient)
                  try {
                    slopes[weight] = asStored(weight, { shape, data: [...(await matrix.data())] })
                  } finally {
                    matrix.dispose()
                  }
                }
              } finally {
                disposeDifferentiated({ losses, gradients })
              }
              await model.step(batchOf(inputs), pass())
              Object.assign(known, step.weights_after)
              await expectWeights(model, known, slopes, file)
            }
          },
        ),
    )
  })
})
