/** The part of an axis that is shown, in percent of the whole. */
interface AxisWindow {
  readonly start: number
  readonly end: number
}

/** A window that is `scale` times as wide, never wider than the whole, with its middle as near to `middle` as the ends allow. */
export function scaledWindow(
  { start, end }: AxisWindow,
  scale: number,
  middle: number = (start + end) / 2,
): { start: number; end: number } {
  const width = Math.min(100, (end - start) * scale)
  const from = Math.min(100 - width, Math.max(0, middle - width / 2))
  return { start: from, end: from + width }
}
