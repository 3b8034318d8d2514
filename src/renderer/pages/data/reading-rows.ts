import type { FilePreview, ImportPreview } from '../../../shared/datasets'
import {
  type Choice,
  type ChoiceControl,
  choiceControls,
  controlsNamedIn,
  isWarning,
  type Reading,
  warningsOf,
} from '../../../shared/reading'

/** What one line of a reading shows: a choice, or the same choice of several files. */
export interface ReadingRow {
  readonly choice: Choice
  /** What the choice is about, as “Dates” or “who”. */
  readonly subject: string
  /** The files that it is made for; empty where that is plain. */
  readonly files: readonly string[]
}

/** A reading as it is shown: guesses that change the data first, then what is likely, then what is certain or changes nothing. */
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

/** Choices that several files share are one row; files are named where there are several. */
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

/** What keeps files from being imported as they are read, with the controls that settle it. */
export interface ReadingProblem {
  readonly text: string
  readonly controls: readonly ChoiceControl[]
}

/** What a preview says beside its choices: which of user and item could not be told, and warnings that no choice gives already. */
export function problemsOf(
  preview: ImportPreview,
  mapping: { user: string | null; item: string | null },
): ReadingProblem[] {
  const shown = controlsOf(preview)
  const said = new Set(warningsOf(preview.choices))
  const open = (['user', 'item'] as const).filter((role) => mapping[role] === null)
  return [
    ...open.map((role) => ({
      text: `No column could be told to hold the ${role}s. Choose it; what the other columns hold is then told anew.`,
      controls: [role === 'user' ? ('User' as const) : ('Item' as const)],
    })),
    ...preview.warnings
      .filter((warning) => !said.has(warning))
      .map((text) => ({ text, controls: controlsNamedIn(text).filter((control) => shown.has(control)) })),
  ]
}

const isWorkbook = ({ format }: FilePreview): boolean => format === 'Excel workbook'

/** Whether a control has anything to change of files that were looked into. */
const applies: Readonly<Partial<Record<ChoiceControl, (preview: ImportPreview) => boolean>>> = {
  Sheet: ({ ratings }) => isWorkbook(ratings) && ratings.parts.length > 1,
  Table: ({ ratings }) => !isWorkbook(ratings) && ratings.parts.length > 1,
  Encoding: ({ ratings }) => ratings.text != null,
  Separator: ({ ratings }) => ratings.text != null,
  Quotes: ({ ratings }) => ratings.text != null,
  'First row': ({ ratings }) => ratings.text != null || isWorkbook(ratings),
  'Skip lines': ({ ratings }) => ratings.text != null || isWorkbook(ratings),
}

/** The controls of what an import may be wrong about. The items file is read as detected, whatever is said of the ratings. */
export const markedControls = ({ choices, items }: ImportPreview): ReadonlySet<ChoiceControl> =>
  new Set(choices.filter((choice) => isWarning(choice) && choice.file !== items?.name).map(({ control }) => control))

/** The controls that the wizard shows for files. */
export const controlsOf = (preview: ImportPreview): ReadonlySet<ChoiceControl> =>
  new Set(choiceControls.filter((control) => applies[control]?.(preview) ?? true))
