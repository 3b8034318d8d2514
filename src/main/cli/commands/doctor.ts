import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { ErrorShape } from '../../../shared/errors'
import type { DoctorReport } from '../../../shared/system'
import { libraryFolder } from '../../engine/default-library'
import { shapeOf } from '../exit'
import { globalOptions, terminalOf, withEngine, type Invocation } from '../session'

export function addDoctor(program: Command, invocation: Invocation): void {
  program
    .command('doctor')
    .summary('show which backend is used and what is missing')
    .description(
      'Checks this machine: backend, TensorFlow, devices, memory, disk, Electron and the library.\nEach check says whether it passed, why, and what to do.',
    )
    .helpGroup('System:')
    .action(async (_options: unknown, command: Command) => {
      const terminal = terminalOf(command)
      const library = libraryFolder(globalOptions.parse(command.optsWithGlobals()).library)
      const report = await examine(invocation, command, library)
      terminal.result(report, () => reportText(report))
    })
}

/** The report; a library that cannot be opened becomes its failed check, so that the rest can still be reported. */
async function examine(invocation: Invocation, command: Command, library: string): Promise<DoctorReport> {
  const ask = async (folder: string): Promise<DoctorReport> => {
    const reports: DoctorReport[] = []
    await withEngine(
      invocation,
      { library: folder, host: 'cli', terminal: terminalOf(command) },
      async ({ client }) => {
        reports.push(await client.system.doctor())
      },
    )
    const [report] = reports
    if (!report) throw new Error('The check gave no report.')
    return report
  }
  try {
    return await ask(library)
  } catch (error) {
    const failure = shapeOf(error)
    const standIn = await mkdtemp(join(tmpdir(), 'vasp-doctor-'))
    try {
      invocation.exitCode = 1
      return withoutLibrary(await ask(standIn), library, failure)
    } finally {
      await rm(standIn, { recursive: true, force: true })
    }
  }
}

const withoutLibrary = (report: DoctorReport, library: string, failure: ErrorShape): DoctorReport => ({
  ...report,
  ok: false,
  checks: report.checks.map((check) =>
    check.name === 'library'
      ? { ...check, ok: false, value: library, reason: failure.message, fix: failure.next }
      : check,
  ),
})

function reportText({ checks, backends }: DoctorReport): string {
  const checkLines = checks.flatMap(({ ok, title, value, reason, fix }) => [
    `${ok ? '✓' : '✗'} ${title}: ${value}`,
    ...[reason, fix].filter((line) => line !== '').map((line) => `    ${line}`),
  ])
  const backendLines = backends.flatMap(({ title, version, available, inUse, reason, fix }) => [
    `${inUse ? '●' : available ? '○' : '–'} ${[title, version].filter((part) => part !== '').join(' ')}${inUse ? ', in use' : ''}`,
    ...[reason, fix].filter((line) => line !== '').map((line) => `    ${line}`),
  ])
  return [...checkLines, '', 'Backends, best first', ...backendLines].join('\n')
}
