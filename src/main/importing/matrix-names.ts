import type { Certainty } from '../../shared/certainty'
import { nameMatches, roleOfName, saysMaker, saysMeasure } from './column-names'
import { folded, wordsOf } from './name-words'

/** Whether the rows of a matrix are users or items, with the evidence. */
export interface MatrixRows {
  readonly rows: 'users' | 'items'
  readonly certainty: Certainty
  /** The end of the sentence “One row is …, one column …: ”. */
  readonly evidence: string
}

/** Names of summary rows and columns. */
const summaries = new Set(
  `average averages avg mean means median total totals grandtotal sum count n min minimum max maximum std stdev stddev sd
   numratings ratingcount averagerating meanrating avgrating totalrating pointspossible currentscore finalscore currentpoints finalpoints
   currentgrade finalgrade unpostedcurrentscore unpostedfinalscore durchschnitt mittelwert summe gesamt anzahl moyenne somme nombre promedio
   media suma cuenta somma totale conteggio totaal gemiddelde som aantal srednia razem liczba prumer soucet celkem pocet среднее сумма итого
   всего количество schnitt notenschnitt gesamtschnitt notendurchschnitt durchschnittsnote durchschnittlich mittel gesamtnote gesamtpunkte
   gesamtpunktzahl punktzahl gesamtsumme gesamtergebnis anzahlbewertungen totaux moyennegenerale promediogeneral mediageneral mediana totales
   mediatotale soma geral mediageral contagem gemiddeld totaalscore eindcijfer suma sumapunktow sredniaocena sredniaocen celkove prumernahodnoceni
   median medel genomsnitt summa antal gjennomsnitt gennemsnit keskiarvo yhteensa lukumaara ortalama toplam osszesen atlag pramer μεσοςορος συνολο
   平均 平均点 合計 总分 總分 合计 总计 평균 합계 총점`
    .split(/\s+/)
    .map(folded),
)
/** Words beside that of a summary: “Course total (Real)”, “Average of row”. */
const besideSummaries = new Set(
  'of the all row rows per course kurs cours curso corso overall general final real letter percentage percent pct gesamt'.split(
    ' ',
  ),
)
const isSummaryWord = (word: string): boolean => summaries.has(word)

/** Whether a name is that of a sum, mean or count: “Average”, “Grand Total”, “Total score”, “Ø”. */
export function summaryName(name: string): boolean {
  if (/^\s*[Ø∅⌀Σ∑]\s*$/u.test(name)) return true
  const all = wordsOf(name)
  if (summaries.has(all.join(''))) return true
  const others = all.filter((word) => !isSummaryWord(word) && !besideSummaries.has(word))
  return (
    all.some((word) => word !== 'n' && isSummaryWord(word)) &&
    others.every((word) => {
      const match = roleOfName(word)
      return match?.whole === true && match.role === 'rating'
    })
  )
}

/** Names of what programs for surveys write about an answer. They also are words of titles, so that only a column with a number in every row is meant. */
const surveyNames = new Set(
  `lastpage letzteseite dernierepage ultimapagina maxpage startlanguage seed randomseed progress finished completed complete duration durationinseconds
   durationseconds dauer duree duracion durata bearbeitungszeit bearbeitungsdauer ausfullzeit interviewtime totaltime timespent timetaken timesum
   responsetime submitid responseid recordid respondentid responsenumber collectorid serial case caseid mode missing missrel degtime timersi qviewer
   questnnr recaptchascore attempt attempts versuche status token consent fortschritt zeit tempo durees trvani czastrwania продолжительность`
    .split(/\s+/)
    .map(folded),
)

/** Whether a column's name shows that it is not an item of a matrix: “age”, “city”, “timestamp”. @param isFull whether it has a number in every row */
export function tellsOther(name: string, isFull = false): boolean {
  const match = roleOfName(name)
  return (
    (match?.whole === true && (match.role === 'other' || match.role === 'time')) ||
    (isFull && surveyNames.has(wordsOf(name).join('')))
  )
}

/** Whether a name may be for something else than an item: “class”, “level”. Titles may be such words as well. */
export function mayTellOther(name: string): boolean {
  const match = roleOfName(name)
  const ofInteraction = match?.whole === true && (match.role === 'rating' || match.role === 'count')
  return ofInteraction || (wordsOf(name).length === 1 && saysMeasure(name)) || otherNames.has(wordsOf(name).join(''))
}
const otherNames = new Set(
  'group gruppe groupe grupo gruppo class klasse classe clase trida klasa stufe jahrgang grade level semester team kurs wave welle round cohort kohorte site'.split(
    ' ',
  ),
)

const keyNames = new Set(
  'id nr no num number nummer numero lfd lfdnr laufnummer laufendenummer index idx row rownumber rowid zeile zeilennummer cislo poradi lp № номер'
    .split(' ')
    .map(folded),
)
/** Whether a name is for a number of the row: “ID”, “Nr.”. */
export const isKeyName = (name: string): boolean => keyNames.has(wordsOf(name).join('')) || /^\s*[#№]\s*$/u.test(name)

/** Names of a line of a gradebook with the most points of each column. */
const maximumNames = new Set(
  `pointspossible maxpoints maximumpoints maxscore maximumscore max maximum outof moglichepunkte maximalepunkte maximalepunktzahl hochstpunktzahl
   maxpunkte pointspossibles puntosposibles puntospossibles puntipossibili punteggiomassimo pontospossiveis maximalepunten mozliwepunkty moznebody maxbodu`.split(
    /\s+/,
  ),
)
/** Whether a row is named like one with the most points of each column. @param isFirst whether it follows the header */
export const maximumName = (name: string, isFirst: boolean): boolean => {
  const joined = wordsOf(name).join('')
  return joined === 'pointspossible' || (isFirst && maximumNames.has(joined))
}

/** The rank of a name for the column with the row ids, 0 is best; null if it does not qualify. Partial matches rank lower. */
export function idRank(name: string): number | null {
  // The author of a book says something about it; the rows are the books.
  if (saysMaker(name)) return null
  const ranks = nameMatches(name).flatMap(({ role, rank, whole }) => {
    if (role === 'user') return [whole ? rank : 10 + rank]
    return whole && (role === 'item' || role === 'title') ? [20 + rank] : []
  })
  return ranks.length > 0 ? Math.min(...ranks) : null
}

type Side = 'user' | 'item'

/** Whether a numbered name is that of a user (`user_1`, `u12`, an email address) or of an item (`item 3`, `Movie7`). */
function sideOf(name: string): Side | null {
  if (/^\S+@\S+$/.test(name.trim())) return 'user'
  const stem = /^\s*(\p{L}+)[\s_.#-]*\d+\s*$/u.exec(name)?.[1]
  if (stem === undefined) return null
  if (stem.toLowerCase() === 'u') return 'user'
  if (stem.toLowerCase() === 'i') return 'item'
  const match = roleOfName(stem)
  return match?.whole && (match.role === 'user' || match.role === 'item') ? match.role : null
}

/** Whether most of the names are those of users or of items. */
function sideOfMost(names: readonly string[]): Side | null {
  const sides = names.map(sideOf)
  return (
    (['user', 'item'] as const).find((side) => 5 * sides.filter((one) => one === side).length >= 4 * names.length) ??
    null
  )
}

const shown = (names: readonly string[]): string => `${names.slice(0, 2).join(', ')}${names.length > 2 ? ', …' : ''}`

interface Names {
  /** The name of the column with the row ids. */
  readonly ids: string | null
  readonly columns: readonly string[]
}

/**
 * Decides whether the rows of a matrix are users or items, by the names of the rows, of their column and of the other columns.
 * @param names null if there is no header
 * @param rowIds null if rows have no ids
 */
export function matrixRows(names: Names | null, rowIds: readonly string[] | null): MatrixRows {
  const columns = names && sideOfMost(names.columns)
  const rows = rowIds && sideOfMost(rowIds)
  const match = names?.ids == null || wordsOf(names.ids).join('') === 'name' ? null : roleOfName(names.ids)
  const id = match?.whole ? (match.role === 'title' ? 'item' : match.role) : null
  // If the columns are items, the rows are users, and vice versa.
  const signs = [
    { says: id, words: `the first column is called “${names?.ids ?? ''}”` },
    {
      says: columns && (columns === 'user' ? 'item' : 'user'),
      words: `columns are called ${shown(names?.columns ?? [])}`,
    },
    { says: rows, words: `rows are called ${shown(rowIds ?? [])}` },
  ]
  const [ofUsers, ofItems] = (['user', 'item'] as const).map((side) => signs.filter(({ says }) => says === side)) as [
    typeof signs,
    typeof signs,
  ]
  const isOfItems = ofItems.length > ofUsers.length
  const [proof, doubt] = isOfItems ? [ofItems, ofUsers] : [ofUsers, ofItems]
  const words = (list: typeof signs): string => list.map(({ words }) => words).join(', and ')
  if (proof.length === 0 && doubt.length === 0) {
    // If there are names that only people can interpret, this stays a guess; most matrices without names have users in rows.
    const isNamed = names !== null && rowIds?.some((id) => id.trim() !== '' && !Number.isFinite(Number(id))) === true
    return {
      rows: 'users',
      certainty: isNamed ? 'guess' : 'likely',
      evidence: isNamed
        ? `no name of a row (${shown(rowIds)}) or a column (${shown(names.columns)}) shows which of them is the user.`
        : 'so are most matrices.',
    }
  }
  return {
    rows: isOfItems ? 'items' : 'users',
    certainty: doubt.length > 0 || (isOfItems && proof.length < 2) ? 'guess' : 'likely',
    evidence: `${words(proof)}${doubt.length > 0 ? `; but ${words(doubt)}` : ''}.`,
  }
}
