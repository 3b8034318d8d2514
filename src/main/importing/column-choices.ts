import type { ColumnMapping } from '../../shared/datasets'
import type { Choice, Reading } from '../../shared/reading'

/**
 * What is stored of the columns of an import: what a preview told of a column that has the role which it told, otherwise that it was chosen.
 * @param told the preview's choices; those about anything else are left to the import
 */
export function columnChoices(mapping: ColumnMapping, told: Reading): Choice[] {
  const ofColumns = told.filter(({ about }) => about === 'column')
  const roles = {
    user: mapping.user,
    item: mapping.item,
    rating: mapping.rating,
    time: mapping.time,
    event: mapping.event?.column ?? null,
    count: mapping.count ?? null,
  }
  const used = Object.entries(roles).flatMap(([role, column]) => (column === null ? [] : [{ role, column }]))
  const choices = used.map(
    ({ role, column }) =>
      ofColumns.find((choice) => choice.column === column && choice.value === role) ?? {
        about: 'column' as const,
        file: null,
        column,
        value: role,
        certainty: 'certain' as const,
        evidence: 'It was chosen.',
        affectsData: true,
        control: `${role.charAt(0).toUpperCase()}${role.slice(1)}`,
        option: `--${role} COLUMN`,
      },
  )
  const left = ofColumns.filter(
    ({ column, value }) => value.includes('left out') && !used.some((one) => one.column === column),
  )
  return [...choices, ...left]
}
