import { z } from 'zod'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { runStatus } from '../../src/shared/runs'
import { appRoot } from './studio.fixture'
import { newDesk, type Desk } from './vasp.fixture'
import { join } from 'node:path'

const peaked = z.looseObject({ run: z.number(), peakBytes: z.number(), estimatedBytes: z.number() })

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
    const allowed = 2 * 2 ** 30
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
    const trained = await desk.json(peaked, ...wide, '--set', `hidden=${hidden}`)
    expect(trained.run).toBe(2)
    expect(trained.estimatedBytes).toBeLessThanOrEqual(allowed)
    expect(trained.peakBytes).toBeLessThanOrEqual(allowed)
  })

  it('is refused before EASE counts anything, and solved with as many items as are offered', async () => {
    process.env['VASP_MEMORY'] = '0.8'
    const ease = ['train', '--data', 'sample', '--model', 'ease', '--set', 'lambdas=100']
    const error = await desk.failure(...ease)
    expect(error.code).toBe('OUT_OF_MEMORY')
    const items = /--most-popular (\d+)\)/.exec(error.next)?.[1]
    expect(items).toBeDefined()
    const solved = await desk.json(peaked, ...ease, '--most-popular', items ?? '')
    expect(solved.peakBytes).toBeLessThanOrEqual(0.8 * 2 ** 30)
  })

  it('says which values VASP_MEMORY accepts', async () => {
    process.env['VASP_MEMORY'] = 'plenty'
    const error = await desk.failure('train', '--data', 'sample', '--model', 'nease')
    expect(error).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('“plenty”') as string })
  })
})
