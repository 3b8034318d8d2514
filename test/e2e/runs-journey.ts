import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect } from 'vitest'
import { root, type Host } from './hosts'

type Look = (name: string) => Promise<void>
const patiently = { timeout: 60_000 }

/** Four quick runs, by the command line on the host's library: two models, two seeds, and one under another protocol. */
export function trainRuns(library: string): void {
  // The SQLite of these tests may be that of Electron.
  const { VASP_SQLITE_BINDING: _, ...env } = process.env
  const vasp = (...args: string[]): void =>
    void execFileSync(process.execPath, [path.join(root, 'out/main/cli.js'), '--quiet', ...args], {
      env: { ...env, VASP_LIBRARY: library },
    })
  const ratings = path.join(root, 'resources/sample/ml-latest-small/ratings.csv')
  vasp('import', ratings, '--name', 'films')
  vasp('train', '--data', 'films', '--model', 'popularity', '--tag', 'baseline', '--note', 'The **floor**')
  vasp('train', '--data', 'films', '--model', 'itemknn')
  const short = ['--data', 'films', '--model', 'mult-dae', '--set', 'stages=1e-3x4', '--most-popular', '300']
  vasp('train', ...short)
  vasp('train', ...short, '--seed', '2')
}

/** The table of runs and a comparison, as a person uses them. */
export async function deskOfRuns(host: Host, look: Look): Promise<void> {
  const { page } = host
  const at = (id: string) => page.getByTestId(id)
  const shown = (): Promise<(string | null)[]> =>
    at('run-list')
      .locator('tbody tr[data-row]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-row')))
  const choose = (run: number): Promise<void> =>
    at('run-list').locator(`tr[data-row="${run}"]`).getByRole('checkbox').click()

  trainRuns(host.library)
  await at('nav-runs').click()
  await at('run-4').waitFor(patiently)
  expect(await shown()).toEqual(['4', '3', '2', '1'])
  await look('runs-0-table')

  // A filter is read while it is typed; what cannot be read is explained, and hides nothing.
  await at('runs-filter').fill('tag=baseline')
  await expect.poll(shown).toEqual(['1'])
  await at('runs-filter').fill('model=mult-dae seed=2')
  await expect.poll(shown).toEqual(['4'])
  await at('runs-filter').fill('sede=2')
  await page.getByText('Did you mean seed?').waitFor()
  expect(await shown()).toHaveLength(4)
  await look('runs-1-unreadable-filter')
  await at('runs-filter').fill('')

  // Tags of several runs at once, by keyboard.
  await choose(3)
  await choose(4)
  await at('bulk-tags').click()
  await at('new-tag').fill('two seeds')
  await page.keyboard.press('Enter')
  await at('save-tags').click()
  await at('runs-filter').fill('tag="two seeds"')
  await expect.poll(shown).toEqual(['4', '3'])
  await at('runs-filter').fill('')

  // Groups with subtotals, a column for a setting, and all of it under a name.
  await at('runs-group').click()
  await page.getByRole('option', { name: 'By model' }).click()
  await expect.poll(() => at('run-list').locator('tr[data-group]').count()).toBe(3)
  await at('runs-columns').click()
  await at('column-stages').click()
  await page.keyboard.press('Escape')
  await page.getByRole('columnheader', { name: 'Learning-rate schedule' }).waitFor()
  await at('runs-views').click()
  await page.getByRole('menuitem', { name: 'Save this view…' }).click()
  await at('rename-name').fill('by model')
  await page.keyboard.press('Enter')
  await at('runs-views').getByText('by model').waitFor()
  await look('runs-2-groups')

  // The view outlives the page.
  await page.reload()
  await at('run-4').waitFor(patiently)
  expect(await at('run-list').locator('tr[data-group]').count()).toBe(3)
  await at('runs-views').click()
  await page.getByRole('menuitem', { name: 'All runs' }).click()
  await expect.poll(() => at('run-list').locator('tr[data-group]').count()).toBe(0)

  // Archived runs leave the list, until they are asked for.
  await choose(2)
  await at('bulk-archive').click()
  await expect.poll(shown).toEqual(['4', '3', '1'])
  await at('runs-archived').click()
  await expect.poll(shown).toEqual(['4', '3', '2', '1'])
  await choose(2)
  await at('bulk-archive').click()

  // A deletion can be undone until the program closes.
  await choose(1)
  await at('bulk-delete').click()
  await expect.poll(shown).toEqual(['4', '3', '2'])
  await at('removed-runs').click()
  await look('runs-3-deleted')
  await at('restore-1').click()
  await expect.poll(shown).toEqual(['4', '3', '2', '1'])

  // Runs side by side: tests under one protocol, none across two.
  for (const run of [1, 2, 3, 4]) await choose(run)
  await at('bulk-compare').click()
  await at('compared-figures').waitFor(patiently)
  await page.getByText('measured under another protocol than the baseline').waitFor()
  expect(await at('compared-figures').getByText('other protocol').count()).toBe(6)
  await at('compare-baseline').click()
  await page.getByRole('option', { name: /run 3/ }).click()
  await page
    .getByText('Runs 4, 3 differ in their seed alone', { exact: false })
    .or(page.getByText('Runs 3, 4 differ in their seed alone', { exact: false }))
    .first()
    .waitFor()
  await at('compared-users').waitFor()
  await at('compared-settings').getByText('Seed').waitFor()
  await look('runs-4-comparison')
  await at('comparisons').click()
  await page.getByRole('menuitem', { name: 'Save this comparison…' }).click()
  await at('rename-name').fill('four runs')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'four runs' }).waitFor()

  // Notes are Markdown.
  await page.evaluate(() => void (location.hash = '#/runs/1'))
  await at('note-text').getByText('floor').waitFor(patiently)
  expect(await at('note-text').locator('strong').textContent()).toBe('floor')
  await at('run-note').click()
  await at('note-draft').fill('<img src=x onerror=alert(1)> *plain*')
  await at('save-note').click()
  await at('note-text').getByText('<img').waitFor()
  expect(await at('note-text').locator('img').count()).toBe(0)
  await look('runs-5-note')

  // The best runs of the protocol with most of them, and what is still to be tried.
  await at('nav-overview').click()
  const overview = at('overview-1')
  await overview
    .getByText('1 run of other protocols is not ranked with these', { exact: false })
    .or(overview.getByText('2 runs of other protocols are not ranked with these', { exact: false }))
    .first()
    .waitFor(patiently)
  await overview.getByRole('link', { name: 'Train it' }).first().waitFor()
  await look('runs-5b-overview')

  await runsAsFiles(host, look)
  await newRun(host, look)
}

/** A run leaves the library as a file, comes back from it, and is trained again. */
async function runsAsFiles({ page }: Host, look: Look): Promise<void> {
  const at = (id: string) => page.getByTestId(id)
  const choose = async (item: string): Promise<void> => {
    await at('run-menu').click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  await page.evaluate(() => void (location.hash = '#/runs/2'))
  await at('run-record').getByText('Commit').waitFor(patiently)
  await choose('Save as a file…')
  await at('save-with-data').click()
  await look('runs-6-save')
  expect(await at('save-run').getAttribute('href')).toBe('/run-files/2?data=1')
  await page.keyboard.press('Escape')
  // The bytes of the link, as a file that is chosen in the dialog after the run is gone.
  await page.evaluate(async () => {
    const bytes = await (await fetch('/run-files/2?data=1')).blob()
    Object.assign(window, { savedRun: new File([bytes], 'neighbours.vasprun') })
  })
  await choose('Delete…')
  await at('confirm-delete').click()
  await at('import-runs').click()
  await page.evaluate(() => {
    const { savedRun } = window as unknown as { savedRun: File }
    const transfer = new DataTransfer()
    transfer.items.add(savedRun)
    transfer.items.add(new File(['a,b'], 'ratings.csv'))
    const input = document.querySelector<HTMLInputElement>('[data-testid="run-files"]')
    if (!input) throw new Error('the dialog has no input for files')
    input.files = transfer.files
    input.dispatchEvent(new Event('change', { bubbles: true }))
  })
  await at('imported-runs').getByText('which this library already had').waitFor(patiently)
  await at('imported-runs').getByText('ratings.csv is not the file of a run').waitFor()
  await look('runs-7-imported')
  await at('open-imported-5').click()
  await at('run-record').getByText('from neighbours.vasprun, run 2 there').waitFor(patiently)

  await choose('Train again, unchanged')
  await at('run-repetition').getByText('are the same as those of run 5').waitFor(patiently)
  await look('runs-8-again')
}

/** A new run from an earlier one: what changes, what it needs, and several at once; the form survives a visit elsewhere. */
async function newRun({ page }: Host, look: Look): Promise<void> {
  const at = (id: string) => page.getByTestId(id)
  await page.evaluate(() => void (location.hash = '#/runs/new?from=3'))
  await at('changes').getByText('the same run again').waitFor(patiently)
  await at('time-need').first().waitFor(patiently)
  await page.getByText('Several runs at once').click()
  await at('several-seeds').fill('7, x')
  await page.getByText('“x” is not a seed').waitFor()
  await page.getByText('Correct what is marked').waitFor()
  await at('several-seeds').fill('7')
  await at('start-training').getByText('Start 2 trainings').waitFor()
  // Unfolded, because the run was trained with a setting of its own.
  await at('config-stages').fill('1e-3x2')
  await at('changes').getByText('1e-3x2').waitFor()
  await look('runs-9-new')
  await page.evaluate(() => void (location.hash = '#/queue'))
  await at('page-title').getByText('Queue').waitFor()
  await page.evaluate(() => void (location.hash = '#/runs/new?from=3'))
  await page.getByText('as you left it').waitFor(patiently)
  expect(await at('config-stages').inputValue()).toBe('1e-3x2')
  await at('start-training').click()
  await at('run-8').waitFor(patiently)
  await page.evaluate(() => void (location.hash = '#/runs/8'))
  await page.locator('[data-testid="run-state"][data-state="finished"]').waitFor({ timeout: 120_000 })

  // A training that is watched, and ended with its best epoch so far.
  await page.evaluate(() => void (location.hash = '#/runs/new?from=4'))
  await at('config-stages').fill('1e-3x5000')
  await at('config-patience').fill('0')
  await at('start-training').click()
  await expect
    .poll(async () => Number(await at('curves').getAttribute('data-epochs')), { timeout: 120_000 })
    .toBeGreaterThanOrEqual(4)
  await at('run-usage').getByText('processors busy').first().waitFor(patiently)
  await page.getByRole('slider', { name: 'Smoothing of the curves' }).press('End')
  await page.getByText('Logarithmic loss axis').click()
  await at('run-log').locator('summary').click()
  await at('run-log').getByRole('log').getByText('new best').waitFor(patiently)
  await look('runs-10-live')
  await at('stop-early').click()
  await page.locator('[data-testid="run-state"][data-state="finished"]').waitFor({ timeout: 120_000 })
  await at('run-facts').getByText('stopped early').waitFor(patiently)
}
