import { StudioError } from '../../shared/errors'

/** What to do about any damage to the database, in one place, so that every sentence of damage leads to the same next step. */
export const afterDamage =
  'Check the library (vasp library check), then restore a backup of it (vasp library restore) or mend what can be mended (vasp library repair).'

/** DAMAGED_FILE of the library's database. @param what a clause that says what is damaged: “its header is not that of a database” */
export const damagedDatabase = (file: string, what: string, cause?: unknown): StudioError =>
  new StudioError(
    { code: 'DAMAGED_FILE', message: `The library database ${file} is damaged: ${what}.`, next: afterDamage },
    cause === undefined ? undefined : { cause },
  )
