import { folded, foldedWords, wordsOf } from './name-words'

/** What a number counts by its name: the stars that somebody gave, items, or people. */
export type CountedThing = 'stars' | 'items' | 'people'

/** Words that count whatever stands beside them: “Anzahl Artikel”, `item_count`. */
const counters = foldedWords(
  `count counts cnt counter anzahl aantal antal antall liczba pocet количество колво число кількість πλήθος sayi sayisi adedi lukumaara darabszam szama stevilo howmany`,
)
/** Words that count what follows: “Quantity of items”. The quantity of a line item is that of the item itself. */
const quantities = foldedWords(
  'quantity qty menge ilosc cantidad quantidade quantita quantite miktar adet jumlah soluong',
)
/** Words for a number that may also be an id: `num_item` and “Número de cliente” are ids, `num_items` and “Número de clientes” are not. */
const numbers = foldedWords(
  'number num nums no nr n nb nbr nbre nombre numero numeros numer nummer cislo broj numar numarul номер αριθμός total totals sum tot',
)
/** Prepositions between the number and what it counts. */
const ofWords = foldedWords('of de des d di dei delle degli da do das dos der von van the los las av af')
/** Words beside stars that do not change what these mean: `stars_given`, “My star count”. */
const besideStars = foldedWords('given awarded received user my rating review vergeben vergebene gegeben')
const starWords = foldedWords(
  `star stars stern sterne sternen etoile etoiles estrella estrellas estrela estrelas stella stelle steluta stelute stea stele ster sterren stjarna stjarnor stjerne stjerner
   tahti tahdet tahtea tahtien gwiazdka gwiazdki gwiazdek gwiazda gwiazd hvezda hvezdy hvezd hvezdicka hvezdicky hvezdicek hviezda hviezdy hviezd hviezdicka hviezdicky hviezdiciek
   zvezda zvezdic zvezdica zvezdice zvjezdica zvjezdice zvjezdicaka zvezdicaka zvaigzne zvaigznes zvaigznu zvaigznite zvaigzde zvaigzdes zvaigzduciu
   звезда звезды звезд звёзд звёзды звездочка звёздочка звездочки звёздочки звездочек звёздочек зірка зірки зірок зірочок звезди звездички звјездице
   αστέρι αστέρια αστεριών αστεριού yildiz yildizi yildizlar csillag csillagok bintang sao نجوم النجوم כוכבים`,
)
/** Names without spaces: 星の数, 별 개수. */
const unspacedStars = /^(?:星|スター|별)(?:の|级|級)?(?:数|數|個数|个数|개수|수)$/u
/** Many people's stars together are none of a user's opinions. */
const totals = new Set(['total', 'totals', 'sum', 'tot'])
/** What makes a name an id, whatever it counts. */
const keys = foldedWords('id ids key uuid guid code hash')
/** The pages of a book or of a visit are its length. */
const lengths = foldedWords('page pages seite seiten pagina paginas pagine sivut stranek stron страниц')

/** Whether a word is one for items or for people, and whether it is a plural; null for any other word. */
export type NounOf = (word: string) => { readonly counted: 'items' | 'people'; readonly plural: boolean } | null

/**
 * What the number under a name counts, as `num_items`, “Anzahl Artikel” and `itemCount` count items and “Liczba gwiazdek” the stars of a rating; 'length' for pages.
 * Null for a name that counts nothing, or something else.
 */
export function numberOf(name: string, nounOf: NounOf): CountedThing | 'length' | null {
  if (unspacedStars.test(folded(name).normalize('NFKC').replaceAll(/\s/g, ''))) return 'stars'
  const all = wordsOf(name.replaceAll(/кол-во/giu, 'колво'))
  const isCounter = (word: string): boolean => counters.has(word)
  const isQuantity = quantities.has(all[0] ?? '')
  const isNumber = (word: string): boolean => numbers.has(word)
  const rest = all.filter((word) => !isCounter(word) && !isNumber(word) && !ofWords.has(word) && !quantities.has(word))
  const [first = '', second = ''] = all
  const last = all.at(-1) ?? ''
  if (rest.length === 0 || rest.some((word) => keys.has(word))) return null
  const isTotal = all.some((word) => totals.has(word))
  const ofStars = (word: string): boolean => starWords.has(word) || besideStars.has(word)
  if (!isTotal && all.length > 1 && rest.some((word) => starWords.has(word)) && rest.every(ofStars)) return 'stars'
  const counts =
    isCounter(first) || (isQuantity && all.length > 1) || isCounter(last) || (isNumber(first) && second === 'of')
  if (!counts && !isNumber(first)) return null
  if (rest.length > 2) return null
  for (const word of rest) {
    const noun = nounOf(word)
    if (noun && (counts || noun.plural)) return lengths.has(word) ? 'length' : noun.counted
  }
  return null
}
