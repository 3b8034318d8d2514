import { afterAll, beforeAll, expect, it } from 'vitest'
import { openElectron, required, root, type Host } from './hosts'
import { deskOfRuns } from './runs-journey'

let host: Host
beforeAll(async () => {
  host = await openElectron(required('VASP_E2E_ELECTRON'), root)
})
afterAll(() => host.close())

it('the table of runs is filtered, grouped, tagged, archived, undone and compared in the application', async () => {
  await deskOfRuns(host, () => Promise.resolve())
  expect(host.complaints).toEqual([])
})
