import type { ExperimentTable, TableCell } from '../../../shared/experiments'
import { titled } from '../../../shared/table-titles'
import { duration, explanation, figure, metricTitle, publishedFigures } from './figures'

/** Escapes text for a cell of a Markdown table. */
const plain = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]|<>~#&]/g, (character) =>
      /[<>&]/.test(character) ? `&#${character.charCodeAt(0)};` : `\\${character}`,
    )

const marked = (cell: TableCell | undefined): string => {
  if (!cell) return '–'
  const text = figure(cell, '±')
  return cell.best ? `**${text}**` : cell.tied ? `<u>${text}</u>` : text
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function markdownOf(table: ExperimentTable, title: string): string {
  const published = table.published !== null
  const titles = ['System', ...table.metrics.map(metricTitle), 'Time', ...(published ? ['Published'] : [])]
  return [
    `### ${plain(title)}`,
    '',
    line(titles),
    line(titles.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...table.rows.map((row) =>
      line([
        plain(row.label),
        ...table.metrics.map((metric) => marked(row.cells[metric])),
        duration(row.seconds),
        ...(published ? [publishedFigures(table, row) ?? '–'] : []),
      ]),
    ),
    '',
    explanation(table).map(plain).join(' '),
  ].join('\n')
}

/** Tables as GitHub's Markdown: best in bold, ties with the best underlined, the notes below each. */
export const markdownOfTables = (tables: readonly ExperimentTable[]): string =>
  `${titled(tables)
    .map(({ table, title }) => markdownOf(table, title))
    .join('\n\n')}\n`
