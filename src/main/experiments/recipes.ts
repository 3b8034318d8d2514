import type { ExperimentKind, PresetSet, System } from '../../shared/experiments'
import type { ModelConfig, ModelKind } from '../../shared/models'
import { configure, modelOf, models } from '../models/registry'

/** A recipe that needs only data: title, description and systems. */
export interface BuiltInRecipe {
  readonly kind: 'table-1' | 'table-2' | 'table-3' | 'ablations' | 'product'
  readonly title: string
  readonly summary: string
  readonly systems: (presets: PresetSet) => System[]
}

export const recipeTitles: Readonly<Record<ExperimentKind, string>> = {
  'table-1': 'Table I: NEASE by loss',
  'table-2': 'Table II: VASP by training approach',
  'table-3': 'Table III: all systems',
  ablations: 'Ablations of VASP',
  product: 'Best product',
  custom: 'Comparison',
  search: 'Search',
}

/** The preset of a set: the preset of that name if the model has one, else the default. */
export function presetOf(kind: ModelKind, presets: PresetSet): string {
  const definition = modelOf(kind)
  return definition.presets.find(({ name }) => name === presets)?.name ?? definition.defaultPreset
}

interface RowOptions {
  readonly row?: string | null
  readonly label?: string
  readonly note?: string
  readonly overrides?: ModelConfig
  readonly members?: readonly string[]
  /** For data of the size of the default preset; the papers' settings have no such presets. */
  readonly smallPreset?: string
}

const systemOf = (
  key: string,
  model: ModelKind,
  presets: PresetSet,
  { row = key, label = modelOf(model).name, note, overrides = {}, members, smallPreset }: RowOptions = {},
): System => ({
  key,
  row,
  label,
  note: note ?? null,
  model,
  // A combination of trained runs is not trained, so it has no settings.
  preset: members ? null : presets === 'small' && smallPreset !== undefined ? smallPreset : presetOf(model, presets),
  overrides,
  members: members ? [...members] : null,
})

/** NEASE trained with each loss of table I; if `row` is given they compete for it, else each has its own row. */
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

/** The rows of table III with a single model, in the paper's order, below popularity and AutoRec. */
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

/** Models that are not in the paper but have a row below it, according to their definitions. */
const systemsNotInThePaper = (presets: PresetSet): System[] =>
  models.flatMap(({ kind, reproduce }) =>
    reproduce === null ? [] : [systemOf(kind, kind, presets, { note: reproduce })],
  )

/** FLVAE and NEASE are trained only for the pretrained ensemble and have no rows of their own. */
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

/** Members with different errors: linear, deep and products. The product with weights from the validation users comes last. */
function bestProduct(presets: PresetSet): System[] {
  const members = [
    ...oneModelEach(['ease', 'mult-dae', 'vasp'], presets),
    systemOf('vasp-denoising', 'hadamard', presets, {
      label: 'VASP + denoising',
      smallPreset: 'vasp-denoising',
      overrides: { members: 'flvae,nease,mult-dae' },
    }),
  ]
  const keys = members.map(({ key }) => key)
  return [
    ...members,
    systemOf('plain-product', 'hadamard', presets, { label: 'Plain product of the rows above', members: keys }),
    systemOf('best-product', 'hadamard', presets, {
      label: 'Best product of the same',
      members: keys,
      overrides: { weights: 'validation' },
    }),
  ]
}

/** One setting changed at a time: key, the values other than the preset's, and the label of the row. */
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

/** The built-in recipes, from the models' definitions. */
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
    summary: 'FLVAE and NEASE trained separately and multiplied, trained in alternation, and trained jointly.',
    systems: trainingApproaches,
  },
  {
    kind: 'table-3',
    title: recipeTitles['table-3'],
    summary:
      'All systems of the paper on the same held-out users, NEASE with the loss that validates best; below them, systems that are not in the paper.',
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
  {
    kind: 'product',
    title: recipeTitles.product,
    summary:
      'EASE, Mult-DAE, VASP and VASP + denoising, their plain product, and their product with weights chosen on validation users.',
    systems: bestProduct,
  },
]
