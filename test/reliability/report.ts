import type { AttackReport, AttackResult, Breach } from './attack'

/** Kinds of breaches that a row names; the rest is counted. */
const namedKinds = 3

/** The kinds in the order in which they were found, with how often and the first of each. */
function kindsOf(breaches: readonly Breach[]): { what: string; times: number; first: Breach }[] {
  const kinds = new Map<string, { what: string; times: number; first: Breach }>()
  for (const found of breaches) {
    const kind = kinds.get(found.what)
    if (kind) kind.times++
    else kinds.set(found.what, { what: found.what, times: 1, first: found })
  }
  return [...kinds.values()]
}

/** `12 × weights that no row names (case 17: train vasp, host at 812 ms, …)` */
function breachTexts({ breaches }: AttackResult): string[] {
  const kinds = kindsOf(breaches)
  const named = kinds
    .slice(0, namedKinds)
    .map(({ what, times, first }) => `${times} × ${what} (case ${first.case}: ${first.detail})`)
  return kinds.length > namedKinds ? [...named, `${kinds.length - namedKinds} more kinds`] : named
}

const productText = ({ version, commit, changed }: AttackReport['product']): string =>
  `version ${version}${commit === null ? '' : ` of commit ${commit}`}${changed ? ' with changes' : ''}`

const machineText = ({ machine, product, scale, seed, seconds }: AttackReport): string =>
  `${productText(product)}, ${scale} counts, seed ${seed}, ${seconds.toFixed(0)} s; ${machine.cpu}, ${machine.threads} threads, ` +
  `${machine.memoryGib.toFixed(0)} GiB, ${machine.platform}, Node ${machine.node}, load before ${machine.loadBefore.toFixed(1)}, ${machine.at.slice(0, 10)}`

const columns = ['part', 'tried', 'held', 'measured'] as const
const cellsOf = ({ part, tried, held, figures }: AttackResult): string[] => [
  part,
  tried.toLocaleString('en'),
  held.toLocaleString('en'),
  figures,
]

/** One report as text for a terminal. */
export function reportText(report: AttackReport): string {
  const rows = [[...columns], ...report.results.map(cellsOf)]
  const widths = columns.map((_, c) => Math.max(...rows.map((row) => row[c]?.length ?? 0)))
  const line = (row: string[]): string =>
    row
      .map((cell, c) => cell.padEnd(widths[c] ?? 0))
      .join('  ')
      .trimEnd()
  const lines = rows.map(line)
  const notHeld = report.results.flatMap((result) => breachTexts(result).map((text) => `  ✗ ${result.part}: ${text}`))
  return [`${report.name} (${machineText(report)})`, ...lines, ...notHeld, ''].join('\n')
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')

/** One report as a section of its page. */
export const reportSection = (report: AttackReport, what: string): string =>
  [
    `### ${report.name}`,
    '',
    `Tries ${what}.`,
    '',
    `Attacked: ${machineText(report)}.`,
    '',
    '| Part | Tried | Held | Measured | Did not hold |',
    '| --- | --: | --: | --- | --- |',
    ...report.results.map(
      (result) =>
        `| ${[...cellsOf(result), breachTexts(result).join('; ') || 'nothing'].map((text) => cell(text)).join(' | ')} |`,
    ),
    '',
  ].join('\n')
