import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openChromium, required, type Host } from './hosts'
import { everyWindow, lookAt } from './looks'
import { readingImport } from './reading-journey'

let host: Host
beforeAll(async () => {
  host = await openChromium(required('VASP_E2E_CHROMIUM'))
})
afterAll(() => host.close())

describe('the reading of files', () => {
  it('is shown with its evidence, changed where it is shown, and kept with the data set', async () => {
    const findings: string[] = []
    await readingImport(host, async (step) => void findings.push(...(await lookAt(host, step, everyWindow))))
    expect(findings).toEqual([])
    expect(host.complaints).toEqual([])
  })
})
