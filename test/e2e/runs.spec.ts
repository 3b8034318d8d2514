import { readFileSync } from 'node:fs'
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

  // Charts as pictures: light, with title and legend.
  const { page } = host
  const picture = async (format: string): Promise<Buffer> => {
    await page.getByRole('button', { name: 'Validation: save as a picture' }).click()
    const saved = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: format }).click()
    const file = await (await saved).path()
    return readFileSync(file)
  }
  const svg = (await picture('SVG')).toString('utf8')
  expect(svg).toMatch(/^<svg [^>]*width="960"/)
  expect(svg).toContain('Validation metrics by epoch')
  expect(svg).toContain('recall@50')
  expect((await picture('PNG')).subarray(1, 4).toString('latin1')).toBe('PNG')
  expect(host.complaints).toEqual([])
})

it('the folder of a tracker is chosen, and has the next run, in a browser', async () => {
  const findings: string[] = []
  await trackedRuns(host, async (step) => void findings.push(...(await lookAt(host, step, everyWindow))))
  expect(findings).toEqual([])
  expect(host.complaints).toEqual([])
})
