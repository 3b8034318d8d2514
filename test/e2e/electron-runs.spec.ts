import { afterAll, beforeAll, expect, it } from 'vitest'
import { openElectron, required, root, type Host } from './hosts'
import { deskOfRuns } from './runs-journey'
import { trackedRuns } from './trackers-journey'

let host: Host
beforeAll(async () => {
  host = await openElectron(required('VASP_E2E_ELECTRON'), root)
})
afterAll(() => host.close())

it('the table of runs is filtered, grouped, tagged, archived, undone and compared in the application', async () => {
  await deskOfRuns(host, () => Promise.resolve())
  expect(host.complaints).toEqual([])
})

it('the folder of a tracker is chosen, and has the next run, in the application', async () => {
  await trackedRuns(host, () => Promise.resolve())
  expect(host.complaints).toEqual([])
})
