/** Letters that Unicode does not decompose into a base letter and an accent. */
const plainLetters: Readonly<Record<string, string>> = { ł: 'l', ß: 'ss', ø: 'o', ı: 'i', đ: 'd', æ: 'ae' }

/** RecBole and similar libraries append the column's type to its name. */
const typed = /:(?:token|token_seq|float|float_seq|string|str|int|integer|double|long|text)$/i
/** Normalises letters for comparison: lower case, without accents. */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll(/[łßøıđæ]/g, (letter) => plainLetters[letter] ?? letter)
}

/** The normalised words of a list. */
export function foldedWords(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/).filter(Boolean).map(folded))
}

/** A name's words, in lower case and without accents: `userID` and `User-Id` → user, id. */
export function wordsOf(name: string): string[] {
  return folded(
    name
      .trim()
      .replace(typed, '')
      .replaceAll(/(?<!\p{L})n\s*[°º]/giu, 'no ')
      // Greek abbreviates “date” with a stroke.
      .replaceAll(/(?<!\p{L})ημ\/νία/giu, 'ημερομηνία')
      .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
      .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2'),
  )
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

/** The nominative of a Slavic genitive or dative: клієнта and клиенту from клиент, kurzu from kurz. */
export const withoutCase = (word: string): string[] =>
  /^\p{Script=Cyrillic}{4,}[аяуюиіые]$/u.test(word) || /^[a-z]{4,}[au]$/.test(word) ? [word.slice(0, -1)] : []

/** Words without a meaning of their own. */
export const silent = new Set(
  'the of a de du des del la le el der die das di da van do my your mine own mein meine mon ma moje muj moj mio mia mi external internal anonymous anon encrypted'.split(
    ' ',
  ),
)
