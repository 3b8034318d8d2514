import type { ExperimentTable, TableCell } from '../../../shared/experiments'
import { titled } from '../../../shared/table-titles'
import { captionTitle, duration, explanation, figure, metricTitle, publishedFigures } from './figures'

const commands: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  // Without T1 fonts LaTeX prints other characters for these.
  '|': '\\textbar{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
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

/** Placeholder for an empty group until everything else is escaped; control characters have been removed from the text. */
const between = '\u0000'

/** Escapes text so that LaTeX prints it unchanged on one line. */
export const latexText = (text: string): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    // Pairs that LaTeX would join into one character: --, '', ?` and the like.
    .replace(/([-`',])(?=\1)|[?!](?=`)/g, `$&${between}`)
    .replace(/[#$%&_{}]|[\\~^|<>–−≥≤±·αβγλεσμ⊙“”’…]/gu, (character) => commands[character] ?? `\\${character}`)
    .replaceAll(between, '{}')

const marked = (cell: TableCell | undefined): string => {
  if (!cell) return '--'
  // Math mode has no en dash.
  const text = `$${figure(cell, '\\pm').replaceAll('–', '\\mbox{--}')}$`
  return cell.best ? `\\boldmath${text}` : cell.tied ? `\\underline{${text}}` : text
}

const line = (cells: readonly string[]): string => `    ${cells.join(' & ')} \\\\`

function latexOf(table: ExperimentTable, title: string): string {
  const published = table.published !== null
  const titles = ['System', ...table.metrics.map(metricTitle), 'Time', ...(published ? ['Published'] : [])]
  return [
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${latexText(`${captionTitle(title)}. ${explanation(table).join(' ')}`)}}`,
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

/**
 * Tables as LaTeX with the package booktabs: best in bold, ties with the best underlined, notes in the caption. Names can have any letters, so the
 * document needs T1 fonts.
 */
export function latexOfTables(tables: readonly ExperimentTable[]): string {
  const written = titled(tables).map(({ table, title }) => latexOf(table, title))
  return `% \\usepackage[T1]{fontenc}\n% \\usepackage{booktabs}\n${written.join('\n\n')}\n`
}
