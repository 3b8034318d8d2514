import { afterAll, beforeAll, expect, it } from 'vitest'
import { openChromium, required, type Host } from './hosts'
import { everyWindow, lookAt } from './looks'
import { deskOfRuns } from './runs-journey'
import { trackedRuns } from './trackers-journey'

let host: Host
beforeAll(async () => {
  host = await openChromium(required('VASP_E2E_CHROMIUM'))
})
afterAll(() => host.close())

it('the table of runs is filtered, grouped, tagged, archived, undone and compared in a browser', async () => {
  const findings: string[] = []
  await deskOfRuns(host, async (step) => void findings.push(...(await lookAt(host, step, everyWindow))))
  expect(findings).toEqual([])
  expect(host.complaints).toEqual([])
})

it('the folder of a tracker is chosen, and has the next run, in a browser', async () => {
  const findings: string[] = []
  await trackedRuns(host, async (step) => void findings.push(...(await lookAt(host, step, everyWindow))))
  expect(findings).toEqual([])
  expect(host.complaints).toEqual([])
})
