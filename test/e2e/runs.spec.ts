import { describe, expect, it } from 'vitest'
import { openChromium, openElectron, required, root } from './hosts'
import { everyWindow, lookAt } from './looks'
import { deskOfRuns } from './runs-journey'

describe('the table of runs is filtered, grouped, tagged, archived, undone and compared', () => {
  it('in a browser, at every size and in both themes', async () => {
    const host = await openChromium(required('VASP_E2E_CHROMIUM'))
    try {
      const findings: string[] = []
      await deskOfRuns(host, async (step) => void findings.push(...(await lookAt(host, step, everyWindow))))
      expect(findings).toEqual([])
      expect(host.complaints).toEqual([])
    } finally {
      await host.close()
    }
  })

  it('in the application', async () => {
    const host = await openElectron(required('VASP_E2E_ELECTRON'), root)
    try {
      await deskOfRuns(host, () => Promise.resolve())
      expect(host.complaints).toEqual([])
    } finally {
      await host.close()
    }
  })
})
