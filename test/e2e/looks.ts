import fs from 'node:fs'
import path from 'node:path'
import axe from 'axe-core'
import { expect } from 'vitest'
import { type Host, root } from './hosts'

/** The folder of screenshots of a run. */
export const artifacts = path.join(root, 'test/e2e/artifacts')

/** A window as a picture's name has it. */
interface Window {
  readonly name: string
  readonly width: number
  readonly height: number
}
const usual: Window = { name: '1280', width: 1280, height: 800 }
const large: Window = { name: '1920', width: 1920, height: 1080 }
export const usualWindows: readonly Window[] = [usual, large]
/** A small window, and the usual one at 200 % zoom. */
export const everyWindow: readonly Window[] = [
  { name: '1024', width: 1024, height: 768 },
  usual,
  large,
  { name: 'zoomed', width: 640, height: 400 },
]

/** Critical and serious findings of axe-core on the current page: rule and first element of each. */
export async function accessibilityFindings(host: Host): Promise<string[]> {
  const { page } = host
  await withoutNotices(host)
  // Evaluated by the browser's debugger: the page's own policy refuses added scripts, as it should.
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run()
    return violations
      .filter(({ impact }) => impact === 'critical' || impact === 'serious')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)
  })
}

/** A notice that is fading away has no contrast any more. */
const withoutNotices = ({ page }: Host): Promise<void> =>
  expect.poll(() => page.getByText(/^(Import|Map) finished$/).count(), { timeout: 30_000 }).toBe(0)

/** Whether focus or a search in the page could scroll the whole window, whose bars must stay in place. */
export const windowScrolls = ({ page }: Host): Promise<boolean> =>
  page.evaluate(() => {
    const frame = document.querySelector('main')?.parentElement
    if (!frame) throw new Error('The window has no frame around its page.')
    return frame.scrollHeight > frame.clientHeight
  })

/**
 * Shows the current page in both themes and in each of `windows`, with a screenshot of each; returns what is wider than its window and axe's findings in
 * the last one.
 */
export async function lookAt(host: Host, name: string, windows = usualWindows): Promise<string[]> {
  const { page } = host
  await withoutNotices(host)
  fs.mkdirSync(artifacts, { recursive: true })
  const findings: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const { name: window, ...size } of windows) {
      await page.setViewportSize(size)
      // Colours fade from one theme to the other.
      await page.waitForTimeout(300)
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (sideways > 0) findings.push(`${name}, ${window}: ${sideways} px wider than the window`)
      await page.screenshot({ path: path.join(artifacts, `${name}-${colorScheme}-${window}.png`) })
    }
    for (const finding of await accessibilityFindings(host)) findings.push(`${name}, ${colorScheme}: ${finding}`)
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  return findings
}
