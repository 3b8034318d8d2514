import type { FilePreview, ImportPreview } from '../../../shared/datasets'
import {
  type Choice,
  type ChoiceControl,
  choiceControls,
  controlsNamedIn,
  isWarning,
  itemsControls,
  type Reading,
  warningsOf,
} from '../../../shared/reading'

/** One line of a reading: a choice, or the same choice for several files. */
export interface ReadingRow {
  readonly choice: Choice
  /** The subject of the choice, such as “Dates” or “who”. */
  readonly subject: string
  /** The files that it applies to; empty if that is clear. */
  readonly files: readonly string[]
}

/** A reading as it is shown: guesses that change the data first, then likely choices, then those that are certain or change nothing. */
export interface ReadingGroups {
  readonly guesses: readonly ReadingRow[]
  readonly likely: readonly ReadingRow[]
  readonly settled: readonly ReadingRow[]
}

export function groupsOf(choices: Reading): ReadingGroups {
  const rows = rowsOf(choices)
  const isLikely = ({ certainty, affectsData }: Choice): boolean => certainty === 'likely' && affectsData
  return {
    guesses: rows.filter(({ choice }) => isWarning(choice)),
    likely: rows.filter(({ choice }) => isLikely(choice)),
    settled: rows.filter(({ choice }) => !isWarning(choice) && !isLikely(choice)),
  }
}

/** Choices that several files share are one row; files are named if there are several. */
function rowsOf(choices: Reading): ReadingRow[] {
  const several = new Set(choices.map(({ file }) => file).filter((file) => file !== null)).size > 1
  const rows = new Map<string, { choice: Choice; subject: string; files: string[] }>()
  for (const choice of choices) {
    const { file, ...same } = choice
    const key = JSON.stringify(same)
    const row = rows.get(key) ?? { choice, subject: subjectOf(choice), files: [] }
    if (several && file !== null) row.files.push(file)
    rows.set(key, row)
  }
  return [...rows.values()]
}

function subjectOf({ about, column }: Choice): string {
  if (column === null) return about.charAt(0).toUpperCase() + about.slice(1)
  return about === 'column' ? `“${column}”` : `“${column}”, ${about}`
}

/** A problem that prevents the import, with the controls that solve it. */
export interface ReadingProblem {
  readonly text: string
  readonly controls: readonly ChoiceControl[]
}

/** The problems of a preview in addition to its choices: user or item columns that were not recognised, and warnings that no choice contains. */
export function problemsOf(
  preview: ImportPreview,
  mapping: { user: string | null; item: string | null },
): ReadingProblem[] {
  const shown = controlsOf(preview)
  const said = new Set(warningsOf(preview.choices))
  const open = (['user', 'item'] as const).filter((role) => mapping[role] === null)
  return [
    ...open.map((role) => ({
      text: `No column was recognised as the ${role}s. Choose it; the other columns are then recognised again.`,
      controls: [role === 'user' ? ('User' as const) : ('Item' as const)],
    })),
    ...preview.warnings
      .filter((warning) => !said.has(warning))
      .map((text) => ({ text, controls: controlsNamedIn(text).filter((control) => shown.has(control)) })),
  ]
}

export const isWorkbook = ({ format }: FilePreview): boolean => format === 'Excel workbook'

const isText = ({ text }: FilePreview): boolean => text != null
/** The files for which each control has an effect; controls that are not listed apply to all files. */
const applications: Readonly<Partial<Record<ChoiceControl, (file: FilePreview) => boolean>>> = {
  Sheet: (file) => isWorkbook(file) && file.tables.length > 1,
  Table: (file) => !isWorkbook(file) && file.tables.length > 1,
  Encoding: isText,
  Separator: isText,
  Quotes: isText,
  'First row': (file) => isText(file) || isWorkbook(file),
  'Skip lines': (file) => isText(file) || isWorkbook(file),
}
export const appliesTo = (control: ChoiceControl, file: FilePreview): boolean => applications[control]?.(file) ?? true

/** The controls of choices that may be wrong. */
export const markedControls = (choices: Reading): ReadonlySet<ChoiceControl> =>
  new Set(choices.filter(isWarning).map(({ control }) => control))

/** The control of other files that does the same as one of the items file. */
const ofAnyFile = new Map<ChoiceControl, ChoiceControl>(
  Object.entries(itemsControls).map(([control, ofItems]) => [ofItems, control as keyof typeof itemsControls]),
)

/** The control of the last step, which shows how many rows it is about. */
export const controlOfReview: ChoiceControl = 'Same user and item again'

/** The controls that the import shows for files, in the step before the last. */
export const controlsOf = ({ ratings, items, ratingValues }: ImportPreview): ReadonlySet<ChoiceControl> =>
  new Set(
    choiceControls.filter((control) => {
      if (control === controlOfReview) return false
      if (control === 'Rating values') return ratingValues != null
      const same = ofAnyFile.get(control)
      return same === undefined ? appliesTo(control, ratings) : items !== null && appliesTo(same, items)
    }),
  )

/** The controls of an items file on its own. */
export const controlsOfDetails = (file: FilePreview): ReadonlySet<ChoiceControl> =>
  new Set([...ofAnyFile.values()].filter((control) => appliesTo(control, file)))
