import { wasChosen } from '../../shared/certainty'
import { formatCount, formatCounted } from '../../shared/format'
import {
  type Choice,
  type ChoiceControl,
  type ChoiceTopic,
  delimiterName,
  encodingNames,
  type ReadingOverrides,
} from '../../shared/reading'
import type { DetectedDialect } from './dialect'
import type { EncodingFinding } from './text-encoding'
import { holdsNumber } from './table-shape'
import { nameInteractions, nameItems } from './suggest-mapping'

/** The encoding in which a text is read. */
export function encodingChoice(file: string, finding: EncodingFinding): Choice {
  const { encoding, damaged, certainty, evidence, affectsData } = finding
  return {
    about: 'encoding',
    file,
    column: null,
    value: `${encodingNames[encoding]}${damaged > 0 ? `, but for ${formatCounted(damaged, 'line')}` : ''}`,
    certainty,
    evidence,
    affectsData,
    control: 'Encoding',
    option: `--encoding ${finding.alternative}`,
  }
}

/** The choice of a header with several rows. */
const headerRowsChoice = (
  file: string,
  { rows, certainty, evidence, titles }: NonNullable<DetectedDialect['header']>,
): Choice => ({
  about: 'header',
  file,
  column: null,
  value: `the first ${rows + 1} rows name the columns`,
  certainty,
  evidence: `${evidence}${titles ? ' The texts in the second row are titles where the columns are items.' : ''}`,
  affectsData: true,
  control: 'First row',
  option: '--header yes, with which only the first row does',
})

/** The choices made in splitting a text into a table: separator, lines before the table, header, row names. */
export function layoutChoices(
  file: string,
  { dialect, shape, form, header: several }: DetectedDialect,
  reading: ReadingOverrides,
  preamble: readonly string[],
): Choice[] {
  const choices: Choice[] = []
  const say = (
    about: ChoiceTopic,
    value: string,
    certainty: Choice['certainty'],
    evidence: string,
    control: ChoiceControl,
    option: string,
    affectsData = true,
  ): void => void choices.push({ about, file, column: null, value, certainty, evidence, affectsData, control, option })

  const separator = ['Separator', '--delimiter SIGN'] as const
  const sign = delimiterName(dialect.delimiter)
  if (reading.delimiter !== undefined) say('separator', sign, 'certain', wasChosen, ...separator)
  else if (shape?.delimiter === dialect.delimiter) {
    const all = shape.agreeing === shape.filled
    const lines = formatCounted(shape.filled, 'line')
    const evidence = `${all ? `All ${lines}` : `${formatCount(shape.agreeing)} of ${lines}`} examined have ${shape.cells} cells with it.`
    say(
      'separator',
      sign,
      2 * (shape.filled - shape.agreeing) > shape.filled * 0.4 ? 'likely' : 'certain',
      evidence,
      ...separator,
    )
  } else
    say('separator', sign, 'guess', 'No separator gives the same number of cells in half of the lines.', ...separator)

  if (form === 'ruled' || form === 'boxed')
    say(
      'layout',
      form === 'boxed' ? 'lines of dashes and the bars around rows are left out' : 'lines of dashes are left out',
      'certain',
      'A line of dashes stands beside the column names, as database consoles and Markdown draw it.',
      ...separator,
    )
  if (form === 'quoted rows')
    say(
      'layout',
      'rows without the quotes around each of them',
      'likely',
      `With them, a row would be a single cell; without, ${shape?.agreeing === shape?.filled ? 'all' : formatCount(shape?.agreeing ?? 0)} of ${formatCounted(shape?.filled ?? 0, 'row')} have ${shape?.cells ?? 0} cells.`,
      'Quotes',
      '--quote none',
    )

  const skipped = dialect.shift ? dialect.skip - 1 : dialect.skip
  if (reading.skip !== undefined)
    say('skipped lines', formatCount(skipped), 'certain', wasChosen, 'Skip lines', '--skip LINES')
  // The line of dashes above a table with bars is a part of the table.
  else if (skipped > 0 && !(form === 'boxed' && preamble.length === 0)) {
    const first = preamble.find((line) => line.trim() !== '') ?? ''
    const evidence = `The table begins after ${first === '' ? 'empty lines' : `“${first.slice(0, 80)}”`}.`
    say('skipped lines', formatCount(skipped), 'likely', evidence, 'Skip lines', '--skip LINES')
  }

  const header = ['First row', `--header ${dialect.header || dialect.shift ? 'no' : 'yes'}`] as const
  const value = dialect.header || dialect.shift ? 'the first line names the columns' : 'the first line is a row'
  const names = dialect.columns.map(({ name }) => name)
  if (reading.header === false && shape && nameInteractions(shape.first))
    say(
      'header',
      value,
      'guess',
      `It was chosen, although it contains usual column names: ${shape.first.slice(0, 4).join(', ')}.`,
      ...header,
    )
  else if (several) choices.push(headerRowsChoice(file, several))
  else if (reading.header !== undefined) say('header', value, 'certain', wasChosen, ...header)
  else if (dialect.shift)
    say(
      'header',
      value,
      'certain',
      dialect.shift === 'none'
        ? 'It ends with a separator, unlike the rows, and none of its cells is a number.'
        : 'It has one cell fewer than the rows, and none of its cells is a number.',
      ...header,
    )
  else if (dialect.header) {
    const usual = nameInteractions(names) || nameItems(names)
    const typed = dialect.columns.some(({ type }) => type !== 'VARCHAR')
    const numbers = shape && holdsNumber(shape.first) ? shape.first.filter((cell) => holdsNumber([cell])) : []
    const evidence = usual
      ? 'It contains usual column names.'
      : numbers.length > 0
        ? `Its numbers (${numbers.slice(0, 3).join(', ')}${numbers.length > 3 ? ', …' : ''}) are whole and all different, as those of items in a rating matrix are.`
        : typed
          ? 'It contains words where the other lines have numbers or dates.'
          : `It contains words (${names.slice(0, 4).join(', ')}), like the other lines.`
    say('header', value, usual ? 'certain' : typed || numbers.length > 0 ? 'likely' : 'guess', evidence, ...header)
  } else {
    const first = shape?.first ?? []
    const number = holdsNumber(first)
    const row = shape?.firstIsRow === true
    const cells = first.slice(0, 4).join(', ')
    const evidence = number
      ? 'It contains a number or a time.'
      : row
        ? `Its cells (${cells}) are values of other lines, too, or look like them.`
        : `It contains words (${cells}), like the other lines.`
    say('header', value, number ? 'certain' : row ? 'likely' : 'guess', evidence, ...header)
  }

  if (reading.quote !== undefined)
    say(
      'quotes',
      reading.quote === '' ? 'no value is quoted' : `values are quoted with ${reading.quote}`,
      'certain',
      wasChosen,
      'Quotes',
      '--quote double, single or none',
    )

  if (dialect.shift === 'first')
    say(
      'layout',
      'the first cell of each row is its name or number, and the header begins with the second',
      'likely',
      `The header has ${formatCounted(names.length - 1, 'name')}, the rows have ${names.length} cells, and no first cell occurs twice.`,
      'First row',
      '--header no --skip 1',
    )
  if (dialect.shift === 'empty')
    say(
      'layout',
      'the last cell of each row is none',
      'certain',
      'Every examined row ends with a separator, but the header does not.',
      'First row',
      '--header no --skip 1',
      false,
    )
  if (dialect.shift === 'last')
    say(
      'layout',
      'the last cell of each row has no name',
      'guess',
      `The header has ${formatCounted(names.length - 1, 'name')}, but the rows have ${names.length} cells.${dialect.delimiter === ',' ? ' Unquoted numbers with a decimal comma (3,5) look the same: export such numbers with decimal points, or the columns with semicolons between them.' : ''}`,
      'First row',
      '--header no --skip 1',
    )
  return choices
}
