import { z } from 'zod'
import type { ModelPreset } from '../../../shared/models'
import { defineModel, type Parsed } from '../definition'
import { families } from '../families'
import { VASP_PAPER } from '../papers'
import { focalSettings, hidden, latent, loopSettings, precision, pseudoInputs } from '../settings/keys'
import { compactLoop, paperLoop } from '../settings/loops'
import { connectedLayers, denseLayer, pseudoInputsOf, type ParameterShape } from '../shapes'

const memberSettings = {
  hidden,
  latent,
  precision,
  heads: z.enum(['1', '2']).meta({
    title: 'Output heads',
    description:
      '2: the product of two sigmoid heads, as in the authors’ code; 1: one sigmoid output, the paper’s wording.',
  }),
  encoderDepth: z.number().int().min(1).max(64).default(7).meta({
    title: 'Encoder layers',
    unit: 'layers',
    description: 'Densely connected layers from the items to μ and log σ²; 7 in the paper.',
  }),
  decoderDepth: z.number().int().min(1).max(64).default(5).meta({
    title: 'Decoder layers',
    unit: 'layers',
    description: 'Densely connected layers from z to the output; 5 in the paper.',
  }),
  prior: z.enum(['standard', 'vamp']).default('standard').meta({
    title: 'Prior of FLVAE',
    description:
      'standard: N(0, 1), as in the paper; vamp: a VampPrior of trainable pseudo-inputs, the paper’s future work.',
  }),
  pseudoInputs,
}
export type FlvaeShape = Parsed<typeof memberSettings>

const settings = z.strictObject({ ...memberSettings, ...loopSettings, ...focalSettings })
export type FlvaeSettings = z.output<typeof settings>

/** Encoder, heads of μ and log σ², decoder, one or two output heads (VASP paper, figure 1). */
function shapes(settings: FlvaeShape, items: number): ParameterShape[] {
  const { hidden, latent, heads, encoderDepth, decoderDepth, prior, pseudoInputs: components } = settings
  // Pseudo-inputs pass the first layer as dense rows.
  const first = prior === 'vamp' ? 'accumulated' : 'sparse'
  return [
    ...connectedLayers('enc', encoderDepth, items, hidden, first),
    ...denseLayer('mu', hidden, latent),
    ...denseLayer('logvar', hidden, latent),
    ...connectedLayers('dec', decoderDepth, latent, hidden),
    ...denseLayer('headA', hidden, items),
    ...(heads === '2' ? denseLayer('headC', latent, items) : []),
    ...(prior === 'vamp' ? [pseudoInputsOf(components, items)] : []),
  ]
}

export const member = { settings: memberSettings, shapes }

const compact = { hidden: 512, latent: 256, heads: '2', ...compactLoop } as const
const paperWidths = { hidden: 4096, latent: 2048 } as const

/** The sources' settings, which VASP shares. */
export const presets: readonly ModelPreset[] = [
  {
    name: 'compact',
    label: 'Compact',
    description: 'H = 512, L = 256: trains in minutes on two cores; right for up to some 100,000 interactions.',
    config: compact,
  },
  {
    name: 'reference-code',
    label: 'Reference code',
    description:
      'The authors’ code: H = 4096, L = 2048, two heads, batches of 2,048 rows. It uses the most popular third of the items (--most-popular 33%; in the app: Most popular). Needs a large machine.',
    // The authors' code stacks 1,024 B→A and 1,024 A→B rows in a step, and its third stage uses 1e-5.
    config: {
      ...paperWidths,
      heads: '2',
      ...paperLoop,
      stages: '5e-5x50,1e-5x20,1e-5x20',
      batchRows: 2048,
    },
  },
  {
    name: 'paper',
    label: 'Paper',
    description:
      'As the paper’s text says: H = 4096, L = 2048, one output head, batches of 1,024 rows. Needs a large machine.',
    config: { ...paperWidths, heads: '1', ...paperLoop },
  },
  {
    name: 'vamp',
    label: 'Compact with VampPrior',
    description:
      'The same with a VampPrior, the paper’s future work: the prior is the mean posterior of trainable histories.',
    config: { ...compact, prior: 'vamp' },
  },
]

export const definition = defineModel({
  kind: 'flvae',
  name: 'FLVAE',
  family: families.deep,
  paper: `${VASP_PAPER}, section III-B`,
  summary: 'The deep path alone: a densely connected variational autoencoder trained with focal loss.',
  explanation: 'FLVAE alone: a deep model whose score cannot be split into one contribution per item of the history.',
  order: 2,
  settings,
  loop: (parsed) => parsed,
  presets,
  defaultPreset: 'compact',
  probability: () => true,
  shapes,
  member,
  load: () => import('./model'),
})
