import type { ModelConfig, ModelKind } from '../../shared/models'
import { parseMembers } from './settings/members'

/** The largest matrix of a model, and all its matrices together, in entries. Biases and norms are left out: they are a thousandth. */
export interface WeightCount {
  readonly all: number
  readonly largest: number
  /** Entries that are kept beside the parameters and never move: RecVAE's previous encoder. */
  readonly still: number
  /** Entries whose gradient is the sum of two: weight decay's joins it, or that of pseudo-inputs. */
  readonly summed: number
  /** Entries of weights whose gradient stays sparse where our own kernels run: first layers that nothing but sparse rows is multiplied by. */
  readonly sparse: number
  /** Floats of one row of what those layers give. */
  readonly sparseOutputs: number
  /** Floats of one row in the hidden layers. */
  readonly hidden: number
}

type Matrices = readonly (readonly [inputs: number, outputs: number])[]

const counted = (
  matrices: Matrices,
  { still = [], sparse = [], summed = [] }: { still?: Matrices; sparse?: Matrices; summed?: Matrices } = {},
): WeightCount => ({
  all: sizes(matrices).reduce((sum, size) => sum + size, 0),
  largest: Math.max(...sizes(matrices)),
  still: sizes(still).reduce((sum, size) => sum + size, 0),
  summed: sizes(summed).reduce((sum, size) => sum + size, 0),
  sparse: sizes(sparse).reduce((sum, size) => sum + size, 0),
  sparseOutputs: outputsOf(sparse),
  hidden: outputsOf(matrices),
})
const outputsOf = (matrices: Matrices): number => matrices.reduce((sum, [, outputs]) => sum + outputs, 0)
const sizes = (matrices: Matrices): number[] => matrices.map(([inputs, outputs]) => inputs * outputs)

const repeated = (times: number, matrix: readonly [number, number]): Matrices =>
  Array.from({ length: Math.max(0, times) }, () => matrix)

/**
 * Counts the weights of a model that is trained by steps, from its config alone; null for a model that is solved.
 *
 * @param config complete
 * @param items of the catalogue
 */
export function weightCount(kind: ModelKind, config: ModelConfig, items: number): WeightCount | null {
  const number = (key: string, standard: number): number => {
    const value = config[key]
    return typeof value === 'number' ? value : standard
  }
  const [h, l] = [number('hidden', 0), number('latent', 0)]
  switch (kind) {
    case 'nease':
      return counted([[items, items]], { sparse: [[items, items]] })
    case 'flvae': {
      const heads = config['heads'] === '1' ? 1 : 2
      const encoder: Matrices = [[items, h], ...repeated(number('encoderDepth', 7) - 1, [h, h])]
      const decoder: Matrices = [[l, h], ...repeated(number('decoderDepth', 5) - 1, [h, h])]
      const pseudo: Matrices = config['prior'] === 'vamp' ? [[number('pseudoInputs', 200), items]] : []
      const out: Matrices =
        heads === 2
          ? [
              [h, items],
              [l, items],
            ]
          : [[h, items]]
      // Pseudo-inputs go through the first layer as dense rows.
      const sparse: Matrices = pseudo.length === 0 ? [[items, h]] : []
      return counted([...encoder, [h, l], [h, l], ...decoder, ...out, ...pseudo], {
        sparse,
        summed: pseudo.length === 0 ? [] : [[items, h]],
      })
    }
    case 'mult-dae':
    case 'autorec': {
      const matrices: Matrices = [
        [items, h],
        [h, items],
      ]
      const count = counted(matrices)
      return { ...count, summed: count.all }
    }
    case 'mult-vae':
      return counted(
        [
          [items, h],
          [h, l],
          [h, l],
          [l, h],
          [h, items],
        ],
        { sparse: [[items, h]] },
      )
    case 'recvae': {
      const encoder: Matrices = [[items, h], ...repeated(4, [h, h]), [h, l], [h, l]]
      return counted([...encoder, [l, items]], { still: encoder, sparse: [[items, h]] })
    }
    case 'hvamp': {
      const head: Matrices = repeated(2, [h, l])
      const ofItems: Matrices = repeated(4, [items, h])
      const ofHidden: Matrices = [...repeated(4, [h, h]), ...repeated(4, [2 * h, h])]
      const ofLatent: Matrices = repeated(8, [l, h])
      const pseudo: Matrices = [[number('pseudoInputs', 200), items]]
      return counted([...ofItems, ...ofHidden, ...ofLatent, ...head, ...head, ...head, [h, items], ...pseudo], {
        summed: ofItems,
      })
    }
    case 'vasp':
      return together(['flvae', 'nease'], config, items)
    case 'hadamard':
      return together(parseMembers(String(config['members'])) ?? [], config, items)
    case 'ease':
    case 'popularity':
      return null
  }
}

/** A product of members has the weights of all. */
function together(kinds: readonly ModelKind[], config: ModelConfig, items: number): WeightCount {
  const counts = kinds.map((kind) => weightCount(kind, config, items)).filter((count) => count !== null)
  const sum = (of: (count: WeightCount) => number): number => counts.reduce((total, count) => total + of(count), 0)
  return {
    all: sum(({ all }) => all),
    largest: Math.max(...counts.map(({ largest }) => largest)),
    still: sum(({ still }) => still),
    summed: sum(({ summed }) => summed),
    sparse: sum(({ sparse }) => sparse),
    sparseOutputs: sum(({ sparseOutputs }) => sparseOutputs),
    hidden: sum(({ hidden }) => hidden),
  }
}
