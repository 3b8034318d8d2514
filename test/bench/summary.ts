import type { BenchmarkReport, BenchmarkResult } from './benchmark'
import { explanations } from './explanations'

const digits = (value: number): string =>
  Math.abs(value) >= 100
    ? value.toFixed(0)
    : Math.abs(value) >= 1
      ? value.toFixed(1)
      : Math.abs(value) >= 0.001 || value === 0
        ? value.toFixed(3)
        : value.toExponential(1)

const cells = ({ case: name, value, unit, ratio, target, bound, met }: BenchmarkResult): string[] => [
  name,
  `${digits(value)} ${unit}`.trim(),
  ratio === null ? '' : ratio.toFixed(2),
  target === null ? '' : `${bound === 'most' ? '≤' : '≥'} ${target}`,
  met === null ? '' : met ? 'yes' : 'no',
]

/** One report as text for a terminal. */
export function reportText(report: BenchmarkReport): string {
  const rows = [['case', 'value', 'ratio', 'target', 'met'], ...report.results.map(cells)]
  const widths = [0, 1, 2, 3, 4].map((c) => Math.max(...rows.map((row) => row[c]?.length ?? 0)))
  const lines = rows.map((row) =>
    row
      .map((cell, c) => cell.padEnd(widths[c] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [`${report.name} (${machineText(report)})`, ...lines, ''].join('\n')
}

const machineText = ({ machine }: BenchmarkReport): string =>
  `${machine.cpu}, ${machine.threads} threads, ${machine.memoryGib.toFixed(0)} GiB, ${machine.platform}, Node ${machine.node}, ${machine.backend}, load before ${machine.loadBefore.toFixed(1)}, ${machine.at.slice(0, 10)}`

/** All stored reports as BENCHMARKS.md. */
export function summary(reports: readonly { report: BenchmarkReport; what: string }[]): string {
  const sections = reports.map(({ report, what }) =>
    [
      `## ${report.name}`,
      '',
      `Measures ${what}.`,
      '',
      `Machine: ${machineText(report)}.`,
      '',
      '| Case | Value | Ratio | Target | Met |',
      '| --- | --- | --- | --- | --- |',
      ...report.results.map((result) => `| ${cells(result).join(' | ')} |`),
      '',
      ...(explanations[report.name] === undefined ? [] : [explanations[report.name], '']),
    ].join('\n'),
  )
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench -- summary` from `test/bench/results/`; `npm run bench -- step --store` measures and stores anew.',
    'Ratios are to what was measured in the same run on the same machine. Where other programs were running (“load before” above 0), the figures',
    'per processor second are the ones to trust.',
    '',
    ...sections,
  ].join('\n')
}
