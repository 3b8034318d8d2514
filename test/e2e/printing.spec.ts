import { afterAll, beforeAll, expect, it } from 'vitest'
import { openChromium, required, type Host } from './hosts'
import { trainRuns } from './runs-journey'

let host: Host
beforeAll(async () => {
  host = await openChromium(required('VASP_E2E_CHROMIUM'))
  trainRuns(host.library)
  // Paper is light in the dark theme, too.
  await host.page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
}, 120_000)
afterAll(() => host.close())

/** A4 in points, and what its margins of 12 mm leave, in CSS pixels. */
const A4 = { width: 595, height: 842 }
const mm = 96 / 25.4
const SHEET = { width: Math.floor((210 - 24) * mm), height: Math.floor((297 - 24) * mm) }

/** Width and height of each page of a PDF, in points. */
const pagesOf = (pdf: Buffer): number[][] =>
  [...pdf.toString('latin1').matchAll(/\/MediaBox\s*\[([\d.\s]+)\]/g)].map(([, box = '']) =>
    box.trim().split(/\s+/).slice(2).map(Number),
  )

interface Paper {
  readonly height: number
  /** Titles of the sections. */
  readonly titles: string[]
  readonly charts: number
  readonly tables: number
  /** What a reader of the paper would complain of. */
  readonly flaws: string[]
}

/** Lays the page out as on paper and measures it; runs in the browser. */
function measurePaper(): Paper {
  const sheet = document.querySelector<HTMLElement>('[data-print="page"]')
  if (!sheet) throw new Error('The page has nothing to print.')
  const flaws: string[] = []
  const isSeen = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true })
  const nameOf = (element: Element): string =>
    `<${element.tagName.toLowerCase()}> “${element.textContent.trim().replace(/\s+/g, ' ').slice(0, 60)}”`
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  /** Share of light from 0 to 1, and opacity; the canvas understands every notation of colours. */
  const lightOf = (colour: string): { light: number; opacity: number } => {
    if (!canvas) throw new Error('no canvas')
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data
    return { light: (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255, opacity: alpha / 255 }
  }
  for (const element of document.querySelectorAll('aside, nav, [role="navigation"], [role="toolbar"]'))
    for (const part of [element, ...element.children])
      if (isSeen(part) && part.getBoundingClientRect().height > 0) flaws.push(`navigation: ${nameOf(part)}`)

  for (const element of [document.body, ...sheet.querySelectorAll('*')]) {
    const box = element.getBoundingClientRect()
    // Texts for screen readers have one pixel.
    if (!isSeen(element) || box.width <= 1 || box.height <= 1) continue
    const style = getComputedStyle(element)
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== '')
    if (hasText && !(element instanceof SVGElement) && lightOf(style.color).light > 0.62)
      flaws.push(`light text: ${nameOf(element)}`)
    const isGround = element.matches('body, main, section, header, table, thead, th, td, [role="region"]')
    const ground = lightOf(style.backgroundColor)
    if (isGround && ground.opacity > 0.5 && ground.light < 0.85) flaws.push(`dark ground: ${nameOf(element)}`)
    if (box.right > innerWidth + 1 || box.left < -1) flaws.push(`beside the sheet: ${nameOf(element)}`)
    const cuts = (overflow: string): boolean => overflow !== 'visible'
    if (element instanceof SVGElement || element.matches('button, button *, input')) continue
    if (cuts(style.overflowX) && element.scrollWidth > element.clientWidth + 1) flaws.push(`cut: ${nameOf(element)}`)
    if (cuts(style.overflowY) && element.scrollHeight > element.clientHeight + 1) flaws.push(`cut: ${nameOf(element)}`)
  }
  const charts = [...sheet.querySelectorAll('svg[width]')].filter((svg) => svg.getBoundingClientRect().width > 200)
  for (const chart of charts) {
    const section = chart.closest('section')?.getBoundingClientRect()
    const box = chart.getBoundingClientRect()
    if (!section || box.bottom > section.bottom + 1 || box.right > section.right + 1)
      flaws.push('a chart leaves its section')
    if (!chart.querySelector('path') || !chart.querySelector('text')) flaws.push('a chart is empty')
    const ground = chart.querySelector('rect')?.getAttribute('fill')
    if (ground && ground !== 'none' && lightOf(ground).light < 0.85) flaws.push('a chart has a dark ground')
  }
  if ([...sheet.querySelectorAll('canvas')].some(isSeen)) flaws.push('a chart is drawn for the screen')
  const tables = [...sheet.querySelectorAll('table')].filter(isSeen)
  for (const table of tables) {
    if (!table.tHead || getComputedStyle(table.tHead).display !== 'table-header-group')
      flaws.push(`no head on each sheet: ${nameOf(table)}`)
    for (const head of table.tHead?.querySelectorAll('th') ?? [])
      if (getComputedStyle(head).position === 'sticky') flaws.push(`a head that sticks to the screen: ${nameOf(head)}`)
    // What is in a flex box does not grow by a head that is repeated, so that the last rows lie over what follows.
    for (let box = table.parentElement; box && box !== sheet; box = box.parentElement)
      if (getComputedStyle(box).display === 'flex') flaws.push(`a table in a flex box: ${nameOf(table)}`)
  }
  return {
    height: sheet.getBoundingClientRect().height,
    titles: [...sheet.querySelectorAll('section > header h2')].filter(isSeen).map((title) => title.textContent.trim()),
    charts: charts.length,
    tables: tables.length,
    flaws: [...new Set(flaws)],
  }
}

async function printed(): Promise<Paper & { pages: number[][] }> {
  const { page } = host
  const pages = pagesOf(await page.pdf({ format: 'A4', printBackground: true }))
  await page.setViewportSize(SHEET)
  await page.emulateMedia({ media: 'print' })
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')))
  const paper = await page.evaluate(measurePaper)
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')))
  await page.emulateMedia({ media: null })
  await page.setViewportSize({ width: 1280, height: 800 })
  return { ...paper, pages }
}

/** All pages are A4, and there are as many as the content needs, which is not cut after the first window. */
function expectSheets({ pages, height }: { pages: number[][]; height: number }): void {
  for (const [width = 0, tall = 0] of pages) {
    expect(Math.abs(width - A4.width)).toBeLessThanOrEqual(1)
    expect(Math.abs(tall - A4.height)).toBeLessThanOrEqual(1)
  }
  expect(pages.length).toBeGreaterThanOrEqual(Math.ceil(height / SHEET.height))
  expect(pages.length).toBeLessThanOrEqual(Math.ceil((2 * height) / SHEET.height))
}

it('the page of a run prints as a whole on light A4 sheets', async () => {
  const { page } = host
  await page.evaluate(() => void (location.hash = '#/runs/4'))
  await page.getByTestId('segments').waitFor({ timeout: 60_000 })
  await page.getByTestId('run-record').getByText('Commit').waitFor()
  const paper = await printed()
  expect(paper.flaws).toEqual([])
  expectSheets(paper)
  expect(paper.titles).toEqual(
    expect.arrayContaining([
      ...['Training loss', 'Validation', 'Rows per second', 'Learning rate', 'Comparison', 'By segment', 'All metrics'],
      ...['Configuration', 'Protocol', 'Environment'],
    ]),
  )
  expect(paper.charts).toBe(5)
  expect(paper.tables).toBeGreaterThanOrEqual(2)
})

it('a comparison prints as a whole on light A4 sheets', async () => {
  const { page } = host
  await page.evaluate(() => void (location.hash = '#/runs/compare?runs=1,2,3,4&baseline=2'))
  await page.getByTestId('compared-users').waitFor({ timeout: 60_000 })
  await page.getByText('User by user').waitFor()
  await expect.poll(() => page.locator('canvas').count(), { timeout: 30_000 }).toBe(4)
  const paper = await printed()
  expect(paper.flaws).toEqual([])
  expectSheets(paper)
  expect(paper.titles).toEqual([
    ...['Test figures', 'Different settings', 'Over seeds', 'Validation by epoch', 'Better and worse off'],
    ...['User by user', 'Quality and cost'],
  ])
  expect(paper.charts).toBe(4)
  expect(paper.tables).toBe(3)
})
