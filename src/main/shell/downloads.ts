import { session } from 'electron'
import { asUsersFile } from '../jobs/private-files'

/** Saved files belong to the person and get the usual permissions, unlike files that this process writes into the library. */
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
