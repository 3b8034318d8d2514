import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openChromium, required, root, type Host } from './hosts'
import { everyWindow, lookAt } from './looks'

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

/** Screenshots of the current page, and axe's findings in it. */
const look = async (name: string): Promise<void> => void findings.push(...(await lookAt(host, name, everyWindow)))

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

  it('shows items with their details, and the users of one', async () => {
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
    await expect.poll(() => at('browse').locator('tbody tr[data-index="0"] td').nth(3).innerText()).toBe('5')
  })

  it('shows all interactions in stored order, and the first by time', async () => {
    const { page } = host
    await page.getByRole('button', { name: 'Show every item' }).click()
    await expect.poll(count).toContain('of 100,836 interactions')
    await page.getByRole('button', { name: 'Time (UTC)' }).click()
    await expect
      .poll(() => at('browse').locator('tbody tr[data-index="0"] td').nth(4).innerText())
      .toMatch(/^2018-09-24/)
    await at('browse').getByText('The first 10,000 in this order.').waitFor()
    await look('browse-5-interactions')
    await page.getByRole('button', { name: 'Item', exact: true }).click()
    await expect
      .poll(() => at('browse').locator('tbody tr[data-index="0"] td').nth(1).innerText())
      .toMatch(/^(?:'71|"11'09|#|\()/)
    await page.getByRole('button', { name: 'Item id' }).click()
    await expect.poll(() => at('browse').locator('tbody tr[data-index="0"] td').nth(2).innerText()).toBe('1')
    await page.getByRole('button', { name: 'Time (UTC)' }).click()
    await at('narrow-user').fill('414')
    await page.keyboard.press('Enter')
    await expect.poll(count).toContain('of 2,698 interactions')
    await page.goBack()
    await page.goForward()
    await expect.poll(count).toContain('of 2,698 interactions')
  })

  it('takes files that are dropped anywhere on the window', async () => {
    const { page } = host
    await show('runs')
    const held = await page.evaluateHandle(() => {
      const data = new DataTransfer()
      data.items.add(new File(['who,what,stars\nann,a,5\nbob,a,4\nbob,b,3\n'], 'dropped.csv', { type: 'text/csv' }))
      return data
    })
    await page.dispatchEvent('body', 'dragover', { dataTransfer: held })
    await at('drop-target').getByText('Drop the files to import them').waitFor()
    await look('drop-1-window')
    await page.dispatchEvent('body', 'dragleave', { dataTransfer: held })
    await at('drop-target').waitFor({ state: 'hidden' })
    await page.dispatchEvent('body', 'dragover', { dataTransfer: held })
    await page.dispatchEvent('body', 'drop', { dataTransfer: held })
    await at('chosen-files').getByText('dropped.csv').waitFor(patiently)
    await at('drop-target').waitFor({ state: 'hidden' })
    expect(page.url()).toContain('#/data/import')
    await at('read-files').click()
    await at('map-user').waitFor(patiently)
    await page.getByRole('button', { name: 'Start over' }).click()
  })

  it('joins item details under any header, seen beforehand, from a file that is dropped on the dialog', async () => {
    const { page } = host
    await show('data/1/items?describe=yes')
    await page.getByText('Add item details').first().waitFor(patiently)
    const held = await page.evaluateHandle(() => {
      const films = ['356;Forrest', '318;Vykoupení', '296;Historky', '593;Mlčení', '2571;Matrix', 'x9;Nic']
      const rows = films.map((film, row) => `${900_001 + row};${film};Drama|Komedie;${row < 4 ? 1994 : 1999}`)
      rows.unshift('jine;kod;nazev;zanr;rok')
      const data = new DataTransfer()
      data.items.add(new File([rows.join('\n')], 'katalog.csv', { type: 'text/csv' }))
      return data
    })
    await page.dispatchEvent('body', 'dragover', { dataTransfer: held })
    await at('drop-target').getByText('Drop the file of items').waitFor()
    await page.dispatchEvent('body', 'drop', { dataTransfer: held })
    await at('details-preview').waitFor(patiently)
    await at('details-checks').getByText('5 of 9,724 items found by “kod”; 1 other id is left out.').waitFor(patiently)
    expect(await at('details-title').textContent()).toContain('nazev')
    await look('details-1-columns')
    await at('details-item').click()
    await page.getByRole('option', { name: 'jine' }).click()
    await at('details-checks').getByText('No value of “jine” is the id of an item').waitFor()
    expect(await at('join-item-details').isDisabled()).toBe(true)
    await at('details-item').click()
    await page.getByRole('option', { name: 'kod' }).click()
    await at('join-item-details').click()
    await at('item-details-result').getByText('5 items were described').waitFor(patiently)
    await look('details-2-result')
    await page.getByRole('button', { name: 'Done' }).click()
    await expect.poll(firstCell).toBe('Forrest')
  })

  it('reads a newer export as the data set was read, and lets that be changed', async () => {
    const { page, library } = host
    const rows = ['kdo;co;znamka;kdy', 'ann;a;3,5;23/02/2024', 'bob;a;4;03/02/2024', 'bob;b;2,5;04/02/2024']
    const [first, second] = [path.join(library, 'leden.csv'), path.join(library, 'unor.csv')]
    fs.writeFileSync(first, rows.join('\n'))
    fs.writeFileSync(second, ['kdo,co,znamka,kdy', 'ann,b,4,05/03/2024', 'eve,a,5,06/03/2024'].join('\n'))
    const named = ['--user', 'kdo', '--item', 'co', '--rating', 'znamka', '--time', 'kdy']
    const { dataset } = JSON.parse(vasp('import', first, '--name', 'shop', ...named, '--json')) as { dataset: number }
    await show(`data/import?into=${dataset}`)
    await at('import-into').waitFor(patiently)
    await at('import-files-input').setInputFiles(second)
    await at('read-files').click()
    await at('earlier-reading')
      .getByText('The files are read like version 1: with the same columns, dates day first, a decimal comma.')
      .waitFor(patiently)
    expect(await at('map-user').textContent()).toContain('kdo')
    expect(await at('layout-dateOrder').textContent()).toContain('Day first')
    await look('earlier-1-reading')
    await at('read-anew').click()
    await at('earlier-reading').getByText('not taken from version 1').waitFor(patiently)
    await at('read-as-earlier').click()
    await at('earlier-reading').getByText('with the same columns').waitFor(patiently)
    await page.getByRole('button', { name: 'Start over' }).click()
    vasp('delete', 'dataset', 'shop', '--yes')
    await show('data/1')
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
