import { formatCounted } from './format'

/** Unusable rows of an import by reason, the most frequent first. */
export type RejectedByReason = readonly { readonly reason: string; readonly count: number }[]

/** What keeps the rows of a reason: an option of the command line, and the control of the wizard that does the same. */
export function keepsRejected(reason: string): { readonly option: string; readonly control: string } | null {
  if (/\bcount\b/.test(reason)) return { option: '--count none', control: 'no column as Count' }
  if (/\brating\b/.test(reason)) return { option: '--rating none', control: 'no column as Rating' }
  if (/^no time$|^time is not a time$|no time at all$/.test(reason))
    return { option: '--missing-times oldest', control: 'Missing times: oldest' }
  return /\btime\b/.test(reason) ? { option: '--time none', control: 'no column as Time' } : null
}

/** What decides where the cells of a line end, for lines that are no rows of their table. */
export const decidesCells = (reason: string): { readonly option: string; readonly control: string } | null =>
  /\b(?:columns|quotes?)\b/.test(reason) ? { option: '--delimiter and --quote', control: 'Separator and Quotes' } : null

/** The most reasons that are named individually. */
const mostReasons = 6

/** The reasons in words, such as “count is 0 (25 rows; --count none keeps them)”. @param by options of the command line, controls of the app, or neither */
export function reasonsInWords(reasons: RejectedByReason, by: 'option' | 'control' | null): string {
  const named = reasons.slice(0, mostReasons).map(({ reason, count }) => {
    const keeps = by === null ? undefined : keepsRejected(reason)?.[by]
    const decides = by === null ? undefined : decidesCells(reason)?.[by]
    const help =
      keeps === undefined
        ? decides === undefined
          ? ''
          : `; ${decides} decide where cells end`
        : `; ${keeps} keeps ${count === 1 ? 'it' : 'them'}`
    return `${reason} (${formatCounted(count, 'row')}${help})`
  })
  const others = reasons.slice(mostReasons).reduce((sum, { count }) => sum + count, 0)
  return [...named, ...(others > 0 ? [`other reasons (${formatCounted(others, 'row')})`] : [])].join(', ')
}
