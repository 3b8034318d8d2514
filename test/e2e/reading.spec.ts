import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openChromium, required, type Host } from './hosts'
import { accessibilityFindings, artifacts } from './looks'
import { readingImport } from './reading-journey'

let host: Host
beforeAll(async () => {
  host = await openChromium(required('VASP_E2E_CHROMIUM'))
})
afterAll(() => host.close())

/** A small window, the usual one, a large one, and the usual one at 200 %. */
const sizes = [
  { name: '1024', width: 1024, height: 768 },
  { name: '1280', width: 1280, height: 800 },
  { name: '1920', width: 1920, height: 1080 },
  { name: 'zoomed', width: 640, height: 400 },
]

describe('the reading of files', () => {
  it('is shown with its evidence, changed where it is shown, and kept with the data set', async () => {
    const { page } = host
    const findings: string[] = []
    await readingImport(host, async (step) => {
      fs.mkdirSync(artifacts, { recursive: true })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        for (const { name, ...size } of sizes) {
          await page.setViewportSize(size)
          // Colours fade from one theme to the other.
          await page.waitForTimeout(300)
          const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
          if (sideways > 0) findings.push(`${step}, ${name}: ${sideways} px wider than the window`)
          await page.screenshot({ path: path.join(artifacts, `${step}-${colorScheme}-${name}.png`) })
        }
        for (const finding of await accessibilityFindings(host)) findings.push(`${step}, ${colorScheme}: ${finding}`)
      }
      await page.setViewportSize({ width: 1280, height: 800 })
    })
    expect(findings).toEqual([])
    expect(host.complaints).toEqual([])
  })
})
