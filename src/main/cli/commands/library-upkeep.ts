import type { Command } from 'commander'
import { z } from 'zod'
import { formatBytes, formatCount, formatTime } from '../../../shared/format'
import type { BackupReason, LibraryFinding } from '../../../shared/library'
import { libraryFolder } from '../../engine/default-library'
import type { OfflineLibrary } from '../../engine/offline-library'
import { confirm } from '../confirm'
import { read } from '../options'
import { globalOptions, terminalOf, type Invocation } from '../session'
import { number, table, text } from '../table'
import type { Terminal } from '../terminal'

const repairOptions = z.object({ dropDamaged: z.boolean().default(false), yes: z.boolean().default(false) })
const restoreOptions = z.object({ yes: z.boolean().default(false) })
const backupsOptions = z.object({ delete: z.string().optional(), yes: z.boolean().default(false) })

const reasons: Record<BackupReason, string> = {
  scheduled: 'daily',
  asked: 'asked for',
  migration: 'before an update',
  repair: 'before a repair',
  restore: 'before a restoration',
  unknown: 'not known',
}

/** `library check`, `repair`, `restore`, `backup` and `backups`: they also work if the library cannot be opened. */
export function addLibraryUpkeep(program: Command, invocation: Invocation): void {
  const library = program
    .command('library')
    .summary('check, back up, restore or repair the library')
    .description('Checks the library, backs its database up, restores a backup, or repairs it.')
    .helpGroup('System:')
    .addHelpText('after', '\nExamples:\n  $ vasp library check\n  $ vasp library backup\n  $ vasp library restore')

  const withLibrary = async (
    command: Command,
    work: (offline: OfflineLibrary, terminal: Terminal, folder: string) => Promise<void> | void,
  ): Promise<void> => {
    const folder = libraryFolder(globalOptions.parse(command.optsWithGlobals()).library)
    const terminal = terminalOf(command)
    const { offlineLibrary } = await import('../../engine/offline-library')
    const offline = offlineLibrary(folder, ({ stage, done, total }) =>
      terminal.progress(
        stage,
        total === null ? `${stage} …` : `${stage}: ${formatCount(done)} of ${formatCount(total)}`,
      ),
    )
    await work(offline, terminal, folder)
  }

  library
    .command('check')
    .description(
      'Reads everything in the library (pages, rows, weights, files and backups) and changes nothing. Exit code 0: no damage; 1: damage was found.',
    )
    .action((_options: unknown, command: Command) =>
      withLibrary(command, async (offline, terminal, folder) => {
        const check = await offline.check()
        if (check.findings.length > 0) invocation.exitCode = 1
        terminal.result({ library: folder, ...check }, () => findingsText(folder, check.findings))
      }),
    )

  library
    .command('repair')
    .description(
      'Rebuilds indexes, saves every readable row of a damaged database, removes rows and files that nothing refers to, and marks runs whose weights or results are lost. The previous database is kept in the folder set-aside. Exit code 1: some damage can only be repaired with a backup.',
    )
    .option('--drop-damaged', 'also remove data sets that lost users, items or interactions, and their runs')
    .option('-y, --yes', 'do not ask on a terminal')
    .action((_options: unknown, command: Command) =>
      withLibrary(command, async (offline, terminal, folder) => {
        const { dropDamaged, yes } = read(repairOptions, command)
        if (dropDamaged) await confirm(yes, 'Remove damaged data sets with their runs?', 'Repairing')
        const done = await offline.repair(dropDamaged)
        if (done.findings.length > 0) invocation.exitCode = 1
        terminal.result({ library: folder, ...done }, () =>
          done.steps.length === 0 && done.findings.length === 0
            ? `No problems were found in the library ${folder}.`
            : [...done.steps, '', findingsText(folder, done.findings)].join('\n'),
        )
      }),
    )

  library
    .command('restore')
    .description(
      'Replaces the database by a backup: the newest, or the one given. The backup is checked first. The previous database is kept in the folder set-aside, with the files that only it refers to.',
    )
    .argument('[backup]', 'name of a backup, see vasp library backups')
    .option('-y, --yes', 'do not ask on a terminal')
    .action((backup: string | undefined, _options: unknown, command: Command) =>
      withLibrary(command, async (offline, terminal, folder) => {
        await confirm(
          read(restoreOptions, command).yes,
          'Restore the library? Everything done after the backup will be gone.',
          'Restoring',
        )
        const done = await offline.restore(backup ?? null)
        terminal.result({ library: folder, ...done }, () =>
          [
            `Restored ${done.backup.file} of ${formatTime(done.backup.createdAt)}.`,
            `The previous database is in ${done.setAside}.`,
            ...(done.findings.length > 0 ? ['', findingsText(folder, done.findings)] : []),
          ].join('\n'),
        )
      }),
    )

  library
    .command('backup')
    .description(
      'Backs up the database now and checks the copy. Weights and exports are separate files and are not copied.',
    )
    .action((_options: unknown, command: Command) =>
      withLibrary(command, async (offline, terminal, folder) => {
        const backup = await offline.backUp()
        terminal.result(
          { library: folder, backup },
          () => `Backed up as ${backup.file}, ${formatBytes(backup.bytes)}, checked.`,
        )
      }),
    )

  library
    .command('backups')
    .description('Lists the backups, newest first.')
    .option('--delete <backup>', 'delete this backup instead')
    .option('-y, --yes', 'do not ask on a terminal')
    .action((_options: unknown, command: Command) =>
      withLibrary(command, async (offline, terminal, folder) => {
        const options = read(backupsOptions, command)
        if (options.delete !== undefined) {
          await confirm(options.yes, `Delete the backup ${options.delete}? This cannot be undone.`, 'Deleting')
          const deleted = offline.deleteBackup(options.delete)
          const freedBytes = deleted.bytes
          terminal.result(
            { deleted: deleted.file, freedBytes },
            () => `Deleted ${deleted.file}, ${formatBytes(freedBytes)} freed.`,
          )
          return
        }
        const backups = offline.backups()
        terminal.result({ library: folder, backups }, () =>
          backups.length === 0
            ? 'No backups yet. Make one: vasp library backup'
            : table(
                [text('backup'), text('made'), text('why'), number('size')],
                backups.map(({ file, createdAt, reason, bytes }) => [
                  file,
                  formatTime(createdAt),
                  reasons[reason],
                  formatBytes(bytes),
                ]),
              ),
        )
      }),
    )
}

const marks = { error: '✗', warning: '!', note: '·' } as const

function findingsText(folder: string, findings: readonly LibraryFinding[]): string {
  if (findings.length === 0) return `No problems were found in the library ${folder}.`
  return findings
    .flatMap(({ severity, message, remedy }) => [`${marks[severity]} ${message}`, `    ${remedy}`])
    .join('\n')
}
