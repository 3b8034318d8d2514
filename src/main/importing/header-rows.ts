/** The rows below the first one that name the columns as well, as survey tools write them. */
export interface HeaderRows {
  /** Their number. */
  readonly rows: number
  /** Names of the columns, if the first row does not have all of them. */
  readonly names: readonly string[] | null
  /** Texts of the columns beside their names, such as the questions of a survey; null if there are none. */
  readonly titles: readonly string[] | null
  readonly certainty: 'likely' | 'guess'
  /** A sentence. */
  readonly evidence: string
}

type Row = readonly string[]

const isFilled = (cell = ''): boolean => cell.trim() !== ''
const isValue = (cell: string): boolean =>
  Number.isFinite(Number(cell.trim().replace(',', '.'))) || /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:\D|$)/.test(cell.trim())
const isText = (cell = ''): boolean => isFilled(cell) && !isValue(cell)
/** Quotes within a quoted cell may still be doubled. */
const importId = /^\s*\{\s*"{1,2}ImportId"{1,2}\s*:/
const onOneLine = (text = ''): string => text.trim().replaceAll(/\s+/g, ' ')
/** Number of rows below that show what is in a column, and the fewest that do. */
const shown = 200
const fewestBelow = 3
/** Fewer columns are not above their values for certain. */
const fewestColumns = 2
const nearlyAll = 0.9

/**
 * The header's further rows: a row of import ids, and the question texts above it; a row that names the columns that the first leaves open; or a row with a
 * different text above each column of numbers or dates. Null if the first row is the whole header.
 * @param rows from the header on, as wide as the table
 */
export function headerRows(rows: readonly Row[]): HeaderRows | null {
  const [header = [], second = []] = rows
  if (header.length < fewestColumns || header.some((cell) => isFilled(cell) && isValue(cell))) return null
  return (
    idsOfSurvey(rows) ??
    openNames(header, second, rows.slice(2, shown)) ??
    textsAbove(header, second, rows.slice(2, shown))
  )
}

const titlesOf = (header: Row, texts: Row | undefined): Row | null =>
  texts?.some((text, column) => isFilled(text) && text.trim() !== header[column]?.trim()) === true
    ? texts.map((text) => text.trim())
    : null

/** The import ids that Qualtrics writes below names and question texts. */
function idsOfSurvey(rows: readonly Row[]): HeaderRows | null {
  const [header = []] = rows
  const at =
    rows
      .slice(1, 3)
      .findIndex((row) => row.filter(isFilled).every((cell) => importId.test(cell)) && row.some(isFilled)) + 1
  if (at === 0) return null
  return {
    rows: at,
    names: null,
    titles: at === 2 ? titlesOf(header, rows[1]) : null,
    certainty: 'likely',
    evidence: 'The last of them has the import ids of a survey, such as {"ImportId":"QID1"}.',
  }
}

/** The names that the first row leaves open: a question stands above the first of its answers, and the second row names each of them. */
function openNames(header: Row, row: Row, below: readonly Row[]): HeaderRows | null {
  const open = header.flatMap((cell, column) => (isFilled(cell) ? [] : [column]))
  const closed = header.flatMap((cell, column) => (isFilled(cell) && !isFilled(row[column]) ? [column] : []))
  if (open.length < fewestColumns || closed.length === 0 || row.length !== header.length) return null
  if (below.length < fewestBelow || !open.every((column) => isText(row[column]))) return null
  // A row of the table would have values where the first row has names.
  if (!closed.some((column) => 2 * below.filter((cells) => isFilled(cells[column])).length > below.length)) return null
  const names = namesOfGroups(header, row)
  return {
    rows: 1,
    names,
    titles: null,
    certainty: 'guess',
    evidence: `The second row has names where the first is empty, such as “${(row[open[0] ?? 0] ?? '').trim()}”, and is empty where the first has names.`,
  }
}

/** With fewer words, a name above several columns is no question. */
const fewestWords = 3

/** The names of columns below a cell that stands above the first of them: the answers to a question in brackets, as forms write them, and others after its name. */
function namesOfGroups(header: Row, row: Row): string[] {
  const begins = header
    .map((cell, column) => (isFilled(cell) ? column : -1))
    .map((_at, column, all) => Math.max(...all.slice(0, column + 1)))
  return header.map((cell, column) => {
    const begin = begins[column] ?? -1
    const columns = begins.filter((other) => other === begin).length
    const [above, part] = [onOneLine(header[begin]), onOneLine(row[column])]
    if (begin < 0 || part === '' || columns === 1) return begin < 0 ? part : cell.trim()
    const isQuestion = columns > fewestColumns && above.split(' ').length >= fewestWords
    return isQuestion ? `${above} [${part}]` : `${above} ${part}`
  })
}

/** A row of different texts above columns of numbers or dates. */
function textsAbove(header: Row, row: Row, below: readonly Row[]): HeaderRows | null {
  if (below.length < fewestBelow || row.length !== header.length) return null
  if (row.some((cell) => isFilled(cell) && isValue(cell))) return null
  const isRepeated = row.every((cell, column) => cell.trim() === header[column]?.trim())
  const valued = header.flatMap((_name, column) => {
    const filled = below.map((cells) => cells[column] ?? '').filter(isFilled)
    return filled.length >= fewestBelow && filled.filter(isValue).length >= nearlyAll * filled.length ? [column] : []
  })
  const texts = valued.map((column) => (row[column] ?? '').trim())
  const filled = texts.filter((text) => text !== '')
  if (isRepeated || valued.length < fewestColumns || filled.length < nearlyAll * valued.length) return null
  if (new Set(filled).size < filled.length || !filled.every((text) => /\p{L}{2}/u.test(text))) return null
  return {
    rows: 1,
    names: null,
    titles: titlesOf(header, row),
    certainty: 'guess',
    evidence: `The second row has a different text above each column of numbers or dates, such as “${(filled[0] ?? '').slice(0, 60)}”.`,
  }
}

/** The part of each text that differs from the others: the item in “How good was it? - Stalker”. Whole texts if they have no beginning in common. */
export function lastParts(texts: readonly string[]): string[] {
  const parts = texts.map((text) => /^(.+)\s[-–—:|]\s(.+)$/s.exec(text))
  const [first] = parts
  const isCommon = texts.length > 1 && parts.every((part) => part?.[1] !== undefined && part[1] === first?.[1])
  return isCommon ? parts.map((part, at) => (part?.[2] ?? texts[at] ?? '').trim()) : texts.map((text) => text.trim())
}
