import { session } from 'electron'
import { asUsersFile } from '../jobs/private-files'

/** What a person saves belongs to them like any file of theirs, unlike what this process writes into the library. */
export function saveAsUsersFiles(): void {
  session.defaultSession.on('will-download', (_event, item) => {
    item.once('done', (_done, state) => {
      if (state !== 'completed') return
      const path = item.getSavePath()
      asUsersFile(path).catch((error: unknown) => {
        process.stderr.write(`${path} stays readable for its owner alone: ${String(error)}\n`)
      })
    })
  })
}
