import { nameMatches, saysId, saysMeasure, speaksAgainstRating } from './column-names'
import { hasIdLength, holdsTimes, list, mayBeAmount, quoted, type RecognisedColumn, type Role } from './column-content'
import type { Findings } from './column-findings'
import type { IdColumns } from './id-columns'
import { identifies } from './identifying-numbers'
import { mayRate } from './rating-by-content'

/**
 * Names the next likeliest column in the option of each guess that had none to name. Where there is none, a rating, a time, a type of event or a count may be
 * left out; users and items may not, and it is said that no other column may be them.
 */
export async function nameRunnersUp(findings: Findings, ids: IdColumns): Promise<void> {
  for (const [role, column] of findings.found) {
    const choice = findings.choices.find((one) => one.column === column.name)
    const placeholder = `--${role} COLUMN`
    if (choice?.certainty !== 'guess' || !choice.option.includes(placeholder)) continue
    const [next] = await candidates(findings, ids, role)
    if (next) {
      findings.amend(column, ({ option, evidence }) => ({
        option: option.replace(placeholder, `--${role} ${quoted(next.name)}`),
        evidence: `${evidence} The next likeliest ${role} is ${list([next.name])}.`,
      }))
      continue
    }
    if (role === 'user' || role === 'item')
      findings.amend(column, ({ evidence }) => ({ evidence: `${evidence} No other column looks like ${role}s.` }))
    else
      findings.amend(column, ({ option }) => ({
        option: option.includes(`--${role} none`)
          ? option.replace(`, or ${placeholder}`, '').replace(`${placeholder}, or `, '')
          : option.replace(placeholder, `--${role} none`),
      }))
  }
}

/** Columns without a role that may have one, the likeliest first. */
async function candidates(findings: Findings, ids: IdColumns, role: Role): Promise<readonly RecognisedColumn[]> {
  const free = findings.free().filter((column) => !findings.describes(column))
  switch (role) {
    case 'user':
    case 'item': {
      const partner = findings.found.get(role === 'user' ? 'item' : 'user') ?? null
      const may = free.filter(
        (column) =>
          (column.statistics?.distinct ?? 0) > 1 &&
          !ids.hasFewValues(column) &&
          ids.mayIdentify(column) &&
          !saysMeasure(column.name) &&
          (column.statistics?.kind === 'text' || saysId(column.name) || hasIdLength(column)) &&
          !ids.saysOther(role, column),
      )
      const named = may.filter(({ name }) => nameMatches(name).some((match) => match.role === role && match.whole))
      const apart = may.filter((column) => ids.tellsApart(column))
      for (const some of [named, apart, may]) {
        const found = await ids.mostTelling(some, partner, true)
        if (found.length > 0) return found
      }
      return []
    }
    case 'time':
      return free.filter(holdsTimes)
    case 'rating':
      return free.filter(
        (column) => mayBeAmount(column) && !speaksAgainstRating(column.name) && mayRate(findings, column),
      )
    case 'count':
      return free.filter((column) => mayBeAmount(column) && !identifies(findings, column))
    case 'event':
    case 'title':
      return []
  }
}
