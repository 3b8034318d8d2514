import { wasChosen } from '../../shared/certainty'
import type { ColumnMapping } from '../../shared/datasets'
import type { Choice, Reading } from '../../shared/reading'

/**
 * What is stored of the columns of an import: what a preview told of a column that has the role which it told, otherwise that it was chosen.
 * @param told the preview's choices; those about anything else are left to the import
 */
export function columnChoices(mapping: ColumnMapping, told: Reading): Choice[] {
  const ofColumns = told.filter(({ about }) => about === 'column')
  const roles = [
    ['User', mapping.user],
    ['Item', mapping.item],
    ['Rating', mapping.rating],
    ['Time', mapping.time],
    ['Event', mapping.event?.column],
    ['Count', mapping.count],
    ['Title', mapping.title],
  ] as const
  const used = roles.flatMap(([control, column]) =>
    column == null ? [] : [{ role: control.toLowerCase(), control, column }],
  )
  const choices = used.map(
    ({ role, control, column }) =>
      ofColumns.find((choice) => choice.column === column && choice.value === role) ?? {
        about: 'column' as const,
        file: null,
        column,
        value: role,
        certainty: 'certain' as const,
        evidence: wasChosen,
        affectsData: true,
        control,
        option: `--${role} COLUMN`,
      },
  )
  const left = ofColumns.filter(
    ({ column, value }) => value.includes('left out') && !used.some((one) => one.column === column),
  )
  return [...choices, ...left]
}
