import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openChromium, required, root, type Host } from './hosts'

let host: Host
const at = (id: string) => host.page.getByTestId(id)
const named = (role: 'button' | 'menuitem' | 'option', name: string | RegExp) => host.page.getByRole(role, { name })
const artifacts = path.join(root, 'test/e2e/artifacts')

/** The command line on the library that the app shows. */
const vasp = (...args: string[]): string =>
  execFileSync(process.execPath, [path.join(root, 'out/main/cli.js'), ...args], {
    env: { ...process.env, VASP_LIBRARY: host.library },
    encoding: 'utf8',
  })

async function shots(name: string): Promise<void> {
  const { page } = host
  fs.mkdirSync(artifacts, { recursive: true })
  for (const colorScheme of ['light', 'dark'] as const)
    for (const size of [
      { width: 1280, height: 800 },
      { width: 1920, height: 1080 },
    ]) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize(size)
      await page.waitForTimeout(300)
      await page.screenshot({ path: path.join(artifacts, `${name}-${colorScheme}-${size.width}.png`) })
    }
}

async function show(hash: string): Promise<void> {
  await host.page.evaluate((to) => (location.hash = to), `#/${hash}`)
}

beforeAll(async () => {
  host = await openChromium(required('VASP_E2E_CHROMIUM'))
  const ratings = path.join(root, 'resources/sample/ml-latest-small/ratings.csv')
  vasp('import', ratings, '--items', path.join(path.dirname(ratings), 'movies.csv'), '--name', 'films')
  const newer = path.join(host.library, 'newer.csv')
  fs.writeFileSync(newer, 'userId,movieId,rating,timestamp\nnew,1,5,1700000000\nnew,2,4,1700000001\n,2,4,1700000001\n')
  vasp('import', newer, '--append-to', 'films')
  vasp('train', '--data', 'films@1', '--model', 'popularity')
})
afterAll(() => host.close())

describe('the pages of data', () => {
  it('shows what a data set looks like, each chart with its numbers and as a file', async () => {
    const { page } = host
    await show('data/1')
    await page.reload()
    for (const [id, value] of [
      ['dataset-users', '610'],
      ['dataset-items', '9,724'],
      ['dataset-interactions', '100,836'],
    ] as const)
      await expect.poll(() => at(id).textContent(), { timeout: 30_000 }).toContain(value)
    await at('profile-charts').waitFor({ timeout: 60_000 })
    await page.getByText('6,074 have fewer than 5 interactions').waitFor()
    for (const chart of [
      'Ratings',
      'Interactions per user',
      'Long tail',
      'Interactions per item',
      'Cold items',
      'Over time',
      'Genres',
    ]) {
      await named('button', `${chart}: show the numbers`).click()
      const numbers = page.getByRole('region', { name: `${chart}, numbers` })
      const lines = await numbers.getByRole('row').count()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        named('button', `${chart}: download as CSV`).click(),
      ])
      const text = fs.readFileSync(await download.path(), 'utf8').trimEnd()
      expect([chart, text.split('\n').length]).toEqual([chart, lines])
      expect(lines).toBeGreaterThan(3)
      await named('button', `${chart}: show the chart`).click()
    }
    await at('profile-charts').scrollIntoViewIfNeeded()
    await shots('profile')
  })

  it('lists the versions, tells the newest, and shows what was rejected in each', async () => {
    const { page } = host
    await page.getByText('This is version 1; the newest is').waitFor()
    await page.getByRole('link', { name: 'version 2' }).click()
    await expect.poll(() => at('dataset-users').textContent()).toContain('611')
    await expect.poll(() => at('dataset-rejected').textContent()).toContain('1')
    const versions = at('dataset-versions')
    await versions.scrollIntoViewIfNeeded()
    expect(await versions.textContent()).toContain('added: newer.csv')
    expect(await versions.textContent()).toContain('+2')
    await versions.getByText('imported: ratings.csv').dblclick()
    await expect.poll(() => page.url()).toContain('/data/1')
  })

  it('keeps, takes, renames and deletes filters by name, shows their effect, and offers them to experiments', async () => {
    const { page } = host
    await show('runs/new?dataset=1')
    await at('protocol').locator('summary').click()
    await at('min-per-item').fill('20')
    await at('most-popular').fill('500')
    await at('show-effect').click()
    await at('preparation-effect').waitFor({ timeout: 60_000 })
    expect(await at('preparation-effect').textContent()).toContain('Most popular items')
    expect(await at('leak-checks').getByRole('listitem').count()).toBeGreaterThan(1)

    const menu = async (entry: string): Promise<void> => {
      await at('preparation-menu').click()
      await named('menuitem', entry).click()
    }
    await menu('Save as…')
    await at('rename-name').fill('dense')
    await shots('preparation-keep')
    await named('button', 'Save').click()
    await expect.poll(() => at('stored-preparation').textContent()).toContain('dense')
    await at('most-popular').fill('400')
    await expect.poll(() => at('stored-preparation').textContent()).toContain('As set here')
    await at('stored-preparation').click()
    await named('option', 'dense').click()
    await expect.poll(() => at('most-popular').inputValue()).toBe('500')
    await menu('Rename…')
    await at('rename-name').fill('core')
    await named('button', 'Rename').click()
    await expect.poll(() => at('stored-preparation').textContent()).toContain('core')
    await at('preparation').scrollIntoViewIfNeeded()
    await shots('preparation')

    await show('experiments')
    await at('new-experiment').click()
    await at('stored-preparation').click()
    await named('option', 'core').click()
    await expect.poll(() => at('most-popular').inputValue()).toBe('500')
    await at('preparation').scrollIntoViewIfNeeded()
    await shots('experiment-preparation')
    await menu('Delete…')
    await at('confirm-delete').click()
    await expect.poll(() => at('stored-preparation').textContent()).toContain('As set here')
    await at('stored-preparation').click()
    expect(await page.getByRole('option').allTextContents()).toEqual(['As set here'])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
  })

  it('lists what is deleted with a version before, and deletes one or all', async () => {
    const { page } = host
    await show('data/1')
    await at('dataset-menu').click()
    await named('menuitem', 'Delete this version…').click()
    const dependents = at('deletion-dependents')
    await dependents.waitFor()
    expect(await dependents.textContent()).toMatch(/Run “.*weights/s)
    await shots('version-deletion')
    await at('confirm-delete').click()
    await expect.poll(() => page.url()).toContain('/data/2')
    await page.getByText('Version deleted').first().waitFor()
    await at('dataset-menu').click()
    await named('menuitem', 'Delete…').click()
    await page.getByText('nothing else depends on them').waitFor()
    await at('confirm-delete').click()
    await expect.poll(() => page.url()).toMatch(/\/data$/)
    await at('dataset-list').getByText('No data yet').waitFor()
    expect(JSON.parse(vasp('datasets', '--json'))).toEqual({ datasets: [] })
    expect(host.complaints).toEqual([])
  })
})
