import { saysBirth, saysId, saysLater, saysRelease } from './column-names'
import { holdsOnlyNumbers, holdsTimes, timesOf } from './column-content'
import type { Findings } from './column-findings'
import { losesMany } from './lost-rows'

/** Takes the column whose values are times for the time of interactions, if no name says it. */
export function timeByContent(findings: Findings): void {
  const { named } = findings.table
  const times = findings
    .free()
    .filter((column) => holdsTimes(column) && !findings.describes(column))
    // Numbers of ten digits in a column named like ids may look like seconds since 1970.
    .filter((column) => !named || !(holdsOnlyNumbers(column) && saysId(column.name)))
    .filter((column) => !saysBirth(column.name))
    .sort(
      (a, b) =>
        Number(holdsOnlyNumbers(a)) - Number(holdsOnlyNumbers(b)) ||
        Number(losesMany('time', a, findings.table.rows)) - Number(losesMany('time', b, findings.table.rows)) ||
        Number(saysOtherTime(a.name)) - Number(saysOtherTime(b.name)) ||
        // Ids of ten digits may look like seconds since 1970, but they repeat more often than times do.
        (named ? 0 : (b.statistics?.distinct ?? 0) - (a.statistics?.distinct ?? 0)),
    )
  const [first] = times
  const rivals = times.filter((column) => first && saysOtherTime(column.name) === saysOtherTime(first.name))
  const [column, rival] = rivals
  if (!findings.open('time') || !column) return
  findings.take(
    'time',
    {
      column,
      certainty: rival ? 'guess' : 'likely',
      evidence: `${timesOf(column)}.${rival ? ` Those of “${rival.name}” are, too.` : ''}`,
    },
    rival ?? null,
  )
}

/** Whether a name is for a time after an interaction, or for the day on which an item came out. */
export const saysOtherTime = (name: string): boolean => saysLater(name) || saysRelease(name)
