/** What a column of interactions, or of items, can hold. */
export type NamedRole = 'user' | 'item' | 'rating' | 'time' | 'event' | 'count' | 'title' | 'genres' | 'other'

/** How a name speaks for a role. */
export interface NameMatch {
  readonly role: NamedRole
  /** 0: the word that is meant most often; more for words that give way to it. */
  readonly rank: number
  /** Whether the whole name says it; otherwise one of its words does. */
  readonly whole: boolean
  /** Whether the name says that it is an id. */
  readonly id: boolean
}

/** Words by role and rank, without accents, in the languages of exports. Words of one rank are as good as each other. */
const words: Readonly<Record<NamedRole, readonly string[]>> = {
  user: [
    `user uid userid username uzivatel uzivatele utilisateur usager usuario utente gebruiker benutzer benutzername nutzer uzytkownik
     utilizador bruker anvandare kayttaja korisnik felhasznalo kullanici пользователь юзер 用户 用戶 ユーザー`,
    `customer cust klient klienta kunde kunden client cliente zakaznik zakaznika klant kund kund member mitglied membre miembro membro lid clen
     reviewer rater reader listener viewer visitor visitorid buyer shopper consumer subscriber patron player learner student
     patient guest borrower watcher voter critic follower navstevnik besucher visiteur visitante visitatore bezoeker ctenar
     leser lecteur lector lettore lezer posluchac divak horer kaufer acheteur comprador acquirente abonnent abonne клиент
     покупатель читатель 客户 顧客 who login nick nickname handle reviewerid`,
    `person people persona personne osoba author autor auteur autore auther session account konto compte profile device household
     party cookie visit email mail employee playlist invoice`,
  ],
  item: [
    `item iid polozka polozky position product produkt produktu producto produit prodotto produto asin isbn sku movie film filme filmu
     pelicula book kniha knihy buch livre libro livro boek ksiazka song track skladba lied chanson cancion article artikel artikl
     articulo articolo artigo game hra spiel show anime recipe rezept recette place placeid business restaurant hotel course
     video episode podcast app content document doc news story stock stockcode material offer listing ad poi venue beer wine joke
     job zbozi ware товар продукт фильм книга 商品 物品 what`,
    `artist kunstler artiste artista album brand url page location photo property merchant`,
    `title titel titre titulo titolo titul nazev movietitle booktitle`,
  ],
  rating: [
    `rating ratings stars star score grade overall bookrating userrating bewertung wertung sterne hodnoceni hvezdicky znamka note
     evaluation etoiles puntuacion valoracion calificacion estrellas nota punteggio valutazione voto stelle pontuacao avaliacao
     beoordeling waardering cijfer ocena betyg vote votes rate points punkte оценка рейтинг 评分 評分 評価`,
    `preference value weight level`,
  ],
  time: [
    `timestamp unixtime unixreviewtime ts epoch zeitstempel horodatage`,
    `time datetime date ratedat createdat reviewtime eventtime when at datum fecha zeit zeitpunkt uhrzeit cas hora heure data ora
     tijd tijdstip czas kdy wann quand cuando moment дата время 时间 日期 時間`,
    `day year den tag jour dia giorno dag rok jahr annee`,
  ],
  event: [
    `event eventtype eventname action actiontype behavior behaviour behaviortype interactiontype interaction activity activitytype
     akce aktion ereignis evento evenement udalost aktivita handlung`,
    `type typ tipo`,
  ],
  count: [
    `count plays playcount playscount numplays listens listencount views viewcount clicks clickcount quantity qty frequency freq
     times scrobbles hits anzahl menge pocet mnozstvi cantidad quantite quantita quantidade aantal ilosc количество 数量`,
  ],
  title: [`title name movietitle booktitle itemname productname producttitle trackname description`],
  genres: [`genres genre categories category tags`],
  other: [
    `age gender sex city country state region zip zipcode address street location latitude longitude lat lon lng price cost amount
     revenue discount currency text review comment comments summary description image images helpful verified category genre
     genres categories tags brand color colour size weight year language lang url link phone occupation job vek alter pohlavi
     geschlecht mesto stadt ville ciudad land pays pais preis prix precio prezzo cena status flag rank index name nom nombre nome
     naam jmeno vorname nachname bezeichnung popis`,
  ],
}

/** Words that make a name an id. */
const idWords = new Set(
  'id ids nr no num number nummer numero cislo code kod cod codigo codice key uuid guid hash ref identifier ident kennung pseudo'.split(
    ' ',
  ),
)
/** Words that say nothing. */
const silent = new Set(
  'the of a de du des del la le el der die das di da van do external internal anonymous anon encrypted'.split(' '),
)
/** RecBole and the like write the type of a column behind its name. */
const typed = /:(?:token|token_seq|float|float_seq|string|str|int|integer|double|long|text)$/i
/** What ids end or begin with where no sign stands between. */
const idEnding = /^(.{2,}?)n?(?:id|nr|num|number|nummer|key|code)$/
const idBeginning = /^id(.{3,})$/

interface Entry {
  readonly role: NamedRole
  readonly rank: number
}
const entries = new Map<string, Entry[]>()
for (const [role, ranks] of Object.entries(words) as [NamedRole, readonly string[]][])
  for (const [rank, list] of ranks.entries())
    for (const word of list.split(/\s+/)) entries.set(word, [...(entries.get(word) ?? []), { role, rank }])

/** A name's words, in lower case and without accents: `userID` and `User-Id` → user, id. */
export function wordsOf(name: string): string[] {
  return name
    .trim()
    .replace(typed, '')
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .normalize('NFKD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll('ł', 'l')
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

/** A word as it stands in the lists: itself, or its singular. */
function found(word: string): readonly Entry[] {
  for (const form of [word, word.replace(/(?:s|es|en|n|e|y)$/, ''), word.replace(/s$/, '')]) {
    const known = entries.get(form)
    if (known) return known
  }
  return []
}

/**
 * What a column's name says it holds, by role; empty where it says nothing. `movie_title` speaks for a title by all of its words, for an item by
 * the first of them; `age` says that the column is none of an interaction's.
 */
export function nameMatches(name: string): NameMatch[] {
  const all = wordsOf(name)
  const meant = all.filter((word) => !silent.has(word))
  const bare = meant.filter((word) => !idWords.has(word))
  const id = bare.length < meant.length
  const matches: NameMatch[] = []
  const add = (list: readonly Entry[], whole: boolean, isId: boolean, lower = 0): void => {
    for (const { role, rank } of list)
      if (!matches.some((match) => match.role === role)) matches.push({ role, rank: rank + lower, whole, id: isId })
  }
  if (bare.length === 0) return []
  const joined = bare.join('')
  add(found(meant.join('')), true, id || joined.endsWith('id'))
  add(found(joined), true, id)
  const stem = idEnding.exec(joined)?.[1] ?? idBeginning.exec(joined)?.[1]
  if (stem !== undefined) add(found(stem), true, true)
  if (bare.length === 1) return matches
  // The last word is what an English name is of, the first one what a Romance name is of.
  const [first, last] = [bare[0] ?? '', bare.at(-1) ?? '']
  const ending = idEnding.exec(last)?.[1]
  const ofLast = found(last).length > 0 || ending === undefined ? found(last) : found(ending)
  add(ofLast, false, id || ending !== undefined, 1)
  add(found(first), false, id, ofLast.length > 0 ? 3 : 2)
  return matches
}

/** What a name says above all, and how well; null where it says nothing. */
export function roleOfName(name: string): NameMatch | null {
  const [best] = [...nameMatches(name)].sort((a, b) => Number(b.whole) - Number(a.whole) || a.rank - b.rank)
  return best ?? null
}
