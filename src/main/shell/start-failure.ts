import { app, dialog } from 'electron'
import { toErrorShape } from '../../shared/errors'
import { formatTime } from '../../shared/format'
import { offlineLibrary } from '../engine/offline-library'

/** The person's choice about a library that cannot be opened. */
export type StartChoice = 'try again' | 'new library' | 'end'

/**
 * Says in a system dialog why the application cannot start and what to do. If the library is damaged or its database is missing, it offers the possible
 * remedies: restore the newest backup, repair, or make a new library if there is no database.
 */
export async function askAboutStartFailure(error: unknown, library: string): Promise<StartChoice> {
  const shape = toErrorShape(error)
  process.stderr.write(`${shape.message} ${shape.next}\n`)
  const choices = shape.code === 'DAMAGED_FILE' ? remedies(library, shape.message) : []
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'VASP Studio cannot start',
    message: shape.message,
    detail: `${shape.next}\n\nLibrary: ${library}`,
    buttons: [...choices.map(({ label }) => label), 'Quit'],
    defaultId: choices.length,
    cancelId: choices.length,
    noLink: true,
  })
  const choice = choices[response]
  if (!choice) return 'end'
  try {
    return await choice.perform()
  } catch (failed) {
    return askAboutStartFailure(failed, library)
  }
}

interface Remedy {
  readonly label: string
  perform(): Promise<StartChoice>
}

function remedies(library: string, message: string): Remedy[] {
  const offline = offlineLibrary(library, () => undefined)
  const [newest] = offline.backups()
  const missing = message.includes('has no database')
  return [
    ...(newest
      ? [
          {
            label: `Restore the backup of ${formatTime(newest.createdAt)}`,
            perform: async (): Promise<StartChoice> => {
              const { setAside } = await offline.restore(newest.file)
              await tell('The backup was restored.', `The previous database is in ${setAside}.`)
              return 'try again'
            },
          },
        ]
      : []),
    missing
      ? { label: 'Begin a new library', perform: () => Promise.resolve<StartChoice>('new library') }
      : {
          label: 'Repair',
          perform: async (): Promise<StartChoice> => {
            const { steps, findings } = await offline.repair(false)
            await tell(
              'The library was repaired.',
              [...steps, ...findings.map((finding) => finding.message)].join('\n'),
            )
            return 'try again'
          },
        },
  ]
}

const tell = (message: string, detail: string): Promise<unknown> =>
  dialog.showMessageBox({ type: 'info', message, detail, buttons: ['Continue'], noLink: true })

/** Ends an application that cannot start. */
export const endUnstarted = (): void => app.exit(1)
