import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { experimentTable, type ExperimentTable } from '../../../shared/experiments'
import { defaultPreparation, defaultSplit } from '../../../shared/runs'
import { latexText } from './latex'
import { tableFile } from './table-file'

const cell = (mean: number, mark: 'best' | 'tied' | '', seedSe: number | null = null) => ({
  mean,
  se: 0.0125,
  users: 60,
  seedSe,
  best: mark === 'best',
  tied: mark === 'tied',
  p: mark === 'best' ? null : 0.5,
})

const table: ExperimentTable = experimentTable.parse({
  title: 'Table I',
  dataset: 1,
  datasetName: '=cmd|films_&_"50%" ~',
  datasetVersion: 2,
  valueKind: 'rating',
  preparation: defaultPreparation,
  split: defaultSplit,
  heldOut: 'test',
  segment: null,
  metrics: ['ndcg@100', 'recall@20'],
  users: 60,
  seeds: [1],
  rows: [
    {
      key: 'a',
      label: '-2|γ_{1}\n*x*',
      model: 'fir',
      preset: 'compact',
      overrides: { loss: 'mse', gamma: 2 },
      runs: [4, 7],
      missing: 0,
      failed: [],
      combined: [],
      cells: { 'ndcg@100': cell(0.34567, 'best', 0.002), 'recall@20': cell(0.2, 'tied') },
      seconds: 61,
      published: { 'ndcg@100': 0.425 },
    },
    {
      key: 'b',
      label: 'Fir',
      model: 'fir',
      preset: null,
      overrides: {},
      runs: [],
      missing: 0,
      failed: [
        { label: 'Yew', seed: 1, run: 9, error: { code: 'BAD_INPUT', message: '=It broke.', next: 'Mend it.' } },
      ],
      combined: [],
      cells: {},
      seconds: null,
      published: {},
    },
  ],
  published: { shape: 'MovieLens 20M', citation: 'A & B' },
  significance: 'some test, p ≥ 0.05',
  notes: ['Mean ± error.'],
})

test('CSV keeps every digit and lets no text run as a formula', () => {
  const { fileName, text } = tableFile('Table I: films', [table], 'csv')
  expect(fileName).toBe('table-i-films.csv')
  const [first, second] = parse<Record<string, string>>(text, { columns: true })
  expect(first).toMatchObject({
    data: `'${table.datasetName}`,
    system: `'${table.rows[0]?.label ?? ''}`,
    segment: '',
    version: '2',
    threshold: '4',
    min_interactions: '5',
    most_popular: 'all',
    from: 'any',
    until: 'any',
    sample: 'all',
    split_test: 'a tenth, at most 10,000',
    split_date: '',
    sample_seed: '',
    split_method: 'users',
    split_seed: '1',
    split_fold_in: '0.8',
    split_recall_denominator: 'min(k, |R|)',
    settings: 'loss=mse gamma=2',
    'ndcg@100': '0.34567',
    'ndcg@100_se': '0.0125',
    'ndcg@100_se_seeds': '0.002',
    'ndcg@100_mark': 'best',
    'ndcg@100_published': '0.425',
    'recall@20_mark': 'tied',
    'recall@20_p': '0.5',
    users: '60',
    seconds: '61',
    runs: '4 7',
  })
  expect(second).toMatchObject({ 'ndcg@100': '', seconds: '', runs: '', failed: 'Yew, seed 1: =It broke.' })
})

test('the file of a segment says which it is, in its name and its rows', () => {
  const { fileName, text } = tableFile('Mine', [{ ...table, segment: 'tail' }], 'csv')
  expect(fileName).toBe('mine-tail.csv')
  expect(parse<Record<string, string>>(text, { columns: true }).map((row) => row['segment'])).toEqual(['tail', 'tail'])
})

test('Markdown marks the best and ties and leaves no cell to break out of its table', () => {
  const { fileName, text } = tableFile('…', [table, table], 'markdown')
  expect(fileName).toBe('tables.md')
  const lines = text.split('\n')
  expect(lines[0]).toBe('### Table I, =cmd\\|films\\_&#38;\\_"50%" \\~')
  expect(lines[2]).toBe('| System | NDCG@100 | Recall@20 | Time | Published |')
  expect(lines[4]).toBe(
    '| -2\\|γ\\_{1} \\*x\\* | **0.346 ± 0.013 ± 0.002** | <u>0.200 ± 0.013</u> | 1 min 1 s | 0.425 / – |',
  )
  expect(lines[5]).toBe('| Fir | – | – | – | – |')
  expect(text).toContain('not significantly different from the best (some test, p ≥ 0.05). Mean ± error.')
  expect(text.match(/^### /gm)).toHaveLength(2)
})

test('LaTeX prints names unchanged', () => {
  const { fileName, text } = tableFile('a/../b', [table], 'latex')
  expect(fileName).toBe('a-b.tex')
  expect(text).toContain('\\begin{tabular}{lrrrr}')
  expect(text).toContain(
    '    -2\\textbar{}$\\gamma$\\_\\{1\\} *x* & {\\boldmath$0.346 \\pm 0.013 \\pm 0.002$} & \\underline{$0.200 \\pm 0.013$} & 1 min 1 s & 0.425 / -- \\\\\n',
  )
  expect(text).toContain('=cmd\\textbar{}films\\_\\&\\_"50\\%" \\textasciitilde{}')
  expect(text.startsWith('% \\usepackage[T1]{fontenc}\n% \\usepackage{booktabs}\n')).toBe(true)
  expect(latexText('|R| <c> a--b ?`')).toBe('\\textbar{}R\\textbar{} \\textless{}c\\textgreater{} a-{}-b ?{}`')
  expect(latexText('1 – 2')).toBe('1 -- 2')
  expect(latexText('\\input{x}$1^2#')).toBe('\\textbackslash{}input\\{x\\}\\$1\\textasciicircum{}2\\#')
  expect(text.split('\\begin{').length).toBe(text.split('\\end{').length)
})

test('a figure without an error has an empty cell in CSV and a dash elsewhere', () => {
  const [first] = table.rows
  const alone = { ...cell(0.315, ''), users: 1, se: null, p: null }
  const rows = [{ ...first!, cells: { 'ndcg@100': alone } }]
  const written = (format: 'csv' | 'markdown' | 'latex'): string => tableFile('x', [{ ...table, rows }], format).text
  const [row] = parse<Record<string, string>>(written('csv'), { columns: true, bom: true })
  expect(row).toMatchObject({ 'ndcg@100': '0.315', 'ndcg@100_se': '', 'ndcg@100_p': '', users: '1' })
  expect(written('markdown')).toContain('| 0.315 ± – |')
  expect(written('latex')).toContain('$0.315 \\pm \\mbox{--}$')
})

test('a LaTeX caption, which the document numbers, names the paper’s table in parentheses', () => {
  const captionOf = (title: string): string | undefined =>
    /\\caption\{(.*?)\. /.exec(tableFile('x', [{ ...table, title, datasetName: 'films' }], 'latex').text)?.[1]
  expect(captionOf('Table III: all systems')).toBe('All systems (table III of the paper), films')
  expect(captionOf('Table I: Fir by loss')).toBe('Fir by loss (table I of the paper), films')
  expect(captionOf('Ablations of Yew')).toBe('Ablations of Yew, films')
  expect(captionOf('Search on films')).toBe('Search on films')
})
