/** Whether the dotted version `have` is `least` or newer: 535.104 is newer than 525.60.13. */
export function atLeast(have: string, least: string): boolean {
  const parts = (version: string): number[] => version.split('.').map(Number)
  const [own, other] = [parts(have), parts(least)]
  for (let i = 0; i < Math.max(own.length, other.length); i++) {
    const difference = (own[i] ?? 0) - (other[i] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}
