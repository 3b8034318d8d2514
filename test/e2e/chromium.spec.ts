import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openChromium, required, type Host } from './hosts'
import { weirdImport } from './import-journey'
import { wholePath } from './journey'
import { accessibilityFindings, artifacts, lookAt, usualWindows, windowScrolls } from './looks'

let host: Host

beforeAll(async () => {
  host = await openChromium(required('VASP_E2E_CHROMIUM'))
})
afterAll(() => host.close())

const pages = [
  'data',
  'data/import',
  'data/1',
  'runs',
  'runs/new',
  'runs/1',
  'experiments',
  'explore',
  'explore/map/1',
  'queue',
  'exports',
  'system',
]
describe('the browser host', () => {
  it('refuses requests without the token', async () => {
    const { origin } = new URL(host.page.url())
    const answer = await fetch(`${origin}/`)
    expect(answer.status).toBeGreaterThanOrEqual(401)
    expect(answer.status).toBeLessThanOrEqual(403)
  })

  it('goes the whole way from the sample to a file', async () => {
    await wholePath(host, { settings: { stages: '1e-3x3' }, k: 5 })
    expect(host.complaints).toEqual([])
  })

  it('hands the file over as a download', async () => {
    const [download] = await Promise.all([
      host.page.waitForEvent('download'),
      host.page.getByTestId('download-export').click(),
    ])
    expect(download.suggestedFilename()).toMatch(/\.csv$/)
    const text = fs.readFileSync(await download.path(), 'utf8')
    expect(text.split('\n')[0]).toMatch(/user,rank,item,title,score,flvae,nease/)
  })

  it('maps the items, marks a selection in every plot, and hands the coordinates over', async () => {
    const { page } = host
    const at = (id: string): ReturnType<typeof page.getByTestId> => page.getByTestId(id)
    await page.evaluate(() => (location.hash = '#/explore/map/1'))
    await at('map-items').fill('200')
    await at('map-iterations').fill('100')
    await at('start-map').click()
    for (const plot of ['joint', 'flvae', 'nease']) await at(`plot-${plot}`).waitFor({ timeout: 60_000 })

    await at('tool-rectangle').click()
    const box = await at('plot-nease').locator('canvas').boundingBox()
    if (!box) throw new Error('the plot has no canvas')
    await page.mouse.move(box.x + 3, box.y + 3)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 })
    await page.mouse.up()
    const selected = async (): Promise<number> => Number(await at('map-selection').getAttribute('data-count'))
    await expect.poll(selected).toBeGreaterThan(5)
    expect(await selected()).toBeLessThan(200)
    expect(await at('map-nearest').getByRole('listitem').count()).toBe(30)

    await page.keyboard.press('Escape')
    await expect.poll(selected).toBe(0)
    await at('map-search').fill('pulp fiction')
    // The hits of an earlier text stay until those of this one have arrived.
    await at('map-search-hit').filter({ hasText: 'Pulp Fiction' }).first().click()
    await expect.poll(selected).toBe(1)
    await at('legend-Drama').dblclick()
    await expect.poll(() => page.locator('[data-testid^=legend-][aria-pressed=true]').count()).toBe(1)

    const [download] = await Promise.all([page.waitForEvent('download'), at('map-csv').click()])
    const lines = fs
      .readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\n')
    expect(lines[0]).toBe('\ufeffplot,item,title,genres,popularity,x,y')
    expect(lines).toHaveLength(1 + 3 * 200)
    expect(host.complaints).toEqual([])
  })

  it('imports a file that no program writes on purpose, step by step and without barriers', async () => {
    const findings: string[] = []
    await weirdImport(host, async (step) => void findings.push(...(await lookAt(host, step))))
    expect(findings).toEqual([])
    expect(host.complaints).toEqual([])
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`shows every page without barriers, ${colorScheme}`, async () => {
      const { page } = host
      fs.mkdirSync(artifacts, { recursive: true })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const findings: string[] = []
      for (const { name: window, ...size } of usualWindows) {
        await page.setViewportSize(size)
        for (const name of pages) {
          await page.evaluate((hash) => (location.hash = hash), `#/${name}`)
          await page.waitForLoadState('networkidle')
          await page.waitForTimeout(300)
          const file = `${name.replaceAll('/', '-')}-${colorScheme}-${window}.png`
          await page.screenshot({ path: path.join(artifacts, file) })
          for (const finding of await accessibilityFindings(host)) findings.push(`${name}: ${finding}`)
          if (await windowScrolls(host)) findings.push(`${name}: the window scrolls, not only the page in it`)
        }
      }
      expect(findings).toEqual([])
      expect(host.complaints).toEqual([])
    })
  }
})
