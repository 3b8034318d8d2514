import { z } from 'zod'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { runStatus } from '../../src/shared/runs'
import { appRoot } from './studio.fixture'
import { newDesk, type Desk } from './vasp.fixture'
import { join } from 'node:path'

describe('a run that needs more memory than there is', () => {
  let desk: Desk

  beforeAll(async () => {
    desk = newDesk()
    const sample = join(appRoot, 'resources/sample/ml-latest-small/ratings.csv')
    await desk.json(z.unknown(), 'import', sample, '--name', 'sample')
  })
  afterEach(() => {
    delete process.env['VASP_MEMORY']
  })
  afterAll(() => desk.remove())

  it('ends before its first step, with settings that would fit, and the smaller one trains', async () => {
    process.env['VASP_MEMORY'] = '2'
    const wide = ['train', '--data', 'sample', '--model', 'mult-dae', '--set', 'stages=1e-3x1']
    const error = await desk.failure(...wide, '--set', 'hidden=16384')
    expect(error.code).toBe('OUT_OF_MEMORY')
    expect(error.message).toMatch(/needs about [\d.]+ GiB of memory .* 2\.0 GiB are free/)
    const hidden = /hidden=(\d+) \(about/.exec(error.next)?.[1]
    expect(hidden).toBeDefined()
    const { runs } = await desk.json(
      z.object({ runs: z.array(z.object({ status: runStatus, usable: z.boolean() })) }),
      'runs',
    )
    expect(runs).toMatchObject([{ status: { state: 'failed', error: { code: 'OUT_OF_MEMORY' } }, usable: false }])
    const { run } = await desk.json(z.looseObject({ run: z.number() }), ...wide, '--set', `hidden=${hidden}`)
    expect(run).toBe(2)
  })

  it('says what VASP_MEMORY takes', async () => {
    process.env['VASP_MEMORY'] = 'plenty'
    const error = await desk.failure('train', '--data', 'sample', '--model', 'nease')
    expect(error).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('“plenty”') as string })
  })
})
