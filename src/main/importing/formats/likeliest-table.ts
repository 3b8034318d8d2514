import { wasChosen } from '../../../shared/certainty'
import { badInput } from '../../../shared/errors'
import { formatCounted } from '../../../shared/format'
import type { Choice } from '../../../shared/reading'
import { saysMaker } from '../column-names'
import { nameInteractions, nameItems } from '../suggest-mapping'
import type { Conversion } from './format'

interface NamedTable {
  readonly name: string
  readonly columns: readonly string[]
}

/** Whether columns name users and items, not counting the makers of items, such as authors. */
const nameUsersAndItems = (columns: readonly string[]): boolean =>
  nameInteractions(columns.filter((name) => !saysMaker(name)))

type IsWanted = (columns: readonly string[]) => boolean
/** Tests of column names for the wanted kind of table, the stricter ones first. */
const wantedColumns: Readonly<Record<Conversion['holds'], readonly IsWanted[]>> = {
  interactions: [nameUsersAndItems, nameInteractions],
  items: [(columns) => nameItems(columns) && !nameInteractions(columns), (columns) => !nameInteractions(columns)],
}

/** Whether two sheets or tables have the same columns in the same order. */
const sameColumns = (one: NamedTable, other: NamedTable): boolean =>
  one.columns.length > 1 &&
  one.columns.length === other.columns.length &&
  one.columns.every((name, column) => name !== '' && name.toLowerCase() === other.columns[column]?.toLowerCase())

/** All sheets or tables with the same columns as the chosen one, including it: other years, for example, or copies. */
export const alike = <T extends NamedTable>(tables: readonly T[], chosen: T): T[] =>
  tables.filter((table) => table === chosen || sameColumns(table, chosen))

/** Other tables or sheets that have users and items by their names, if the chosen one does: a table of items has users only by the maker of each item. */
const rivalsOf = (chosen: NamedTable, tables: readonly NamedTable[]): readonly NamedTable[] =>
  nameUsersAndItems(chosen.columns)
    ? tables.filter((table) => table !== chosen && nameUsersAndItems(table.columns) && !sameColumns(table, chosen))
    : []

/** Which columns keep the first of other tables from being read together with the chosen one, such as a further one in a later year. */
function apart(chosen: NamedTable, [rival]: readonly NamedTable[], what: 'table' | 'sheet'): string {
  const lower = (columns: readonly string[]): string[] => columns.map((name) => name.toLowerCase())
  const lacking = (one: NamedTable, other: NamedTable): string[] =>
    one.columns.filter((name) => name !== '' && !lower(other.columns).includes(name.toLowerCase()))
  const others = rival ? [...lacking(rival, chosen), ...lacking(chosen, rival)] : []
  // Tables that have little in common are of different things.
  if (!rival || others.length === 0 || 2 * others.length > chosen.columns.length + rival.columns.length) return ''
  const listed = others.slice(0, 3).map((name) => `“${name}”`)
  return ` It is not read together with this ${what}, because only one of them has ${listed.join(', ')}${others.length > 3 ? ', …' : ''}: give both the same columns, or save each as a file.`
}

/** The choice of one of several tables or sheets; a guess if others may contain the wanted rows as well. */
export function tableChoice(
  file: string,
  chosen: NamedTable,
  tables: readonly NamedTable[],
  what: 'table' | 'sheet',
  byUser: boolean,
  evidence = '',
  rivals = rivalsOf(chosen, tables),
): Choice {
  const others = tables.filter((table) => table !== chosen)
  const same = alike(tables, chosen).filter((table) => table !== chosen)
  const [rival] = [...same, ...rivals]
  const few = (list: readonly NamedTable[]): string =>
    `${list
      .slice(0, 5)
      .map(({ name }) => `“${name}”`)
      .join(', ')}${list.length > 5 ? ', …' : ''}`
  const rest =
    same.length > 0
      ? `${few(same)} ${same.length === 1 ? 'has' : 'have'} the same columns and ${same.length === 1 ? 'is' : 'are'} not read.`
      : rivals.length > 0
        ? `${few(rivals)} ${rivals.length === 1 ? 'has' : 'have'} users and items, too.${apart(chosen, rivals, what)}`
        : others.length > 0
          ? `${formatCounted(others.length, `other ${what}`)} with rows: ${few(others)}.`
          : ''
  return {
    about: 'table',
    file,
    column: null,
    value: `${what} “${chosen.name}”`,
    certainty: byUser || others.length === 0 ? 'certain' : rival ? 'guess' : 'likely',
    evidence: byUser ? wasChosen : [evidence, rest].filter((sentence) => sentence !== '').join(' '),
    affectsData: true,
    control: what === 'sheet' ? 'Sheet' : 'Table',
    option: rival ? `--table ${JSON.stringify(rival.name)}` : '--table NAME',
  }
}

/**
 * The table or sheet to read: the requested one, otherwise the first with columns of interactions (or of items), otherwise the one with most rows.
 * @param rows the number of rows of a table or sheet
 * @throws StudioError BAD_INPUT if there is none, or none with that name.
 */
export function likeliest<T extends NamedTable>(
  tables: readonly T[],
  { table: wanted, holds }: Pick<Conversion, 'table' | 'holds'>,
  file: string,
  what: 'table' | 'sheet',
  rows: (table: T) => number,
): T {
  const [first] = tables.toSorted((one, other) => rows(other) - rows(one))
  if (!first) throw badInput(`${file} has no ${what} with rows.`, 'Choose another file.')
  if (wanted !== null) {
    const requested = tables.find(({ name }) => name === wanted)
    if (requested) return requested
    throw badInput(
      `${file} has no ${what} “${wanted}”.`,
      `Choose one of these: ${tables
        .map(({ name }) => name)
        .slice(0, 20)
        .join(', ')}.`,
    )
  }
  for (const isWanted of wantedColumns[holds]) {
    const found = tables.find(({ columns }) => isWanted(columns))
    if (found) return found
  }
  return first
}
