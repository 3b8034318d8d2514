/** A time at the beginning of a log line, in brackets or not: 2024-03-01 10:00:00,123, 2024-03-01T10:00:00Z, 01/Mar/2024:10:00:00 +0100. */
const leading =
  /^\s*\[?((?:\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:\s?Z|\s?[+-]\d\d:?\d\d)?)|(?:\d\d\/[A-Za-z]{3}\/\d{4}:\d\d:\d\d:\d\d(?: [+-]\d{4})?))(?=[\]\s,;|]|$)/

/** The time with which a log line begins, and the text after it; null if it does not. Python writes a comma before the milliseconds. */
export function leadingTime(line: string): { readonly time: string; readonly rest: string } | null {
  const found = leading.exec(line)
  const time = found?.[1]
  if (!found || time === undefined) return null
  return { time: time.replace(',', '.'), rest: line.slice(found[0].length).replace(/^\]/, '') }
}

/** The first lines of a file without the last one, if that may be cut off, and without empty ones. */
export function sampledLines(head: Buffer, bytes: number): string[] {
  const lines = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
  return (head.length < bytes ? lines : lines.slice(0, -1)).filter((line) => line.trim() !== '')
}
