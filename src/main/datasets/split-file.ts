import { z } from 'zod'
import { badInput } from '../../shared/errors'
import { formatCount, formatCounted } from '../../shared/format'

const ids = z.array(z.string())
const heldOut = z.object({ user: z.string(), foldIn: ids.min(1), targets: ids.min(1) })

/**
 * A split for exchange with other tools; all ids are external and text. A training user is an id if all positives in the catalogue are training data,
 * and an object with the items otherwise (splits by time). Other keys are ignored.
 */
const splitFile = z.object({
  catalogue: ids.min(1),
  train: z.array(z.union([z.string(), z.object({ user: z.string(), items: ids })])).min(1),
  validation: z.array(heldOut).min(1),
  test: z.array(heldOut).min(1),
})
export type SplitFile = z.infer<typeof splitFile>

const next = 'Check how the file was made. vasp split export writes one that you can compare it with.'

/** Maximum number of examples in a message. */
const EXAMPLES = 3

/** `12 items (“7”, “9”, “11” and 9 more)`. */
const listed = (what: string, names: readonly string[]): string => {
  const shown = names.slice(0, EXAMPLES).map((name) => `“${name}”`)
  if (names.length > EXAMPLES) shown.push(`and ${formatCount(names.length - EXAMPLES)} more`)
  return `${formatCounted(names.length, what)} (${shown.join(', ').replace(', and', ' and')})`
}

/** Throws BAD_INPUT with a count and examples unless `names` is empty. */
export function refuseAny(file: string, what: string, names: Iterable<string>, problem: string): void {
  const distinct = [...new Set(names)]
  if (distinct.length > 0) throw badInput(`${file} names ${listed(what, distinct)} ${problem}.`, next)
}

/**
 * Reads a split file and checks what does not need the data: its form, and that no target is in the fold-in or training data.
 * @throws BAD_INPUT with counts and examples.
 */
export function readSplitFile(text: string, name: string): SplitFile {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw badInput(
      `${name} is not a JSON document: ${error instanceof Error ? error.message : String(error)}.`,
      'Choose a split file as written by vasp split export.',
      { cause: error },
    )
  }
  const read = splitFile.safeParse(json)
  if (!read.success) {
    const [issue] = read.error.issues
    const path = issue && issue.path.length > 0 ? issue.path.join('.') : 'the document'
    throw badInput(
      `${name} is not a split file: ${path}: ${issue?.message ?? 'unreadable'}.`,
      'It needs catalogue (item ids), train (user ids), validation and test (lists of user, foldIn and targets), all ids as text.',
    )
  }
  checkOverlaps(read.data, name)
  return read.data
}

const repeated = (names: readonly string[]): string[] => {
  const seen = new Set<string>()
  return names.filter((name) => seen.size === seen.add(name).size)
}

function checkOverlaps({ catalogue, train, validation, test }: SplitFile, name: string): void {
  refuseAny(name, 'item', repeated(catalogue), 'twice in its catalogue')
  const known = new Set(catalogue)
  const trained = train.map((entry) => (typeof entry === 'string' ? { user: entry, items: null } : entry))
  for (const [field, users] of [
    ['train', trained],
    ['validation', validation],
    ['test', test],
  ] as const)
    refuseAny(name, 'user', repeated(users.map(({ user }) => user)), `twice in ${field}`)

  const measured = [...validation, ...test]
  const named = [
    ...trained.flatMap(({ items }) => items ?? []),
    ...measured.flatMap(({ foldIn, targets }) => [...foldIn, ...targets]),
  ]
  refuseAny(
    name,
    'item',
    named.filter((item) => !known.has(item)),
    'that are not in its catalogue',
  )
  const doubled = measured.filter(({ foldIn, targets }) => repeated([...foldIn, ...targets]).length > 0)
  refuseAny(
    name,
    'user',
    doubled.map(({ user }) => user),
    'with an item twice among fold-in and targets',
  )
  const trainedOn = new Map(trained.map(({ user, items }) => [user, items && new Set(items)]))
  const leaked = measured.filter(({ user, targets }) => {
    const items = trainedOn.get(user)
    return items !== undefined && (items === null || targets.some((item) => items.has(item)))
  })
  refuseAny(
    name,
    'user',
    leaked.map(({ user }) => user),
    'whose targets are trained on',
  )
  const shownEarlier = new Map(validation.map(({ user, foldIn }) => [user, new Set(foldIn)]))
  const early = test.filter(({ user, targets }) => targets.some((item) => shownEarlier.get(user)?.has(item)))
  refuseAny(
    name,
    'user',
    early.map(({ user }) => user),
    'whose test targets are shown in validation',
  )
}
