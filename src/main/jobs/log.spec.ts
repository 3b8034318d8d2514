import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'

it('a host whose standard error was closed continues without a defect', async () => {
  const script = `
    import { log, logDefect, outliveStandardError } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'log.ts')).href)}
    outliveStandardError()
    let defects = 0
    process.on('uncaughtException', (error) => {
      defects++
      logDefect(error)
    })
    process.once('message', () => {
      log('to nobody')
      process.stderr.write('to nobody', (error) => setImmediate(() => process.send({ code: error.code, defects }, () => process.exit())))
    })
    process.send('ready')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  await once(child, 'message')
  child.stderr?.destroy()
  const told = once(child, 'message')
  child.send('go on')
  expect((await told)[0]).toEqual({ code: 'EPIPE', defects: 0 })
})
