import fs from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Host } from './hosts'

/** Other work may keep the machine busy. */
const patiently = { timeout: 60_000 }
const columns = 'Kunde;Artikel;Note;Datum'
const day = (i: number): string => `${String(1 + (i % 28)).padStart(2, '0')}.02.2024`
const rows = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `K${(from + n) % 40};Straße ${((from + n) * 7) % 90};${n % 5},5;${day(n)}`)

/** A till's export as spreadsheets write it: a title, semicolons, decimal commas, Windows-1252; two rows cannot be used. */
const march = [
  'Auszug aus dem Geschäft',
  'Erstellt am 01.03.2024',
  '',
  columns,
  ...rows(0, 300),
  'K1;Straße 3;gut;03.02.2024',
  ';Straße 4;1,5;04.02.2024',
].join('\r\n')
const april = [columns, ...rows(300, 200)].join('\r\n')

/** Drops a file on the window as a file manager does, with the bytes of Windows-1252. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const bytes = [...Buffer.from(text, 'latin1')]
  const transfer = await page.evaluateHandle(
    ({ name, bytes }) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([new Uint8Array(bytes)], name))
      return transfer
    },
    { name, bytes },
  )
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer })
}

async function choose(page: Page, testid: string, option: string | RegExp): Promise<void> {
  await page.getByTestId(testid).click()
  await page.getByRole('option', { name: option }).click()
}

/** Looks at one step of the wizard, in whatever ways the host can. */
export type Look = (step: string) => Promise<void>

/**
 * Imports what no program writes on purpose: dropped, its layout overridden and put back, its columns chosen, kept as a template that fits the
 * next file; rejected rows are listed, and a cancelled import leaves nothing.
 */
export async function weirdImport(host: Host, look: Look): Promise<void> {
  const { page } = host
  await page.getByTestId('nav-data').click(patiently)
  await page.getByTestId('dataset-list').waitFor(patiently)
  await page.keyboard.press('i')
  await page.getByTestId('choose-files').waitFor(patiently)
  await look('import-1-empty')
  await drop(page, 'Kasse März.csv', march)
  await page.getByTestId('chosen-files').getByText('Kasse März.csv').waitFor()
  await look('import-1-files')
  await page.getByTestId('read-files').click()

  await overrideLayout(page, look)
  await chooseColumns(page, look)
  await review(page, look)
  await useTemplate(page, look)
  await eventsOfSeveralFiles(host, look)
  await cancelImport(host, look)
  await byKeyboard(host)
}

async function overrideLayout(page: Page, look: Look): Promise<void> {
  const at = (id: string): ReturnType<Page['getByTestId']> => page.getByTestId(id)
  const headers = (): Promise<string[]> => at('preview').first().locator('th > span:first-child').allTextContents()
  await at('preview').first().waitFor(patiently)
  expect(await at('layout-encoding').textContent()).toContain('Windows-1252')
  expect(await at('layout-delimiter').textContent()).toContain('Semicolon (detected)')
  expect(await at('layout-decimalComma').textContent()).toContain('Comma')
  expect(await at('preamble').textContent()).toContain('Geschäft')
  expect(await headers()).toEqual(['Kunde', 'Artikel', 'Note', 'Datum'])
  await look('import-2-detected')

  await at('layout').locator('summary').first().click()
  await choose(page, 'layout-encoding', /Windows-1251/)
  await expect.poll(() => at('preamble').textContent(), patiently).toContain('Geschдft')
  await choose(page, 'layout-delimiter', 'Pipe')
  await expect.poll(async () => (await headers()).length, patiently).toBe(1)
  await look('import-2-misread')
  await at('layout').getByRole('button', { name: 'As detected' }).click()
  await expect.poll(() => at('preamble').textContent(), patiently).toContain('Geschäft')
  expect(await headers()).toHaveLength(4)
}

async function chooseColumns(page: Page, look: Look): Promise<void> {
  const next = page.getByTestId('review-import')
  await choose(page, 'map-user', 'Kunde')
  await choose(page, 'map-item', 'Artikel')
  await choose(page, 'map-rating', 'Note')
  await page
    .getByTestId('mapping-checks')
    .getByText('“Note”: 1 of 302 rows cannot be used: rating is not a number')
    .waitFor(patiently)
  await choose(page, 'map-time', 'Datum')
  await page.getByTestId('mapping-checks').getByText('Times in “Datum” can be read.').waitFor()
  await look('import-2-mapped')
  await next.click()
}

const numberOf = async (page: Page, testid: string): Promise<number> =>
  Number((await page.getByTestId(testid).textContent())?.replaceAll(/[^0-9]/g, ''))

async function review(page: Page, look: Look): Promise<void> {
  const at = (id: string): ReturnType<Page['getByTestId']> => page.getByTestId(id)
  await at('forecast').waitFor(patiently)
  const expected = await numberOf(page, 'forecast-interactions')
  expect(expected).toBeGreaterThan(200)
  expect(await numberOf(page, 'forecast-rejected')).toBe(2)
  await at('dataset-name').fill('Kasse')
  await at('template-name').fill('Kassenauszug')
  await at('save-template').click()
  await page.getByText('Saved as “Kassenauszug”.').waitFor()
  await look('import-3-review')
  await at('start-import').click()

  await at('import-summary').waitFor(patiently)
  expect(await numberOf(page, 'import-interactions')).toBe(expected)
  expect(await numberOf(page, 'import-rejected')).toBe(2)
  const rejected = at('rejected-rows')
  await rejected.getByText('rating is not a number').waitFor()
  expect(await rejected.getByRole('row').nth(1).textContent()).toContain('305')
  expect(await rejected.getByText('K1;Straße 3;gut;03.02.2024').count()).toBe(1)
  await look('import-4-summary')
}

async function useTemplate(page: Page, look: Look): Promise<void> {
  const at = (id: string): ReturnType<Page['getByTestId']> => page.getByTestId(id)
  await page.getByRole('button', { name: 'Import more' }).click()
  await drop(page, 'Kasse April.csv', april)
  await at('read-files').click()
  await at('template-offer').getByText('“Kassenauszug” fits').waitFor(patiently)
  await look('import-2-template')
  await at('apply-template').click()
  await at('template-offer').getByText('is applied').waitFor()
  await expect.poll(() => at('map-user').textContent(), patiently).toContain('Kunde')
  expect(await at('map-time').textContent()).toContain('Datum')
  await page.getByRole('button', { name: 'Rename the template Kassenauszug' }).click()
  await at('rename-name').locator('input').or(page.locator('input[data-testid="rename-name"]')).fill('Kasse, monatlich')
  await page.getByRole('button', { name: 'Rename', exact: true }).click()
  await at('template-offer').getByText('“Kasse, monatlich” is applied').waitFor(patiently)
  await at('delete-template').click()
  await at('confirm-delete').click()
  await at('template-offer').waitFor({ state: 'detached', ...patiently })
  // What it filled in stays.
  expect(await at('map-user').textContent()).toContain('Kunde')
  await at('review-import').click()
  // The last choices are remembered, and the import need not wait for the forecast.
  await at('dataset-name').fill('Kasse April')
  await at('start-import').click()
  await at('import-summary').waitFor(patiently)
  expect(await numberOf(page, 'import-rejected')).toBe(0)
}

/** Two files of events and one of items, beside files that are neither: of the events only purchases and carts count, with their weights. */
async function eventsOfSeveralFiles({ page, library }: Host, look: Look): Promise<void> {
  const at = (id: string): ReturnType<Page['getByTestId']> => page.getByTestId(id)
  const folder = path.join(library, 'shop export')
  fs.mkdirSync(folder)
  const types = ['view', 'view', 'view', 'cart', 'purchase']
  for (const month of [1, 2]) {
    const events = Array.from({ length: 400 }, (_, i) => `u${i % 50},p${(i * month * 3) % 30},${types[i % 5]},${i}`)
    fs.writeFileSync(
      path.join(folder, `events-${month}.csv`),
      ['user_id,product_id,event_type,timestamp', ...events].join('\n'),
    )
  }
  const items = Array.from({ length: 30 }, (_, i) => `p${i},Product ${i},Garden`)
  fs.writeFileSync(path.join(folder, 'products.csv'), ['product_id,title,category', ...items].join('\n'))
  fs.writeFileSync(path.join(folder, 'README.txt'), 'Events of our shop.')
  await page.getByRole('button', { name: 'Import more' }).click()
  await at('import-folder-input').setInputFiles(folder)
  await expect.poll(() => at('chosen-files').getByRole('listitem').count(), patiently).toBe(4)
  await look('import-1-folder')
  await at('read-files').click()
  await at('event-types').waitFor(patiently)
  await at('other-files').getByText('One more file is read').waitFor()
  await at('event-view').click()
  const weight = at('weight-purchase').locator('input').or(page.locator('input[data-testid="weight-purchase"]'))
  await weight.fill('5')
  await weight.press('Tab')
  await at('mapping-checks').getByText('the weight of its event type').waitFor()
  await look('import-2-events')
  await at('review-import').click()
  await at('forecast-left-out').getByText('view (480)').waitFor(patiently)
  expect(await page.locator('input[data-testid="dataset-name"], [data-testid="dataset-name"] input').inputValue()).toBe(
    'shop export',
  )
  await look('import-3-events')
  const expected = await numberOf(page, 'forecast-interactions')
  await at('start-import').click()
  await at('import-summary').getByText('480 rows were left out because of their event types').waitFor(patiently)
  expect(await numberOf(page, 'import-interactions')).toBe(expected)
}

/** The whole way without a pointer. */
async function byKeyboard({ page, library }: Host): Promise<void> {
  const at = (id: string): ReturnType<Page['getByTestId']> => page.getByTestId(id)
  const tabTo = async (id: string): Promise<void> => {
    for (let presses = 0; presses < 60; presses++) {
      if (await at(id).evaluate((element) => element === document.activeElement)) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`Tab does not reach ${id}.`)
  }
  const file = path.join(library, 'films.csv')
  fs.writeFileSync(
    file,
    `userId,movieId,score\n${Array.from({ length: 50 }, (_, i) => `${i % 9},${i},4`).join('\n')}\n`,
  )
  await page.keyboard.press('i')
  await at('choose-files').waitFor()
  // Waited for early: the browser must know that its own dialog is not wanted before the key asks for it.
  const chosen = page.waitForEvent('filechooser', patiently)
  await tabTo('choose-files')
  await page.keyboard.press('Enter')
  const chooser = await chosen
  await chooser.setFiles(file)
  await at('chosen-files').waitFor()
  await page.keyboard.press('Control+Enter')
  await at('preview').first().waitFor(patiently)
  await tabTo('map-rating')
  await page.keyboard.press('Enter')
  const none = page.getByRole('option', { name: 'None' })
  await none.waitFor()
  // The list takes the keys once it has the focus.
  const highlighted = async (): Promise<boolean> => {
    await page.keyboard.press('Home')
    return none.evaluate((option) => option.hasAttribute('data-highlighted'))
  }
  await expect.poll(highlighted, patiently).toBe(true)
  await page.keyboard.press('Enter')
  await at('mapping-checks').getByText('No rating column').waitFor()
  // The other columns are recognised again.
  await expect.poll(() => at('review-import').isEnabled(), patiently).toBe(true)
  await page.keyboard.press('Control+Enter')
  await tabTo('dataset-name')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('Films by keyboard')
  await page.keyboard.press('Enter')
  await at('import-summary').waitFor(patiently)
  expect(await numberOf(page, 'import-interactions')).toBe(50)
  await tabTo('open-dataset')
  await page.keyboard.press('Enter')
  await page.getByTestId('page-title').getByText('Films by keyboard').waitFor()
}

async function cancelImport({ page, library }: Host, look: Look): Promise<void> {
  const at = (id: string): ReturnType<Page['getByTestId']> => page.getByTestId(id)
  const large = path.join(library, 'large.csv')
  const lines = Array.from({ length: 1_500_000 }, (_, i) => `${i % 50_000},${(i * 7919) % 20_000},${1 + (i % 5)},${i}`)
  fs.writeFileSync(large, `user,item,rating,time\n${lines.join('\n')}\n`)
  await page.getByRole('button', { name: 'Import more' }).click()
  await at('import-files-input').setInputFiles(large)
  await at('read-files').click()
  await at('review-import').click(patiently)
  await page.getByRole('button', { name: 'Stop examining' }).click()
  await page.getByRole('button', { name: 'Examine them' }).waitFor()
  await at('dataset-name').fill('Never')
  await at('start-import').click()
  await at('cancel-import').click(patiently)
  await at('start-import').waitFor(patiently)
  await look('import-5-cancelled')
  const temporary = path.join(library, 'scratch')
  await expect.poll(() => fs.readdirSync(temporary), patiently).toEqual([])
  await page.getByRole('button', { name: 'Start over' }).click()
  await page.evaluate(() => (location.hash = '#/data'))
  await at('dataset-list').getByRole('link', { name: 'Kasse April' }).waitFor()
  expect(await at('dataset-list').getByRole('link', { name: 'Never' }).count()).toBe(0)
}
