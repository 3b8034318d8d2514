import { StudioError } from '../../shared/errors'

/** The next step for damage to the database; all messages about damage use this text. */
export const afterDamage =
  'Check the library (vasp library check), then restore a backup (vasp library restore) or repair it (vasp library repair).'

/** DAMAGED_FILE for the library's database. @param what a clause about what is damaged: “its header is not that of a database” */
export const damagedDatabase = (file: string, what: string, cause?: unknown): StudioError =>
  new StudioError(
    { code: 'DAMAGED_FILE', message: `The library database ${file} is damaged: ${what}.`, next: afterDamage },
    cause === undefined ? undefined : { cause },
  )
