import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openChromium, required, root, type Host } from './hosts'
import { accessibilityFindings, artifacts } from './looks'

let host: Host
const at = (id: string) => host.page.getByTestId(id)
const patiently = { timeout: 60_000 }
const findings: string[] = []

/** The command line on the library that the app shows: another process. */
const vasp = (...args: string[]): string =>
  execFileSync(process.execPath, [path.join(root, 'out/main/cli.js'), ...args], {
    env: { ...process.env, VASP_LIBRARY: host.library },
    encoding: 'utf8',
  })

/** Widths in pixels of the page; 640 is what a window of 1280 shows at 200 % zoom. */
const looks = [
  { width: 1024, height: 768, zoom: 1 },
  { width: 1280, height: 800, zoom: 1 },
  { width: 1920, height: 1080, zoom: 1 },
  { width: 640, height: 400, zoom: 2 },
]

/** Pictures of the page as it stands, and what axe finds in it. */
async function look(name: string): Promise<void> {
  const { page } = host
  fs.mkdirSync(artifacts, { recursive: true })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const { width, height, zoom } of looks) {
      await page.setViewportSize({ width, height })
      await page.waitForTimeout(300)
      const size = zoom === 1 ? String(width) : 'zoomed'
      await page.screenshot({ path: path.join(artifacts, `${name}-${colorScheme}-${size}.png`) })
    }
    await page.setViewportSize({ width: 1280, height: 800 })
    for (const finding of await accessibilityFindings(host)) findings.push(`${name}, ${colorScheme}: ${finding}`)
  }
}

const show = (hash: string): Promise<void> => host.page.evaluate((to) => void (location.hash = to), `#/${hash}`)
const firstCell = (): Promise<string> =>
  at('browse').locator('tbody tr[data-index="0"] td').first().innerText({ timeout: 15_000 })
const count = (): Promise<string | null> => at('browse-count').textContent()

beforeAll(async () => {
  host = await openChromium(required('VASP_E2E_CHROMIUM'))
})
afterAll(() => host.close())

describe('browsing a data set', () => {
  it('appears on the open page when another process has imported it', async () => {
    await at('dataset-list').getByText('No data yet').waitFor(patiently)
    const ratings = path.join(root, 'resources/sample/ml-latest-small/ratings.csv')
    vasp('import', ratings, '--items', path.join(path.dirname(ratings), 'movies.csv'), '--name', 'films')
    await at('dataset-list').getByRole('link', { name: 'films' }).click(patiently)
    await at('next-train').waitFor(patiently)
    await at('profile-charts').waitFor(patiently)
    await look('browse-0-summary')
  })

  it('pages through, sorts and searches users, whose interactions open by keyboard', async () => {
    const { page } = host
    await at('view-users').click()
    await expect.poll(firstCell).toBe('414')
    expect(await count()).toContain('1–100 of 610 users')
    await look('browse-1-users')
    await page.getByRole('button', { name: 'User', exact: true }).click()
    await expect.poll(firstCell).toBe('1')
    await page.getByRole('button', { name: 'Page 7' }).click()
    await expect.poll(count).toContain('601–610 of 610 users')
    await at('browse-search').fill('60')
    await expect.poll(count).toContain('1–16 of 16 users')
    expect(page.url()).toContain('q=60')
    await at('browse-search').fill('no such user')
    await at('browse-none').getByText('No user’s id contains “no such user”').waitFor()
    await look('browse-2-none')
    await page.getByRole('button', { name: 'Show all users' }).click()
    await expect.poll(count).toContain('of 610 users')
    const first = at('browse').locator('tbody tr[data-index="0"]')
    await first.focus()
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-index'))).toBe('1')
    await page.keyboard.press('Enter')
    await at('narrowed').getByText('10', { exact: true }).waitFor()
    await expect.poll(count).toContain('of 140 interactions')
    await look('browse-3-one-user')
  })

  it('shows items with what is known of them, and who has one', async () => {
    const { page } = host
    await at('view-items').click()
    await expect.poll(firstCell).toBe('Forrest Gump (1994)')
    await look('browse-4-items')
    await at('browse-search').fill('amelie')
    await expect.poll(count).toContain('1–1 of 1 item')
    await page.getByRole('link', { name: /Amelie/ }).click()
    await at('narrowed')
      .getByText(/Amelie/)
      .waitFor()
    await expect.poll(count).toContain('of 120 interactions')
    await page.getByRole('button', { name: 'Value' }).click()
    await expect.poll(() => at('browse').locator('tbody tr[data-index="0"] td').nth(2).innerText()).toBe('5')
  })

  it('shows all interactions as they are stored, and the first in the order of time', async () => {
    const { page } = host
    await page.getByRole('button', { name: 'Show every item' }).click()
    await expect.poll(count).toContain('of 100,836 interactions')
    await page.getByRole('button', { name: 'Time (UTC)' }).click()
    await expect
      .poll(() => at('browse').locator('tbody tr[data-index="0"] td').nth(3).innerText())
      .toMatch(/^2018-09-24/)
    await at('browse').getByText('The first 10,000 in this order.').waitFor()
    await look('browse-5-interactions')
    await at('narrow-user').fill('414')
    await page.keyboard.press('Enter')
    await expect.poll(count).toContain('of 2,698 interactions')
    await page.goBack()
    await page.goForward()
    await expect.poll(count).toContain('of 2,698 interactions')
  })

  it('follows what another process renames and deletes', async () => {
    vasp('rename', 'dataset', 'films', 'movies')
    await at('page-title').getByText('movies').waitFor(patiently)
    vasp('delete', 'dataset', 'movies', '--yes')
    await at('dataset-gone').getByText('“movies” is no longer there').waitFor(patiently)
    await look('browse-6-gone')
    await host.page.getByRole('link', { name: 'All data sets' }).click()
    await at('dataset-list').getByText('No data yet').waitFor(patiently)
  })

  it('has no barriers and complains of nothing', () => {
    expect(findings).toEqual([])
    expect(host.complaints).toEqual([])
  })
})
