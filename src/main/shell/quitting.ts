import { app, dialog, type BrowserWindow } from 'electron'
import { toErrorShape } from '../../shared/errors'
import { isOpen, type Job } from '../../shared/jobs'
import type { Engine } from '../engine/engine'

/**
 * Asks before the window is closed or the application quits while jobs would be cancelled; trainings and other jobs that can be done later stay in the
 * queue. Then shuts the engine down, which keeps the state of a running training, and only then ends the application.
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
    const agreeing = agreesToQuit(engine, window).catch(() => true)
    void agreeing.then(async (agreed) => {
      if (!agreed) {
        state = 'open'
        return
      }
      state = 'closing'
      // Keeping the state of a large training takes some seconds.
      window.hide()
      // A failing shutdown must not keep the window from closing: the store's next start recovers what was left.
      await engine.close().catch((error: unknown) => process.stderr.write(`${toErrorShape(error).message}\n`))
      state = 'closed'
      app.quit()
    })
  })
}

/** Whether a job would be lost, because its files or programs end with this one. */
const isLost = (job: Job): boolean =>
  isOpen(job) && !job.left && (job.kind === 'import' || job.kind === 'split' || job.kind === 'setup')

/** Resolves to false if the person prefers to continue working. */
async function agreesToQuit(engine: Engine, window: BrowserWindow): Promise<boolean> {
  const jobs = await engine.client.jobs.list()
  const lost = jobs.filter(isLost)
  const running = jobs.filter((job) => job.state === 'running' && !isLost(job))
  if (lost.length === 0 && running.length === 0) return true
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: question(lost.length > 0 ? lost : running),
    detail: [
      ...(lost.length > 0 ? ['It is cancelled: what has been imported stays, the rest has to be started again.'] : []),
      ...(running.length > 0
        ? ['A running training keeps its state. It stays in the queue, and goes on after the next start.']
        : []),
    ].join(' '),
    buttons: [lost.length > 0 ? 'Cancel and quit' : 'Pause and quit', 'Keep working'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  })
  return response === 0
}

const question = (jobs: readonly Job[]): string =>
  jobs.length === 1 ? `“${jobs[0]?.label ?? 'A job'}” is still running.` : `${jobs.length} jobs are not finished.`
