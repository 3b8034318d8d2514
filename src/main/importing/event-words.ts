import { creditsOf } from './document-codes'
import { folded, wordsOf } from './name-words'

/** Words for yes in a yes/no column; any other word does not count as yes. */
const yesWords = wordSet(
  `true t yes y ja j si oui ano sim tak evet igen kylla joo ναι да так hai 是 はい wahr vrai verdadero vero verdadeiro pravda prawda истина like
   liked likes love loved up thumbsup upvote upvoted positive good favorite favourite favorited interested recommended satisfied 1 great
   excellent awesome amazing fantastic superb perfect wonderful nice best verygood gut sehrgut grossartig super bon bien tresbon excellente
   bueno muybueno excelente bom muitobom otimo buono ottimo eccellente dobre vyborne skvele dobry vyborny dobrze swietny goed uitstekend bra
   god godt fremragende hyva erinomainen iyi cokiyi mukemmel jo kivalo καλό καλός хорошо отлично хороший добре 好 很好 良い 👍 ❤ ❤️ 😀`,
)
const noWords = wordSet(
  `false f no n nein non ne nao nie nej hayir nem ei όχι нет ні 否 いいえ falsch faux falso nepravda falsz ложь dislike disliked dislikes hate
   hated down thumbsdown downvote downvoted negative bad unlike unliked notinterested notrecommended dissatisfied unsatisfied uninterested poor
   awful terrible horrible worst verybad average mediocre okay ok fair soso schlecht sehrschlecht mittel mauvais moyen malo muymalo regular
   ruim mau pessimo cattivo medio spatne hrozne prumer spatny zle slecht matig dalig darlig huono kotu vasat rossz κακό κακός плохо ужасно
   средне плохой погано 差 很差 悪い neutral none null unknown 0 👎 😞`,
)

/** Beginnings of words for an interaction that was undone or that rejects the item. */
const against = wordSet(
  `refund return cancel dislik remov delet skip unlik unfollow unsubscri unfavo unwatch downvot thumbsdown reject declin discard dismiss uninstall
   hate storn retour erstatt ruckerstatt ruckgabe zuruck entfern gelosch losch ubersprung abgebroch abgelehnt annul supprim retir rembours devol
   reembols cancelad elimin quitad anulad rimbors rimoss vrac vrat zrus odebr odstran presko preskoc nelib zwrot zwroc anulow usun odrzuc
   terugbeta geretourn verwijder geannul geweiger возврат вернул отмен удал дизлайк пропус iade iptal silindi kaldir visszater torol lemond palaut peruu poist
   gutschr creditmemo creditnote dobropis kreditnot
   hylat aterbetal retur avbok avvis borttag επιστροφ ακυρωσ αφαιρ 退货 退款 取消 返品 キャンセル`,
)
/** Words that negate their neighbour, and short ones that are also beginnings of other words. */
const turning = wordSet(
  'not no non nicht kein pas ne nie niet inte ei nem negative negativ down reso hide hidden block blocked',
)

/** Words that reject an item where they stand beside words of liking: elsewhere “pass” may be the ticket, or the result of a test. */
const besideLiking = wordSet('pass passed nope left swipeleft swipedleft leftswipe ignore ignored nah next')

/** Words of logs for what people do with items, including those of Taobao's log. */
const doing = wordSet(
  `view views viewed click clicks clicked pv impression cart addtocart addcart basket addtobasket fav favorite favourite bookmark wishlist
   addtowishlist buy bought purchase purchased order ordered checkout transaction sale play played stream streamed listen listened skip skipped like
   liked dislike share shared comment follow download downloaded install installed search watch watched read rent rented borrow borrowed return
   returned refund rate rated save saved remove removefromcart complete completed start started pause checkin renew renewed renewal
   discharge issue issued loan loaned loans hold holds charge scroll swipe
   ansehen angesehen warenkorb indenwarenkorb kauf gekauft gemerkt ausleihe ruckgabe verlangerung vue panier ajoutaupanier achat vista visto carrito
   alcarrito compra visualizacao visualizacion carrinho visualizzazione carrello acquisto bekeken winkelmand gekocht aankoop wyswietlenie koszyk
   dokoszyka zakup zobrazeni kosik dokosiku nakup zobrazenie goruntuleme sepet sepeteekle satinalma
   просмотр вкорзину корзина покупка избранное вибране перегляд кошик покупка 浏览 点击 收藏 加购 加入购物车 购买 下单 閲覧 クリック カート カート追加 購入 お気に入り 조회 클릭 장바구니 구매`,
)

/** Names of yes/no columns for what a person did with the item of a row, and those of data for predicting clicks. */
const deeds = wordSet(
  `click clicked view viewed cart addcart addtocart carted fav favorite favorited favourite favourited like liked bookmark bookmarked buy bought
   purchase purchased order ordered book booked booking play played stream streamed listen listened watch watched read rent rented borrow borrowed
   download downloaded install installed subscribe subscribed enroll enrolled follow followed convert converted conversion interaction interacted
   opened attended chosen selected accepted consumed label target`,
)
/** Words beside them: `is_clicked`, `booking_bool`. */
const flagging = wordSet('is was has had did does bool boolean flag ind indicator yn user by')

/** Whether a column name is for what a person did, such as `clicked` or `is_purchase`. */
export const saysDeed = (name: string): boolean =>
  deeds.has(
    wordsOf(name)
      .filter((word) => !flagging.has(word))
      .join(''),
  )

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/).map(folded))
}

const joined = (type: string): string => folded(type.trim()).replaceAll(/[\s_-]+/g, '')
/** Whether a value is short enough to be the name of an event type rather than a sentence. */
const isName = (type: string): boolean => type.length <= 40 && wordsOf(type).length <= 4

/** Of words that all mean yes or no, those for yes, as written; null if some mean something else or none means yes. */
export function yesOf(types: readonly string[]): string[] | null {
  const isYes = (type: string): boolean => yesWords.has(joined(type))
  if (types.length > 8 || !types.every((type) => isYes(type) || noWords.has(joined(type)))) return null
  const yes = new Set(types.filter(isYes).map((type) => type.trim()))
  return yes.size > 0 ? [...yes] : null
}

/** The word for what people do in a value such as “purchase” or “Product viewed”; undefined if it has none. */
const deedOf = (type: string): string | undefined =>
  [joined(type), ...wordsOf(type)].find((word) => doing.has(word) || doing.has(word.replace(/s$/, '')))

/** The words of the name of a file, without its folders, its ending and numbers. */
const stemOf = (path: string): string =>
  path
    .replace(/^.*[/\\]/, '')
    .replace(/(?:\.[a-z\d]{1,7})+$/i, '')
    .replaceAll(/[\d.]+/g, ' ')

/** The word for what people do in the name of a file, such as “view” for `view_log.csv`; undefined if it has none. */
const deedOfFile = (path: string): string | undefined => deedOf(stemOf(path))?.replace(/(?<=..)s$/, '')

/**
 * Whether the names of files say that people did different things: each says what, and not all say the same, or some but not all say that something was undone,
 * such as `returns.csv` beside `data.csv`.
 */
export function nameDifferentDeeds(paths: readonly string[]): boolean {
  const deeds = new Set(paths.map(deedOfFile))
  const undoing = paths.filter((path) => speaksAgainst(stemOf(path))).length
  return (deeds.size > 1 && !deeds.has(undefined)) || (undoing > 0 && undoing < paths.length)
}

/**
 * Whether all values are words for what people do with items, such as view and purchase, or contain one each, such as “Product viewed”. Names of things may
 * have the same such word: “Blue watch”, “Red watch”.
 */
export function nameEvents(types: readonly string[]): boolean {
  if (types.length < 2 || types.length > 12) return false
  if (types.every((type) => doing.has(joined(type)))) return true
  const deeds = types.map(deedOf)
  return deeds.every((deed) => deed !== undefined) && 2 * new Set(deeds).size > types.length && new Set(deeds).size > 1
}

/** Whether any of the values is a word for what people do with items, or undoes something. */
export const saysDoing = (types: readonly string[]): boolean =>
  types.some((type) => deedOf(type) !== undefined || speaksAgainst(type))

/** Whether many of the values have a word for what people do. */
export const mostlySayDoing = (types: readonly string[]): boolean =>
  3 * types.filter((type) => deedOf(type) !== undefined).length >= types.length

/** Whether the words for yes and no express liking, such as like and dislike. */
export const sayLiking = (types: readonly string[]): boolean =>
  types.some((type) => /lik|love|thumb|vote|hate|favou?r|interested|recommend|👍|👎|❤/.test(joined(type)))

const qualities = wordSet(
  'good great excellent bad poor awful terrible horrible gut schlecht bon mauvais bueno malo bom ruim buono cattivo dobre spatne goed slecht bra dalig god darlig hyva huono iyi kotu jo rossz хорошо плохо 好 差 良い 悪い sehrgut mittel',
)

/** Whether words express how good something is, such as good and bad. */
export const sayQuality = (types: readonly string[]): boolean => types.some((type) => qualities.has(joined(type)))

/** Of words that all mean yes or no, the first for no, as written; undefined if there is none. */
export const noOf = (types: readonly string[]): string | undefined => types.find((type) => noWords.has(joined(type)))

/** Words in the names of columns that mark rows that nobody made: by a test, a robot or fraud. */
const unreal = wordSet('test bot robot crawler fake spam fraud dummy synthetic internal duplicate')

/** Whether a yes in a column of this name says that the row is not a real interaction, such as `is_test`. */
export const saysUnreal = (name: string): boolean => wordsOf(name).some((word) => unreal.has(word))

/** Event types that undo an interaction or reject the item, such as refund, remove_from_cart or dislike; empty if the values are not event types. */
export function againstOf(types: readonly string[]): string[] {
  if (!types.every(isName)) return []
  const liking = sayLiking(types)
  const credits = creditsOf(types)
  const isAgainst = (type: string): boolean =>
    speaksAgainst(type) || credits.includes(type.trim()) || (liking && besideLiking.has(joined(type)))
  return [...new Set(types.filter(isAgainst).map((type) => type.trim()))]
}

/** Whether a column name means that something was undone or is disliked, such as `returned` or `is_refund`. */
export function speaksAgainst(name: string): boolean {
  const words = wordsOf(name)
  return (
    words.some((word) => turning.has(word) || beginnings.some((beginning) => word.startsWith(beginning))) ||
    against.has(joined(name))
  )
}
const beginnings = [...against].filter((word) => word.length >= 3)
