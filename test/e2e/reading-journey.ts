import fs from 'node:fs'
import path from 'node:path'
import { strToU8, zipSync } from 'fflate'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { encoded } from '../fixtures/encoded'
import type { Host } from './hosts'
import type { Look } from './import-journey'

/** Other work may keep the machine busy. */
const patiently = { timeout: 60_000 }

/** Customers in a column without a telling name; some products as decimal numbers; no day above 12; three rows without a day. */
const till = [
  'kx,receipt,product,stars,when',
  ...Array.from({ length: 300 }, (_, row) => {
    const product = `${501 + ((row * 7) % 61)}${row % 11 === 0 ? '.0' : ''}`
    const day = `${String(1 + ((row * 5) % 12)).padStart(2, '0')}/${String(1 + ((row * 7) % 12)).padStart(2, '0')}/2023`
    return `c${row % 40},r${Math.floor(row / 2)},${product},${1 + ((row + Math.floor(row / 40)) % 5)},${row % 100 === 7 ? '' : day}`
  }),
].join('\n')

async function open(page: Page, file: string): Promise<void> {
  // The first page is shown before another is requested; otherwise it may arrive after it.
  await page.getByTestId('page-title').waitFor(patiently)
  await page.evaluate(() => (location.hash = '#/data/import'))
  await page.getByTestId('import-files-input').setInputFiles(file)
  await page.getByTestId('read-files').click()
}

const textsOf = async (elements: Locator): Promise<string[]> =>
  (await elements.allTextContents()).map((text) => text.replaceAll(/\s+/g, ' '))

const focused = (page: Page, testid: string): Promise<boolean> =>
  page.getByTestId(testid).evaluate((element) => element === document.activeElement)

/** Goes from a choice to its control, as its button does, and chooses there. */
async function change(page: Page, row: string | RegExp, testid: string, option: string | RegExp): Promise<void> {
  await page.getByTestId('reading').getByRole('listitem').filter({ hasText: row }).getByRole('button').click()
  await expect.poll(() => focused(page, testid)).toBe(true)
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: option }).click()
}

/**
 * Imports a file that is read by guesses: each is shown with its evidence and leads to its control; a person's choice updates everything that
 * depends on it, is refused if it is impossible, and is shown on the data set's page. Then an archive whose files nothing distinguishes.
 */
export async function readingImport(host: Host, look: Look): Promise<void> {
  const { page, library } = host
  const file = path.join(library, 'till.csv')
  fs.writeFileSync(file, till)
  await open(page, file)
  const reading = page.getByTestId('reading')
  await reading.waitFor(patiently)
  const guesses = (): Promise<string[]> => textsOf(reading.locator('[data-certainty=guess]'))
  const guessed = async (text: string): Promise<boolean> => (await guesses()).some((guess) => guess.includes(text))
  expect(await guessed('“receipt”: user')).toBe(true)
  expect(await guessed('“when”, dates: month first')).toBe(true)
  expect(await guessed('“product”, ids: ids as written, unjoined')).toBe(true)
  // Only its choice shows a warning.
  expect(await page.getByText('is a guess.').count()).toBe(0)
  await look('reading-1-guesses')

  await change(page, '“receipt”: user', 'map-user', 'kx')
  await expect.poll(() => guessed('“receipt”: user'), patiently).toBe(false)
  await refusal(page, look)
  expect(await page.getByTestId('map-user').textContent()).toContain('kx')

  await change(page, 'month first', 'layout-dateOrder', /Day first/)
  await expect.poll(() => guessed('month first'), patiently).toBe(false)
  await change(page, 'rows without a time', 'layout-missingTimes', /oldest/)
  await expect.poll(() => guessed('rows without a time'), patiently).toBe(false)
  await change(page, 'unjoined', 'layout-joinIds', /Join/)
  await expect.poll(() => reading.locator('[data-certainty=guess]').count(), patiently).toBe(0)
  await page.getByTestId('mapping-checks').getByText('Users come from “kx”.').waitFor()
  await reading.locator('summary').click()
  await look('reading-2-settled')

  await page.getByTestId('review-import').click()
  await page.getByTestId('start-import').click()
  await page.getByTestId('import-summary').waitFor(patiently)
  expect((await page.getByTestId('import-rejected').textContent())?.trim()).toBe('0')
  await reading.locator('summary').getByText('day first').waitFor()
  await look('reading-3-summary')
  await page.getByTestId('open-dataset').click()
  await expect.poll(() => page.getByTestId('dataset-users').textContent(), patiently).toContain('40')
  await reading.locator('summary').click()
  const stored = await textsOf(reading.getByRole('listitem'))
  for (const choice of [
    '“kx”: user',
    '“when”, dates: day first',
    '“product”, ids: ids such as 1005.0 and 1,005 stored as 1005',
    'the oldest ones',
  ])
    expect(stored.filter((text) => text.includes(choice))).toHaveLength(1)
  expect(await reading.getByRole('button').count()).toBe(0)
  await reading.scrollIntoViewIfNeeded()
  await look('reading-4-stored')
  await archive(host, look)
  await itemsFile(host, look)
}

/** What cannot be is refused in one sentence, with the controls that it names. */
async function refusal(page: Page, look: Look): Promise<void> {
  await page.getByTestId('layout').locator('summary').first().click()
  await page.getByTestId('layout-decimalComma').click()
  await page.getByRole('option', { name: /^Comma/ }).click()
  await page.getByTestId('layout-thousands').click()
  await page.getByRole('option', { name: /^Comma/ }).click()
  const text = 'A comma cannot be both the decimal mark and the thousands separator.'
  const refused = page.locator('[data-testid=failure], [data-testid=reading-problems] li').filter({ hasText: text })
  await refused.waitFor(patiently)
  await look('reading-1-refused')
  await refused.getByRole('button', { name: 'Go to Thousands' }).click()
  await expect.poll(() => focused(page, 'layout-thousands')).toBe(true)
  await page.getByTestId('layout').getByRole('button', { name: 'As detected' }).click()
  await refused.waitFor({ state: 'detached', ...patiently })
}

async function archive({ page, library }: Host, look: Look): Promise<void> {
  const file = path.join(library, 'dump.zip')
  const rows = (count: number): string =>
    Array.from({ length: count }, (_, row) => `c${row % 9} q${(row * 3) % 20}`).join('\n')
  fs.writeFileSync(
    file,
    zipSync({
      'dump/readme-1.log': strToU8(rows(60)),
      'dump/readme-2.log': strToU8('q1 Lamp\nq2 Chair\n'),
      'dump/notes.md': strToU8('x'),
    }),
  )
  await page.evaluate(() => (location.hash = '#/data/import'))
  await page.getByTestId('import-files-input').setInputFiles(file)
  await page.getByTestId('read-files').click()
  const files = page.getByTestId('found-files')
  await files.waitFor(patiently)
  await look('reading-5-untold')
  await files.getByRole('combobox', { name: 'What dump/readme-1.log holds' }).click()
  await page.getByRole('option', { name: 'Ratings or events' }).click()
  await page.getByTestId('read-files').click()
  await page.getByTestId('preview').waitFor(patiently)
  expect(await page.getByTestId('found-files').textContent()).toContain('1 of 3 files is read')
  await look('reading-5-archive')
  await page.getByRole('button', { name: 'Start over' }).click()
}

/** Romanian titles, whose code page is a guess. */
const romanian = ['Mătase', 'Băiat', 'Cărare', 'Grădină', 'Măr', 'Văpaie', 'Pădure', 'Vară']

/** A file of items in a code page that is a guess: it leads to the control of the items, and so it does for details that are joined later. */
async function itemsFile({ page, library }: Host, look: Look): Promise<void> {
  const file = (name: string, content: string | Buffer): string => {
    fs.writeFileSync(path.join(library, name), content)
    return path.join(library, name)
  }
  const rows = Array.from({ length: 40 }, (_, row) => `c${row % 9},q${row % romanian.length},${1 + (row % 5)}`)
  const titles = romanian.map((title, item) => `q${item};${title};${1990 + item}`)
  const films = encoded(['item;title;year', ...titles].join('\n'), 'windows-1250')
  await page.evaluate(() => (location.hash = '#/data/import'))
  await page
    .getByTestId('import-files-input')
    .setInputFiles([file('sales.csv', ['user,item,rating', ...rows].join('\n')), file('films.csv', films)])
  await page.getByTestId('read-files').click()
  const reading = page.getByTestId('reading')

  const guess = reading.locator('[data-certainty=guess]').filter({ hasText: 'films.csv' })
  await guess.waitFor(patiently)
  await look('reading-6-items-guess')
  await guess.getByRole('button', { name: 'Go to Items encoding' }).click()
  await expect.poll(() => focused(page, 'items-layout-encoding')).toBe(true)
  await look('reading-6-items-control')
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: 'Central European (Windows-1250)', exact: true }).click()
  await guess.waitFor({ state: 'detached', ...patiently })
  await page
    .getByRole('region', { name: 'Preview of films.csv' })
    .getByRole('cell', { name: 'Băiat' })
    .waitFor(patiently)
  await look('reading-6-items-said')
  await page.getByTestId('review-import').click()
  await page.getByTestId('start-import').click()
  await page.getByTestId('import-summary').waitFor(patiently)
  await page.getByTestId('open-dataset').click()
  await page.getByText('Băiat').first().waitFor(patiently)

  const id = /data\/(\d+)/.exec(page.url())?.[1] ?? ''
  await page.evaluate((to) => (location.hash = to), `#/data/${id}/items?describe=yes`)
  await page
    .getByTestId('item-details-file')
    .setInputFiles(
      file(
        'details.csv',
        encoded(['item;title', ...romanian.map((title, item) => `q${item};${title} nou`)].join('\n'), 'windows-1250'),
      ),
    )
  const details = page.getByTestId('details-reading')
  await details.locator('[data-certainty=guess]').waitFor(patiently)
  await look('reading-7-details-guess')
  await details.getByRole('button', { name: 'Go to Encoding' }).click()
  await expect.poll(() => focused(page, 'details-layout-encoding')).toBe(true)
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: 'Central European (Windows-1250)', exact: true }).click()
  await details.locator('[data-certainty=guess]').waitFor({ state: 'detached', ...patiently })
  await look('reading-7-details-said')
  await page.getByTestId('join-item-details').click()
  await page.getByTestId('item-details-result').getByText('8 items were described').waitFor(patiently)
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByText('Băiat nou').first().waitFor(patiently)
}
