import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runId } from '../../shared/ids'
import type { Question } from './protocol'
import { forkedWorker } from './forked-worker'
import { Serving } from './serving'

const entry = join(import.meta.dirname, '../../../test/fixtures/workers/scripted-worker.mjs')
const [first, second] = [runId.parse(1), runId.parse(2)]
/** The scripted worker answers with its process id, or as this user is called. */
const asking = (user = 'somebody'): Question => ({ kind: 'recommend', who: { kind: 'user', user }, k: 1 })

const alive = (pid: unknown): boolean => {
  try {
    return process.kill(Number(pid), 0)
  } catch {
    return false
  }
}
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

let library: string
let serving: Serving

beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-serving-'))
  serving = new Serving({ library, appRoot: library, spawn: forkedWorker(entry) })
})
afterEach(async () => {
  await serving.close()
  rmSync(library, { recursive: true, force: true })
})

describe('Serving', () => {
  it('keeps one worker warm for one state of one run', async () => {
    const pid = await serving.ask(first, 'a', asking())
    expect(await serving.ask(first, 'a', asking())).toBe(pid)
    const trainedOn = await serving.ask(first, 'b', asking())
    expect(trainedOn).not.toBe(pid)
    expect(alive(pid)).toBe(false)
    expect(await serving.ask(second, 'b', asking())).not.toBe(trainedOn)
    expect(alive(trainedOn)).toBe(false)
  })

  it('answers two windows that ask about different runs at the same time', async () => {
    const answers = await Promise.all([
      serving.ask(first, 'a', asking()),
      serving.ask(second, 'a', asking()),
      serving.ask(first, 'a', asking()),
    ])
    expect(answers.every((pid) => typeof pid === 'number')).toBe(true)
  })

  it('passes a refusal on and keeps the worker', async () => {
    const pid = await serving.ask(first, 'a', asking())
    await expect(serving.ask(first, 'a', asking('refuse'))).rejects.toMatchObject({ message: 'No such user.' })
    expect(await serving.ask(first, 'a', asking())).toBe(pid)
  })

  it('says that a worker died over a question, and answers the next with a new one', async () => {
    const pid = await serving.ask(first, 'a', asking())
    await expect(serving.ask(first, 'a', asking('die'))).rejects.toMatchObject({
      code: 'WORKER_ENDED',
      message: expect.stringContaining('exit code 3'),
    })
    expect(await serving.ask(first, 'a', asking())).not.toBe(pid)
  })

  it('gives the memory back after a while without questions', async () => {
    serving = new Serving({ library, appRoot: library, spawn: forkedWorker(entry) }, 50)
    const pid = await serving.ask(first, 'a', asking())
    for (let tries = 0; alive(pid) && tries < 100; tries++) await pause(50)
    expect(alive(pid)).toBe(false)
    expect(await serving.ask(first, 'a', asking())).not.toBe(pid)
  })

  it('ends an open question when it is closed, and gives up one that takes too long', async () => {
    const open = serving.ask(first, 'a', asking('silence'))
    const refused = expect(open).rejects.toMatchObject({ code: 'CANCELLED' })
    await pause(200)
    await serving.close()
    await refused
    serving = new Serving({ library, appRoot: library, spawn: forkedWorker(entry) }, 1000, 300)
    await expect(serving.ask(first, 'a', asking('silence'))).rejects.toMatchObject({
      code: 'WORKER_ENDED',
      message: expect.stringContaining('did not answer'),
    })
  })
})
