import { Option } from 'commander'
import { unknownUsers } from '../../shared/explore'
import type { NewExport } from '../../shared/exports'
import { beyondSpreadsheet, byteOrderMark } from '../../shared/spreadsheets'
import type { Session } from './session'

/** The description of `--no-bom`. */
export const noBomHelp = 'write CSV without the byte-order mark, by which Excel recognises UTF-8'

/** The text of a CSV file with or without the mark. */
export const marked = (text: string, bom: boolean): string => (bom ? byteOrderMark + text : text)

/** `--unknown-users`. */
export const unknownUsersOption = (): Option =>
  new Option(
    '--unknown-users <what>',
    'for users none of whose items the model knows: write a list from popularity, marked as such, or nothing',
  )
    .choices(unknownUsers.options)
    .default('popularity' satisfies (typeof unknownUsers.options)[number])

/** Warns before lists are written that they may be longer than a spreadsheet can show. */
export async function warnOfLength({ client, terminal }: Session, { run: id, users, k }: NewExport): Promise<void> {
  const known = await client.runs.list({ dataset: null })
  const run = known.find((one) => one.id === id)
  const all = run && users === 'all' ? (await client.datasets.get({ id: run.dataset })).users : 0
  const warning = beyondSpreadsheet((users === 'all' ? all : users.length) * k, true)
  if (warning !== null) terminal.warning(warning)
}
