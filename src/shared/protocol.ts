import { exactPercent, formatCount, formatCounted } from './format'
import type { ValueKind } from './liked-threshold'
import { mostPopularInput, mostPopularText } from './most-popular'
import {
  defaultSplit,
  preparation as preparationSchema,
  splitSettings,
  type Preparation,
  type RecallDenominator,
  type SplitMethod,
  type SplitSettings,
  type SplitSummary,
} from './runs'

/** What determines users, targets and the counting of hits: preparation, split and recall's denominator. */
export interface Protocol {
  readonly preparation: Preparation
  readonly split: SplitSettings
}

/** A protocol on its data; `valueKind`: what the interactions' values are, `splitSummary`: the resulting split, once they are known. */
export interface MeasuredBy extends Protocol {
  readonly dataset: number
  readonly valueKind?: ValueKind
  readonly splitSummary?: SplitSummary | null
}

type Settings = Preparation & SplitSettings
export type ProtocolKey = keyof Settings

/** Every setting of a protocol, in the order of the schemas. */
export const protocolKeys: readonly ProtocolKey[] = [
  ...preparationSchema.keyof().options,
  ...splitSettings.keyof().options,
]

/** By default, a tenth of the users that the filters leave is held out, at most this many. */
const mostByDefault = 10_000

/** The default number of held-out users. @param users that the filters leave */
export const defaultHeldOut = (users: number): number => Math.max(1, Math.min(mostByDefault, Math.round(users / 10)))

/** The smallest number of training users. */
export const fewestTrainingUsers = 5

export const splitMethodTexts: Readonly<Record<SplitMethod, string>> = {
  users: 'whole users',
  'leave-last-out': 'each user’s last item',
  date: 'everything from a date on',
  file: 'according to a split file',
}

export const catalogueTexts: Readonly<Record<Preparation['catalogue'], string>> = {
  train: 'training items',
  all: 'all items',
}

export const denominatorTexts: Readonly<Record<RecallDenominator, string>> = {
  'min(k, |R|)': 'min(k, targets)',
  '|R|': 'all targets',
}

/** The text for the default number of measured users. */
export const heldOutByDefault = (method: SplitMethod): string =>
  method === 'users' ? `a tenth, at most ${formatCount(mostByDefault)}` : 'all that can be measured'

/** The names of the values that a threshold applies to. */
const valueNames: Readonly<Record<Exclude<ValueKind, 'none'>, string>> = {
  rating: 'ratings',
  count: 'counts',
  'event weight': 'event weights',
}

/** What counts as liked: `ratings of 4 or higher`. @param values what the interactions' values are; null if unknown */
export const likedText = (threshold: number | null, values: ValueKind | null): string =>
  threshold === null || values === 'none'
    ? 'every interaction'
    : `${values === null ? 'values' : valueNames[values]} of ${threshold} or higher`

interface Field<Key extends ProtocolKey> {
  readonly label: string
  /** Whether label and text read as one phrase: “Users with at least” “5 liked items”. */
  readonly isPhrase?: true
  /** A description, also of a filter that is off. @param values what the interactions' values are; null if unknown */
  readonly text: (value: Settings[Key], settings: Settings, values: ValueKind | null) => string
  /** Whether the setting has an effect beside the others. */
  readonly applies: (settings: Settings) => boolean
}

const always = (): boolean => true
/** A split file determines the users and their items itself. */
const unlessByFile = ({ method }: Settings): boolean => method !== 'file'
const notGiven = 'not given'
const day = (value: string | null, none: string): string => (value === null ? none : `${value} (UTC)`)
const heldOut = (value: number | null, { method }: Settings): string =>
  value === null ? heldOutByDefault(method) : formatCount(value)

const fields: { readonly [Key in ProtocolKey]: Field<Key> } = {
  threshold: {
    label: 'Liked',
    text: (value, _, values) => likedText(value, values),
    applies: always,
  },
  minInteractions: {
    label: 'Users with at least',
    isPhrase: true,
    text: (value) => formatCounted(value, 'liked item'),
    applies: unlessByFile,
  },
  minPerItem: {
    label: 'Items with at least',
    isPhrase: true,
    text: (value) => formatCounted(value, 'user'),
    applies: unlessByFile,
  },
  from: { label: 'First day', text: (value) => day(value, 'any'), applies: always },
  until: { label: 'Last day', text: (value) => day(value, 'any'), applies: always },
  mostPopular: {
    label: 'Most popular items',
    text: (value) => (value === null ? 'all' : mostPopularText(value)),
    applies: unlessByFile,
  },
  sample: {
    label: 'Share of users',
    text: (value) => (value === null ? 'all' : exactPercent(value)),
    applies: unlessByFile,
  },
  sampleSeed: {
    label: 'Sample seed',
    text: String,
    applies: ({ sample, method }) => sample !== null && method !== 'file',
  },
  catalogue: { label: 'Catalogue', text: (value) => catalogueTexts[value], applies: unlessByFile },
  method: { label: 'Held out', text: (value) => splitMethodTexts[value], applies: always },
  seed: {
    label: 'Split seed',
    text: String,
    // Splits by time measure all possible users, so the seed has an effect only if fewer are requested.
    applies: ({ method, test, validation }) =>
      method === 'users' || (method !== 'file' && (test !== null || validation !== null)),
  },
  test: { label: 'Test users', text: heldOut, applies: unlessByFile },
  validation: { label: 'Validation users', text: heldOut, applies: unlessByFile },
  foldIn: {
    label: 'Fold-in share',
    text: (value) => `${exactPercent(value)} of a held-out user’s items`,
    applies: ({ method }) => method === 'users',
  },
  date: { label: 'First test day', text: (value) => day(value, notGiven), applies: ({ method }) => method === 'date' },
  file: {
    label: 'Split file',
    text: (value) => (value === null ? notGiven : `${value.name} (SHA-256 ${value.sha256.slice(0, 16)}…)`),
    applies: ({ method }) => method === 'file',
  },
  recallDenominator: {
    label: 'Recall divides by',
    isPhrase: true,
    text: (value) => denominatorTexts[value],
    applies: always,
  },
}

/** The label of a setting in forms and descriptions. */
export const protocolLabel = (key: ProtocolKey): string => fields[key].label

const settingsOf = ({ preparation, split }: Protocol): Settings => ({ ...preparation, ...split })

export type ProtocolValue = string | number | null

const valueOf = (settings: Settings, key: ProtocolKey, values: ValueKind | null): ProtocolValue => {
  if (!fields[key].applies(settings)) return null
  // Interactions without values are all liked, whatever the threshold.
  if (key === 'threshold' && values === 'none') return null
  const value = settings[key]
  if (value === null || typeof value !== 'object') return value
  // A file is identified by its content, not its name.
  return 'sha256' in value ? value.sha256 : mostPopularInput(value)
}

/**
 * The value of each setting that has an effect; null for the others and for filters that are off.
 * @param values what the interactions' values are; null if unknown
 */
export function protocolValues(
  protocol: Protocol,
  values: ValueKind | null = null,
): Record<ProtocolKey, ProtocolValue> {
  const settings = settingsOf(protocol)
  return Object.fromEntries(protocolKeys.map((key) => [key, valueOf(settings, key, values)])) as Record<
    ProtocolKey,
    ProtocolValue
  >
}

/**
 * The cell of each setting in a table of data: its value; in words if there is none, as for a filter that is off (`all`); null for settings without
 * effect.
 */
export function protocolCells(protocol: Protocol, values: ValueKind): Record<ProtocolKey, ProtocolValue> {
  const settings = settingsOf(protocol)
  return Object.fromEntries(
    protocolKeys.map((key) => [key, valueOf(settings, key, values) ?? lineOf(key, settings, values)?.text ?? null]),
  ) as Record<ProtocolKey, ProtocolValue>
}

/** The default number of users if the filters' effect is known, else null. */
function knownDefault({ split, splitSummary }: Pick<MeasuredBy, 'split' | 'splitSummary'>): number | null {
  const left = splitSummary?.filters.at(-1)?.users
  return split.method === 'users' && left !== undefined ? defaultHeldOut(left) : null
}

/**
 * The settings in which two protocols on the same data differ. A default size counts as its actual number, if that is known; a threshold has no
 * effect if the interactions have no values.
 */
export function protocolDifferences(a: Omit<MeasuredBy, 'dataset'>, b: Omit<MeasuredBy, 'dataset'>): ProtocolKey[] {
  const values = a.valueKind ?? b.valueKind ?? null
  const [left, right] = [protocolValues(a, values), protocolValues(b, values)]
  const sizes = [knownDefault(a), knownDefault(b)] as const
  return protocolKeys.filter((key) => {
    if (left[key] === right[key]) return false
    if (key !== 'test' && key !== 'validation') return true
    const asked = [left[key] ?? sizes[0], right[key] ?? sizes[1]] as const
    return asked[0] === null || asked[0] !== asked[1]
  })
}

/** Whether two results are comparable: same data, and protocols that measure the same users on the same items. */
export const sameProtocol = (a: MeasuredBy, b: MeasuredBy): boolean =>
  a.dataset === b.dataset && protocolDifferences(a, b).length === 0

/**
 * Whether two preparations have the same effect.
 * @param values what the interactions' values are; null for any data
 */
export const samePreparation = (a: Preparation, b: Preparation, values: ValueKind | null = null): boolean => {
  const measured = (preparation: Preparation) => ({
    preparation,
    split: defaultSplit,
    ...(values === null ? {} : { valueKind: values }),
  })
  return protocolDifferences(measured(a), measured(b)).length === 0
}

/** One line of a description: `Users with at least`, `5 liked items`. */
export interface Described {
  readonly key: ProtocolKey | 'data'
  readonly label: string
  readonly text: string
  /** Both within a sentence: `users with at least 5 liked items`, `split seed: 1`. */
  readonly inline: string
}

/** The data of a protocol, by name, with the kind of its interactions' values. */
export interface DescribedData {
  readonly datasetName: string
  readonly datasetVersion: number
  readonly valueKind: ValueKind
}

function lineOf<Key extends ProtocolKey>(
  key: Key,
  settings: Settings,
  values: ValueKind | null,
): (Described & { readonly key: Key }) | null {
  const { label, text, applies }: Field<Key> = fields[key]
  if (!applies(settings)) return null
  const said = text(settings[key], settings, values)
  return { key, label, text: said, inline: inlineOf(key, said) }
}

const withFirst = (text: string, change: (letter: string) => string): string => change(text.charAt(0)) + text.slice(1)

function inlineOf(key: ProtocolKey, text: string): string {
  const { label, isPhrase } = fields[key]
  return `${withFirst(label, (letter) => letter.toLowerCase())}${isPhrase ? '' : ':'} ${text}`
}

/**
 * The differences between a protocol and another one on the same data: `split seed: 2 instead of 1; users with at least 5 liked items instead of 7 liked items`.
 * Settings that have an effect in only one of the two follow from another difference, and are left out.
 */
export function contrastText(a: Omit<MeasuredBy, 'dataset'>, b: Omit<MeasuredBy, 'dataset'>): string {
  const values = a.valueKind ?? b.valueKind ?? null
  const [left, right] = [settingsOf(a), settingsOf(b)]
  return protocolDifferences(a, b)
    .flatMap((key) => {
      const [line, other] = [lineOf(key, left, values), lineOf(key, right, values)]
      return line && other ? [`${line.inline} instead of ${other.text}`] : []
    })
    .join('; ')
}

const described = (keys: readonly ProtocolKey[], settings: Settings, values: ValueKind | null): Described[] =>
  keys.map((key) => lineOf(key, settings, values)).filter((line) => line !== null)

const dataLine = (text: string): Described => ({ key: 'data', label: 'Data', text, inline: `data: ${text}` })

/** Data, filters (also those that are off), split and denominator, a line each; settings without effect are left out. */
export const protocolDescription = (measured: Protocol & DescribedData): Described[] => [
  dataLine(`${measured.datasetName}, version ${measured.datasetVersion}`),
  ...described(protocolKeys, settingsOf(measured), measured.valueKind),
]

/** Filters, split and denominator, if the data are named elsewhere. */
export const settingsDescription = (protocol: Protocol): Described[] =>
  described(protocolKeys, settingsOf(protocol), null)

/** Saved filters, which can apply to any data. */
export const preparationDescription = (preparation: Preparation): Described[] =>
  described(preparationSchema.keyof().options, settingsOf({ preparation, split: defaultSplit }), null)

/** `Data: films, version 1; liked: ratings of 4 or higher; …`, as one sentence. */
export const descriptionSentence = (lines: readonly Described[]): string =>
  `${withFirst(lines.map(({ inline }) => inline).join('; '), (letter) => letter.toUpperCase())}.`

/** For each description, the lines that not all of them have. */
export function distinguishing(descriptions: readonly (readonly Described[])[]): Described[][] {
  const keyOf = ({ key, text }: Described): string => `${key} ${text}`
  const counts = new Map<string, number>()
  for (const line of descriptions.flat()) counts.set(keyOf(line), (counts.get(keyOf(line)) ?? 0) + 1)
  return descriptions.map((lines) => lines.filter((line) => counts.get(keyOf(line)) !== descriptions.length))
}

/** A protocol among several: what it is called beside figures, and the lines of its description that not all of them have. */
export interface MarkedProtocol {
  readonly mark: string
  readonly description: readonly Described[]
  readonly text: string
}

/** `A` … `Z`, `AA` … */
const letters = (index: number): string =>
  `${index < 26 ? '' : letters(Math.floor(index / 26) - 1)}${String.fromCharCode(65 + (index % 26))}`

/**
 * The protocol under which each run was measured, by run, marked from the oldest on: figures are comparable only with the same mark. Empty if all
 * have the same. A default size and the same size given explicitly count as different if the resulting splits are not known.
 */
export function markedProtocols<Id extends number>(
  runs: readonly (MeasuredBy & DescribedData & { readonly id: Id })[],
): ReadonlyMap<Id, MarkedProtocol> {
  const groups: (typeof runs)[number][][] = []
  for (const run of [...runs].sort((a, b) => a.id - b.id)) {
    const group = groups.find(([first]) => first && sameProtocol(first, run))
    if (group) group.push(run)
    else groups.push([run])
  }
  if (groups.length < 2) return new Map()
  const descriptions = groups.flatMap(([first]) => (first ? [protocolDescription(first)] : []))
  const lines = distinguishing(descriptions)
  return new Map(
    groups.flatMap((group, index) => {
      const text = descriptionSentence(lines[index] ?? [])
      const protocol = { mark: letters(index), description: descriptions[index] ?? [], text }
      return group.map(({ id }) => [id, protocol] as const)
    }),
  )
}
