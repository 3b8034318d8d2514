import { app, dialog, type BrowserWindow } from 'electron'
import { toErrorShape } from '../../shared/errors'
import type { Job } from '../../shared/jobs'
import type { Engine } from '../engine/engine'

/**
 * Asks before the window is closed or the application quits while jobs run; then cancels the jobs, shuts the engine down, and only then ends the application,
 * so that no run is half written.
 */
export function guardQuitting(engine: Engine, window: BrowserWindow): void {
  let state: 'open' | 'asking' | 'closing' | 'closed' = 'open'

  window.on('close', (event) => {
    if (state === 'closed') return
    event.preventDefault()
    app.quit()
  })
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', (event) => {
    if (state === 'closed') return
    event.preventDefault()
    if (state !== 'open') return
    state = 'asking'
    // If the engine cannot even list its jobs, closing loses nothing.
    const agreeing = endJobs(engine, window).catch(() => true)
    void agreeing.then(async (agreed) => {
      if (!agreed) {
        state = 'open'
        return
      }
      state = 'closing'
      // A failing shutdown must not keep the window from closing: the store's next start recovers what was left.
      await engine.close().catch((error: unknown) => process.stderr.write(`${toErrorShape(error).message}\n`))
      state = 'closed'
      app.quit()
    })
  })
}

/** Resolves to false if the person prefers to continue working. */
async function endJobs(engine: Engine, window: BrowserWindow): Promise<boolean> {
  const jobs = await engine.client.jobs.list()
  const unfinished = jobs.filter((job) => job.state === 'running' || job.state === 'queued')
  if (unfinished.length === 0) return true
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: question(unfinished),
    detail: 'What has been imported stays. A cancelled training run keeps its best epoch so far.',
    buttons: [unfinished.length === 1 ? 'Cancel the job and quit' : 'Cancel the jobs and quit', 'Keep working'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  })
  if (response !== 0) return false
  await Promise.all(unfinished.map((job) => engine.client.jobs.cancel({ job: job.id })))
  return true
}

const question = (jobs: readonly Job[]): string =>
  jobs.length === 1 ? `“${jobs[0]?.label ?? 'A job'}” is still running.` : `${jobs.length} jobs are not finished.`
