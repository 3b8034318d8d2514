import fs from 'node:fs'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import { z } from 'zod'
import type { Host } from './hosts'

const minute = 60_000

/** How far a host goes on the way: the short one trains fewer epochs. */
export interface Journey {
  /** Settings that replace those of the preset `compact`. */
  readonly settings: Readonly<Record<string, string>>
  /** Number or share of the items that it is trained on; all if absent. */
  readonly mostPopular?: string
  /** Backend that the run must have been trained on; any if absent. */
  readonly backend?: string
  /** Whether the training is cancelled on the way, and then goes on. */
  readonly interrupted?: boolean
  /** Items per user in the exported list. */
  readonly k: number
}

const value = async (locator: Locator): Promise<number> => Number(await locator.getAttribute('data-value'))

const exportedRow = z.object({
  user: z.string(),
  rank: z.coerce.number(),
  title: z.string(),
  score: z.coerce.number(),
  flvae: z.coerce.number(),
  nease: z.coerce.number(),
})

/** The main job by clicking: import the sample, train VASP, see why an item is recommended, write the lists to a file and read it back. */
export async function wholePath(host: Host, journey: Journey): Promise<void> {
  await importSample(host)
  await trainVasp(host, journey)
  const { user, titles } = await exploreOneUser(host)
  await exportLists(host, journey.k, user, titles)
}

async function importSample({ page }: Host): Promise<void> {
  await page.getByTestId('import-sample').first().click()
  const dataset = page.getByTestId('dataset-list').getByRole('link', { name: /MovieLens/ })
  await dataset.waitFor({ timeout: minute })
  await dataset.click()
  await page.getByText('Forrest Gump').first().waitFor()
}

async function trainVasp({ page }: Host, { settings, mostPopular, backend, interrupted }: Journey): Promise<void> {
  await page.getByTestId('train-model').click()
  await page.getByTestId('outlook').waitFor({ timeout: minute })
  await page.getByTestId('all-models').locator('summary').click()
  await page.getByTestId('model-vasp').click()
  if (Object.keys(settings).length > 0) await page.getByTestId('toggle-settings').click()
  for (const [key, text] of Object.entries(settings))
    await page.locator(`[data-testid="config-${key}"] input, input[data-testid="config-${key}"]`).fill(text)
  if (mostPopular !== undefined) {
    await page.getByTestId('protocol').locator('summary').click()
    await page.getByTestId('most-popular').fill(mostPopular)
  }
  await page.getByTestId('start-training').click()

  const curves = page.getByTestId('curves')
  const points = async (): Promise<number> => Number(await curves.getAttribute('data-epochs'))
  await expect.poll(points, { timeout: 2 * minute, interval: 100 }).toBeGreaterThanOrEqual(1)
  const first = await points()
  // The curves move while training runs, before the page is loaded again.
  await expect.poll(points, { timeout: 2 * minute, interval: 100 }).toBeGreaterThan(first)
  if (interrupted) {
    await page.getByTestId('cancel-run').click()
    await page.locator('[data-testid="run-state"][data-state="cancelled"]').waitFor({ timeout: minute })
    await page.getByTestId('run-resume').click()
    await page.locator('[data-testid="run-state"][data-state="running"]').waitFor({ timeout: minute })
    await page.getByTestId('pause-run').click()
    await page.locator('[data-testid="run-state"][data-state="paused"]').waitFor({ timeout: minute })
    await page.getByText(/Paused by hand\. It (goes on|begins again)/).waitFor()
    await page.getByTestId('nav-queue').click()
    await page.getByTestId('queue-job').getByText('Paused by hand.').waitFor()
    await page.getByTestId('queue-go-on').click()
    await page.locator('[data-testid="queue-job"] [data-state="running"]').waitFor({ timeout: minute })
    await page.goBack()
    await page.locator('[data-testid="run-state"][data-state="running"]').waitFor({ timeout: minute })
  }
  await page.locator('[data-testid="run-state"][data-state="finished"]').waitFor({ timeout: 8 * minute })

  const ndcg = await value(page.getByTestId('compared-vasp').locator('[data-value]').first())
  expect(ndcg).toBeGreaterThan(0.1)
  expect(ndcg).toBeLessThan(1)
  if (backend !== undefined)
    await page
      .getByText(new RegExp(`^\\s*${backend} \\d`))
      .first()
      .waitFor({ state: 'attached' })
}

async function exploreOneUser({ page }: Host): Promise<{ user: string; titles: string[] }> {
  await page.getByTestId('run-explore').click()
  const search = page.locator('[data-testid="user-search"] input, input[data-testid="user-search"]')
  await search.fill('414')
  const hit = page.locator('[data-testid="user-search-hit"][data-id="414"]')
  await hit.click()
  await page.getByTestId('recommendations').getByTestId('item-title').first().waitFor({ timeout: minute })
  await page.locator('[data-testid="recommendations"][aria-busy="false"]').waitFor({ timeout: minute })
  const titles = await page.getByTestId('recommendations').getByTestId('item-title').allTextContents()

  await page.getByTestId('recommendations').getByTestId('item-title').nth(1).click()
  const explained = page.getByTestId('explained-title')
  await expect.poll(() => explained.textContent(), { timeout: minute }).toContain(titles[1]?.trim())
  const [p, f, n] = await Promise.all(
    ['p', 'f', 'n'].map((name) => value(page.getByTestId('equation').getByTestId(name))),
  )
  expect(p).toBeGreaterThan(0)
  expect(f).toBeGreaterThan(p ?? Number.NaN)
  expect(n).toBeGreaterThan(p ?? Number.NaN)
  expect((f ?? 0) * (n ?? 0)).toBeCloseTo(p ?? Number.NaN, 5)

  const folded = page.getByTestId('all-contributions')
  if (await folded.isVisible()) await folded.click()
  const contributions = await page
    .getByTestId('contribution')
    .evaluateAll((rows) => rows.map((row) => Number(row.dataset.value)))
  const logit = await value(page.getByTestId('linear-logit'))
  expect(contributions.length).toBe(Number(await page.getByTestId('history').getAttribute('data-count')))
  expect(contributions.reduce((sum, contribution) => sum + contribution, 0)).toBeCloseTo(logit, 3)
  expect(1 / (1 + Math.exp(-logit))).toBeCloseTo(n ?? Number.NaN, 4)
  return { user: '414', titles: titles.map((title) => title.trim()) }
}

async function exportLists({ page, library }: Host, k: number, user: string, titles: string[]): Promise<void> {
  await page.getByTestId('nav-exports').click()
  await page.getByTestId('new-export').click()
  await page.locator('[data-testid="export-k"] input, input[data-testid="export-k"]').fill(String(k))
  await page.getByTestId('start-export').click()
  await page.getByTestId('download-export').waitFor({ timeout: 2 * minute })

  const folder = path.join(library, 'exports')
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.csv'))
  expect(files).toHaveLength(1)
  const text = fs.readFileSync(path.join(folder, files[0] ?? ''), 'utf8')
  const rows = z.array(exportedRow).parse(parse(text, { columns: true, bom: true }))
  const own = rows.filter((row) => row.user === user)
  expect(own.map(({ rank }) => rank)).toEqual(Array.from({ length: k }, (_, index) => index + 1))
  // The same list as on the screen; a title that begins like a formula may be escaped in the file.
  expect(own.map(({ title }) => title)).toEqual(titles.slice(0, k))
  for (const { score, flvae, nease } of own) expect(flvae * nease).toBeCloseTo(score, 5)
  expect(new Set(rows.map((row) => row.user)).size).toBeGreaterThan(500)
}
