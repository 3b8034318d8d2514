import type { ColumnMapping, ImportPreview } from '../../src/shared/datasets'

/** The columns that were recognised. @throws where the user or the item was not */
export function mappingOf({ mapping: { user, item, ...others } }: ImportPreview): ColumnMapping {
  if (user === null || item === null) throw new Error('the user or the item was not recognised')
  return { user, item, ...others }
}
