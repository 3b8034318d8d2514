import type { ExperimentTable, TableCell } from '../../../shared/experiments'
import { duration, explanation, figure, metricTitle, publishedFigures, settingTitle } from './figures'

const commands: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '–': '--',
  '−': '$-$',
  '≥': '$\\geq$',
  '≤': '$\\leq$',
  '±': '$\\pm$',
  '·': '$\\cdot$',
  α: '$\\alpha$',
  β: '$\\beta$',
  γ: '$\\gamma$',
  λ: '$\\lambda$',
  ε: '$\\varepsilon$',
  σ: '$\\sigma$',
  μ: '$\\mu$',
  '⊙': '$\\odot$',
  '“': '``',
  '”': "''",
  '’': "'",
  '…': '\\ldots{}',
}

/** Text that LaTeX prints as it is written, whatever characters it has, on one line. */
export const latexText = (text: string): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[#$%&_{}]|[\\~^–−≥≤±·αβγλεσμ⊙“”’…]/gu, (character) => commands[character] ?? `\\${character}`)

const marked = (cell: TableCell | undefined): string => {
  if (!cell) return '--'
  const text = `$${figure(cell, '\\pm')}$`
  return cell.best ? `\\boldmath${text}` : cell.tied ? `\\underline{${text}}` : text
}

const line = (cells: readonly string[]): string => `    ${cells.join(' & ')} \\\\`

function latexOf(table: ExperimentTable): string {
  const published = table.published !== null
  const titles = ['System', ...table.metrics.map(metricTitle), 'Time', ...(published ? ['Published'] : [])]
  return [
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${latexText(`${settingTitle(table)}. ${explanation(table).join(' ')}`)}}`,
    `  \\begin{tabular}{l${'r'.repeat(titles.length - 1)}}`,
    '    \\toprule',
    line(titles.map(latexText)),
    '    \\midrule',
    ...table.rows.map((row) =>
      line([
        latexText(row.label),
        ...table.metrics.map((metric) => {
          const cell = marked(row.cells[metric])
          return cell.startsWith('\\boldmath') ? `{${cell}}` : cell
        }),
        latexText(duration(row.seconds)),
        ...(published ? [latexText(publishedFigures(table, row) ?? '–')] : []),
      ]),
    ),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
  ].join('\n')
}

/** Tables as LaTeX with the package booktabs: best in bold, ties with the best underlined, the notes as caption. */
export const latexOfTables = (tables: readonly ExperimentTable[]): string =>
  `% \\usepackage{booktabs}\n${tables.map(latexOf).join('\n\n')}\n`
