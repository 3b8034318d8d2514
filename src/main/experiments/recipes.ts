import type { ExperimentKind, PresetSet, System } from '../../shared/experiments'
import type { ModelConfig, ModelKind } from '../../shared/models'
import { configure, modelOf, models } from '../models/registry'

/** A recipe that needs no more than data: title, what it compares, and its systems. */
export interface BuiltInRecipe {
  readonly kind: 'table-1' | 'table-2' | 'table-3' | 'ablations'
  readonly title: string
  readonly summary: string
  readonly systems: (presets: PresetSet) => System[]
}

export const recipeTitles: Readonly<Record<ExperimentKind, string>> = {
  'table-1': 'Table I: NEASE by loss',
  'table-2': 'Table II: VASP by training approach',
  'table-3': 'Table III: all systems',
  ablations: 'Ablations of VASP',
  custom: 'Comparison',
  search: 'Search',
}

/** The preset of a set: its own name where the model has it, the model's default otherwise. */
export function presetOf(kind: ModelKind, presets: PresetSet): string {
  const definition = modelOf(kind)
  return definition.presets.find(({ name }) => name === presets)?.name ?? definition.defaultPreset
}

interface Part {
  readonly row?: string | null
  readonly label?: string
  readonly overrides?: ModelConfig
  readonly members?: readonly string[]
}

const systemOf = (
  key: string,
  model: ModelKind,
  presets: PresetSet,
  { row = key, label = modelOf(model).name, overrides = {}, members }: Part = {},
): System => ({
  key,
  row,
  label,
  model,
  // A combination of trained runs trains nothing, so it has no settings either.
  preset: members ? null : presetOf(model, presets),
  overrides,
  members: members ? [...members] : null,
})

/** NEASE trained with each loss of table I; for `row` they compete, without it each has a row of its own. */
function neaseByLoss(presets: PresetSet, name: string, row?: string): System[] {
  const words = { mse: 'MSE', cosine: 'cosine proximity', focal: 'focal loss' }
  return Object.entries(words).map(([loss, word]) =>
    systemOf(`nease-${loss}`, 'nease', presets, {
      ...(row === undefined ? {} : { row }),
      label: `${name} (${word})`,
      overrides: { loss },
    }),
  )
}

/** The rows of table III that are one model each, in the paper's order, below popularity and AutoRec. */
const systemsBeforeNease: readonly ModelKind[] = [
  'popularity',
  'autorec',
  'mult-dae',
  'mult-vae',
  'ease',
  'recvae',
  'hvamp',
]
const systemsAfterNease: readonly ModelKind[] = ['flvae', 'vasp']

const oneModelEach = (kinds: readonly ModelKind[], presets: PresetSet): System[] =>
  kinds.map((kind) => systemOf(kind, kind, presets))

/** What the paper does not compare and analysts look for: models whose definition says so, in the order in which models are offered. */
const systemsNotInThePaper = (presets: PresetSet): System[] =>
  models.flatMap(({ kind, name, reproduce }) =>
    reproduce === null ? [] : [systemOf(kind, kind, presets, { label: `${name} (${reproduce})` })],
  )

/** The two paths are trained for the pretrained ensemble alone and have no row of their own. */
const trainingApproaches = (presets: PresetSet): System[] => [
  systemOf('flvae', 'flvae', presets, { row: null }),
  systemOf('nease', 'nease', presets, { row: null }),
  systemOf('vasp-pretrained', 'hadamard', presets, { label: 'Pretrained ensemble', members: ['flvae', 'nease'] }),
  systemOf('vasp-alternating', 'vasp', presets, {
    label: 'Alternating training',
    overrides: { training: 'alternating' },
  }),
  systemOf('vasp-joint', 'vasp', presets, { label: 'Joint training', overrides: { training: 'joint' } }),
]

/** One setting changed at a time: key, the values that are tried beside the preset's own, and how a row of it reads. */
interface Ablation {
  readonly key: string
  readonly values: (own: ModelConfig[string]) => readonly ModelConfig[string][]
  readonly label: (value: ModelConfig[string]) => string
}

const doubledAndHalved = (own: ModelConfig[string]): number[] =>
  typeof own === 'number' ? [Math.max(1, Math.round(own / 2)), own * 2] : []

const ablationsOfVasp: readonly Ablation[] = [
  { key: 'augment', values: () => [true, false], label: (on) => (on ? 'With A/B split' : 'Without A/B split') },
  {
    key: 'heads',
    values: () => ['1', '2'],
    label: (heads) => (heads === '1' ? 'One output head' : 'Two output heads'),
  },
  { key: 'alpha', values: () => [0.1, 0.25, 0.5, 0.75], label: (alpha) => `Focal α = ${alpha}` },
  { key: 'gamma', values: () => [0, 1, 2, 4], label: (gamma) => `Focal γ = ${gamma}` },
  { key: 'encoderDepth', values: () => [1, 3, 7], label: (layers) => `Encoder layers ${layers}` },
  { key: 'decoderDepth', values: () => [1, 3, 5], label: (layers) => `Decoder layers ${layers}` },
  { key: 'latent', values: doubledAndHalved, label: (latent) => `Latent width ${latent}` },
]

function ablations(presets: PresetSet): System[] {
  const { config: base } = configure(modelOf('vasp'), presetOf('vasp', presets), {})
  return [
    systemOf('vasp', 'vasp', presets, { label: 'VASP as in the preset' }),
    ...ablationsOfVasp.flatMap(({ key, values, label }) =>
      values(base[key] ?? '')
        .filter((value) => value !== base[key])
        .map((value) =>
          systemOf(`${key.toLowerCase()}-${String(value)}`, 'vasp', presets, {
            label: label(value),
            overrides: { [key]: value },
          }),
        ),
    ),
  ]
}

/** The recipes that are offered at one click, built from the models' definitions. */
export const builtInRecipes: readonly BuiltInRecipe[] = [
  {
    kind: 'table-1',
    title: recipeTitles['table-1'],
    summary: 'Neural EASE trained with mean squared error, cosine proximity and focal loss.',
    systems: (presets) => neaseByLoss(presets, 'NEASE'),
  },
  {
    kind: 'table-2',
    title: recipeTitles['table-2'],
    summary: 'FLVAE and NEASE trained apart and multiplied, trained in turns, and trained jointly.',
    systems: trainingApproaches,
  },
  {
    kind: 'table-3',
    title: recipeTitles['table-3'],
    summary:
      'Every system of the paper on the same held-out users, NEASE with the loss that validates best; below them systems that are not in the paper.',
    systems: (presets) => [
      ...oneModelEach(systemsBeforeNease, presets),
      ...neaseByLoss(presets, 'NEASE', 'nease'),
      ...oneModelEach(systemsAfterNease, presets),
      ...systemsNotInThePaper(presets),
    ],
  },
  {
    kind: 'ablations',
    title: recipeTitles.ablations,
    summary: 'VASP with one setting changed at a time: A/B split, output heads, focal α and γ, depth, latent width.',
    systems: ablations,
  },
]
