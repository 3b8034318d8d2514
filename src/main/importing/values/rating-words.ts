import { isMadeDate } from './made-dates'
import { folded } from '../name-words'

/** A word in the form in which it is compared: without accents, signs and spaces. */
const bare = (word: string): string => folded(word.trim()).replaceAll(/[\s_.’'-]+/g, '')

/** Words for how good something is, one level per line, the worst first; words in one line mean the same. */
const ladders: readonly ReadonlyMap<string, number>[] = [
  `worst awful terrible horrible
   verybad verypoor
   bad poor unsatisfactory
   belowaverage weak insufficient
   mediocre soso meh
   fair average ok okay neutral satisfactory acceptable adequate sufficient medium regular
   decent aboveaverage fine
   good nice
   verygood great
   excellent superb outstanding amazing fantastic awesome perfect best exceptional wonderful brilliant`,
  `hate hated
   stronglydislike
   dislike disliked
   neutral meh ok okay indifferent
   like liked
   reallylike stronglylike
   love loved`,
  `stronglydisagree
   disagree
   somewhatdisagree slightlydisagree
   neutral neitheragreenordisagree undecided unsure
   somewhatagree slightlyagree
   agree
   stronglyagree`,
  `verydissatisfied veryunsatisfied
   dissatisfied unsatisfied
   somewhatdissatisfied
   neutral neither
   somewhatsatisfied
   satisfied
   verysatisfied`,
  `never
   rarely seldom
   sometimes occasionally
   often frequently
   veryoften
   always`,
  `verylow
   low
   medium moderate mid middle
   high
   veryhigh`,
  `ungenugend furchtbar katastrophal
   sehrschlecht
   mangelhaft schlecht
   ausreichend
   massig mittelmassig mittel gehtso naja
   okay ok durchschnittlich neutral
   befriedigend
   gut
   sehrgut
   hervorragend ausgezeichnet exzellent perfekt grossartig spitze super`,
  `hrozne hrozny
   velmispatne velmispatny
   spatne spatny nedostatecny nedostatecne
   dostatecny dostatecne podprumerny podprumerne
   prumerny prumerne ujde neutralni
   dobry dobre
   velmidobry velmidobre chvalitebny chvalitebne
   vyborny vyborne skvely skvele vynikajici`,
  `okropny fatalny tragiczny
   bardzozly
   zly slaby niedostateczny
   mierny dopuszczajacy
   sredni przecietny dostateczny
   dobry
   bardzodobry
   doskonaly znakomity swietny celujacy rewelacyjny`,
  `nul horrible tresmauvais
   mauvais insuffisant
   mediocre
   passable moyen correct
   assezbien assezbon
   bien bon
   tresbien tresbon
   excellent parfait`,
  `pesimo horrible muymalo
   malo deficiente insuficiente suspenso
   regular aceptable suficiente aprobado medio
   bueno bien
   muybueno muybien notable
   excelente sobresaliente`,
  `pessimo
   cattivo scarso insufficiente
   mediocre
   sufficiente
   discreto
   buono
   moltobuono distinto
   ottimo
   eccellente`,
  `pessimo horrivel
   muitoruim muitomau
   ruim mau insuficiente
   regular razoavel suficiente medio
   bom
   muitobom
   otimo
   excelente`,
  `zeerslecht
   slecht onvoldoende
   matig
   voldoende gemiddeld redelijk neutraal
   goed
   zeergoed
   uitstekend uitmuntend perfect`,
  `mycketdalig usel
   dalig
   okej ok medel godkand
   bra
   mycketbra
   utmarkt`,
  `ужасно ужасный
   оченьплохо
   плохо плохой неудовлетворительно
   средне средний нормально удовлетворительно
   хорошо хороший
   оченьхорошо
   отлично отличный превосходно`,
].map(
  (levels) =>
    new Map(
      levels.split('\n').flatMap((line, level) =>
        line
          .trim()
          .split(/\s+/)
          .map((word) => [bare(word), level]),
      ),
    ),
)

/** Words that mean that nothing was rated. */
const none = /^(?:|n\/?a|na|none|null|nan|notrated|unrated|norating|keineangabe|[-–—?])$/

/** Marks of schools, from A to F; a plus or minus is a third of a mark. */
function marksOf(words: readonly string[]): Map<string, number> | null {
  const marks = words.map((word) => /^([A-F])([+\u2212-]?)$/i.exec(word.trim()))
  const letters = new Set(marks.map((mark) => mark?.[1]?.toUpperCase()))
  if (letters.has(undefined) || letters.size < 3) return null
  // Some schools have no E, others no F.
  const scale = !letters.has('F') ? 'ABCDE' : letters.has('E') ? 'ABCDEF' : 'ABCDF'
  return new Map(
    words.map((word, at) => {
      const [, letter = '', sign = ''] = marks[at] ?? []
      const value = scale.length - scale.indexOf(letter.toUpperCase())
      return [word, value + (sign === '' ? 0 : sign === '+' ? 0.3 : -0.3)]
    }),
  )
}

const numbered = /^\s*(\d{1,2})\s*[-\u2013\u2014:=.)]+\s*\p{L}/u

/** Whether an answer begins with its number, such as “4 - agree” and “5: very good”. */
export const beginsWithNumber = (word: string): boolean => numbered.test(word)

/** The numbers that answers begin with. */
function numberedOf(words: readonly string[]): Map<string, number> | null {
  const numbers = words.map((word) => numbered.exec(word)?.[1])
  if (numbers.some((number) => number === undefined) || new Set(numbers).size < 3 || words.some(isMadeDate)) return null
  return new Map(words.map((word, at) => [word, Number(numbers[at])]))
}

/** The words of one scale by their rank among the levels that occur: poor, fair, good, excellent are 1 to 4. */
function ranksOf(words: readonly string[]): Map<string, number> | null {
  for (const ladder of ladders) {
    const levels = words.map((word) => ladder.get(bare(word)))
    if (!levels.every((level) => level !== undefined)) continue
    const present = [...new Set(levels)].sort((a, b) => a - b)
    if (present.length >= 3) return new Map(words.map((word, at) => [word, present.indexOf(levels[at] ?? 0) + 1]))
  }
  return null
}

/**
 * The values of words for how good something is, from 1 for the worst; null if they are not such words, or if there are fewer than three: two
 * mean yes and no.
 * @param alone whether only the words show that they are ratings: single letters may then mean anything
 */
export function valuesOfWords(words: readonly string[], alone = false): ReadonlyMap<string, number> | null {
  const rated = words.filter((word) => !none.test(bare(word)))
  return numberedOf(rated) ?? ranksOf(rated) ?? (alone ? null : marksOf(rated))
}

/** Words with their values, in the form in which the files’ texts are compared with them. */
export const inSmallLetters = (values: Readonly<Record<string, number>>): ReadonlyMap<string, number> =>
  new Map(Object.entries(values).map(([word, value]) => [word.trim().toLowerCase(), value]))

/** Words with their values, the best first, as `good = 4, fair = 3`. */
export const wordsWithValues = (values: ReadonlyMap<string, number> | Readonly<Record<string, number>>): string =>
  [...(values instanceof Map ? values : new Map(Object.entries(values)))]
    .sort(([, a], [, b]) => b - a)
    .map(([word, value]) => `${word} = ${value}`)
    .join(', ')
