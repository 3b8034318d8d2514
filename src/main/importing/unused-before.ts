import type { ChosenColumns } from '../../shared/datasets'
import { type Choice, isWarning } from '../../shared/reading'
import type { UnusedRoles } from '../../shared/unused-roles'
import { controls, type RecognisedTable } from './column-findings'
import { quoted } from './column-content'
import { recogniseColumns, type Recognised } from './recognise-columns'

/**
 * Warns about columns of a newer export that would be taken, or doubted, if the version before had a column of that kind: a column of quantities that were all 1 was
 * left out then, and is not now for any other reason.
 * @returns what was recognised, with these warnings instead of that no column was chosen
 */
export async function withUnused(
  recognised: Recognised,
  table: RecognisedTable,
  columns: ChosenColumns,
  { version, roles }: UnusedRoles,
): Promise<Recognised> {
  if (roles.length === 0) return recognised
  const free = await recogniseColumns(table, {
    ...columns,
    ...Object.fromEntries(roles.map((role) => [role, undefined])),
  })
  const warnings = free.choices.flatMap((choice): Choice[] => {
    const role = roles.find((one) => one === choice.value || controls[one] === choice.control)
    const isUsed = recognised.choices.some(
      ({ column, value }) => column === choice.column && !value.includes('left out'),
    )
    if (!role || choice.column === null || isUsed || (choice.value !== role && !isWarning(choice))) return []
    const would = choice.value === role ? `It would be the ${role} otherwise: ${choice.evidence}` : choice.evidence
    return [
      {
        ...choice,
        value: 'left out',
        certainty: 'guess',
        evidence: `Version ${version} has no ${role}, so there is none here. ${would}`,
        affectsData: true,
        control: controls[role],
        option: `--${role} ${quoted(choice.column)}`,
      },
    ]
  })
  const others = recognised.choices.filter(
    ({ column, value }) => !value.includes('left out') || !warnings.some((warning) => warning.column === column),
  )
  return { ...recognised, choices: [...others, ...warnings] }
}
