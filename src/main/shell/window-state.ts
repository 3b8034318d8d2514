import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const rectangle = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(200),
  height: z.number().int().min(200),
})
export type Rectangle = z.infer<typeof rectangle>

const windowState = z.object({ bounds: rectangle, maximised: z.boolean() })
export type WindowState = z.infer<typeof windowState>

/** The state written by the last session, or null if it cannot be read (a first start, a damaged file). */
export function readWindowState(file: string): WindowState | null {
  try {
    return windowState.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

export const writeWindowState = (file: string, state: WindowState): void => writeFileSync(file, JSON.stringify(state))

/** The pixels of the window's top edge that must be on a screen, so that the window can be dragged. */
const grabbable = 80

/**
 * Where to open the window: at its last position, if enough of its title bar is still on a screen (a monitor may have been unplugged); otherwise `null` for the middle
 * of the main screen at the standard size.
 */
export function visibleBounds(saved: Rectangle, workAreas: readonly Rectangle[]): Rectangle | null {
  const reachable = workAreas.some((area) => {
    const across = Math.min(saved.x + saved.width, area.x + area.width) - Math.max(saved.x, area.x)
    return across >= grabbable && saved.y >= area.y - 8 && saved.y <= area.y + area.height - grabbable
  })
  return reachable ? saved : null
}
