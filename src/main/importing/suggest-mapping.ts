import type { ColumnMapping, ItemColumnMapping } from '../../shared/datasets'

interface Column {
  readonly name: string
  readonly type: string
}

/** What columns are called in the wild, without case, spaces, dashes and underscores; best first. */
const userNames = [
  'userid',
  'user',
  'uid',
  'username',
  'customerid',
  'customer',
  'custid',
  'memberid',
  'member',
  'visitorid',
  'visitor',
  'sessionid',
  'session',
  'accountid',
  'account',
  'reviewerid',
  'reviewer',
  'profileid',
  'clientid',
  'client',
]
const itemNames = [
  'itemid',
  'item',
  'movieid',
  'movie',
  'productid',
  'product',
  'isbn',
  'bookid',
  'book',
  'songid',
  'song',
  'trackid',
  'track',
  'artistid',
  'artist',
  'asin',
  'articleid',
  'article',
  'gameid',
  'game',
  'showid',
  'show',
  'animeid',
  'anime',
  'sku',
  'recipeid',
  'businessid',
  'contentid',
  'iid',
]
const ratingNames = [
  'rating',
  'ratings',
  'stars',
  'star',
  'score',
  'bookrating',
  'userrating',
  'grade',
  'overall',
  'preference',
  'value',
  'vote',
  'weight',
]
const timeNames = [
  'timestamp',
  'time',
  'datetime',
  'date',
  'ratedat',
  'createdat',
  'unixreviewtime',
  'reviewtime',
  'unixtime',
  'ts',
  'when',
  'eventtime',
]
const titleNames = [
  'title',
  'name',
  'movietitle',
  'booktitle',
  'itemname',
  'productname',
  'producttitle',
  'trackname',
  'description',
]
const genreNames = ['genres', 'genre', 'categories', 'category', 'tags']

const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s_\-.]/g, '')

const named = (columns: readonly Column[], names: readonly string[]): string | null => {
  for (const wanted of names) {
    const column = columns.find(({ name }) => plain(name) === wanted)
    if (column) return column.name
  }
  return null
}

const isNumeric = (type: string): boolean => /INT|DOUBLE|FLOAT|DECIMAL/.test(type)
const isMoment = (type: string): boolean => /DATE|TIMESTAMP/.test(type)

/**
 * The likeliest meaning of a ratings file's columns, by their names; by their order (user, item, rating, time: the
 * order of MovieLens and Netflix exports) where the file has no header. Null where no user or item can be told.
 */
export function suggestMapping(columns: readonly Column[], header: boolean): ColumnMapping | null {
  if (header) {
    const user = named(columns, userNames)
    const item = named(columns, itemNames)
    if (!user || !item) return null
    return { user, item, rating: named(columns, ratingNames), time: named(columns, timeNames) }
  }
  const [user, item, third, fourth] = columns
  if (!user || !item || columns.length > 4) return null
  if (third && isMoment(third.type)) return { user: user.name, item: item.name, rating: null, time: third.name }
  return {
    user: user.name,
    item: item.name,
    rating: third && isNumeric(third.type) ? third.name : null,
    time: fourth && (isNumeric(fourth.type) || isMoment(fourth.type)) ? fourth.name : null,
  }
}

/** The same for a file of items, whose id column may be `chosen`; without a header: id, title, genres. Null where no id can be told. */
export function suggestItemMapping(
  columns: readonly Column[],
  header: boolean,
  chosen: string | null = null,
): ItemColumnMapping | null {
  if (header || chosen !== null) {
    const item = chosen ?? named(columns, [...itemNames, 'id'])
    if (!item) return null
    const others = columns.filter(({ name }) => name !== item)
    return { item, title: named(others, titleNames), genres: named(others, genreNames) }
  }
  const [item, title, genres] = columns
  if (!item) return null
  return { item: item.name, title: title?.name ?? null, genres: columns.length === 3 ? (genres?.name ?? null) : null }
}
