/** A cell of a row's user, item and number. */
export type Cell = (user: number, item: number, row: number) => string | number

/** Orders of 15 users, who buy some of 20 items, in columns of any names; without a header, only the rows. */
export function soldTable(cells: Readonly<Record<string, Cell>>, header = true): string {
  const lines = Array.from({ length: 240 }, (_, row) => {
    const [user, item] = [(row * 7) % 15, (row * row + 3 * row + Math.floor(row / 15)) % 20]
    return Object.values(cells)
      .map((cell) => cell(user, item, row))
      .join(',')
  })
  return `${[...(header ? [Object.keys(cells).join(',')] : []), ...lines].join('\n')}\n`
}
export const userName = (user: number): string => `person-${user}`
export const itemId = (_user: number, item: number): string => `A-${100 + item}`
export const day = (_user: number, _item: number, row: number): string =>
  `2024-${String(1 + (row % 12)).padStart(2, '0')}-${10 + (row % 17)}`
