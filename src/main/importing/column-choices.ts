import { wasChosen } from '../../shared/certainty'
import type { ColumnMapping } from '../../shared/datasets'
import type { Choice, Reading } from '../../shared/reading'

/**
 * The choices about columns that an import stores: the preview's choice for a column that kept its role, otherwise that the column was chosen.
 * @param previewed the preview's choices; those about other topics are ignored, because the import makes them itself
 */
export function columnChoices(mapping: ColumnMapping, previewed: Reading): Choice[] {
  const ofColumns = previewed.filter(({ about }) => about === 'column')
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
