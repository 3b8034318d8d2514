import fs from 'node:fs'
import path from 'node:path'
import axe from 'axe-core'
import { expect } from 'vitest'
import { type Host, root } from './hosts'

/** Where screenshots lie after a run. */
export const artifacts = path.join(root, 'test/e2e/artifacts')
export const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
]

/** Critical and serious findings of axe-core on the page as it stands: rule and first element of each. */
export async function accessibilityFindings({ page }: Host): Promise<string[]> {
  // Evaluated by the browser's debugger: the page's own policy refuses added scripts, as it should.
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run()
    return violations
      .filter(({ impact }) => impact === 'critical' || impact === 'serious')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)
  })
}

/** Whether focus or a search in the page could scroll the whole window, whose bars have to stay where they are. */
export const windowScrolls = ({ page }: Host): Promise<boolean> =>
  page.evaluate(() => {
    const frame = document.querySelector('main')?.parentElement
    if (!frame) throw new Error('The window has no frame around its page.')
    return frame.scrollHeight > frame.clientHeight
  })

/** A notice that is fading away has no contrast any more. */
export const withoutNotices = ({ page }: Host): Promise<void> =>
  expect.poll(() => page.getByText(/^(Import|Map) finished$/).count(), { timeout: 30_000 }).toBe(0)

/** Shows the page as it stands in both themes and sizes: a screenshot of each, and what axe finds. */
export async function lookAt(host: Host, name: string): Promise<string[]> {
  const { page } = host
  await withoutNotices(host)
  fs.mkdirSync(artifacts, { recursive: true })
  const findings: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const size of sizes) {
      await page.setViewportSize(size)
      // Colours fade from one theme to the other.
      await page.waitForTimeout(300)
      await page.screenshot({ path: path.join(artifacts, `${name}-${colorScheme}-${size.width}.png`) })
    }
    for (const finding of await accessibilityFindings(host)) findings.push(`${name}, ${colorScheme}: ${finding}`)
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  return findings
}
