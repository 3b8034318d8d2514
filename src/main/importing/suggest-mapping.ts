import type { ColumnMapping, ColumnStatistics, ItemColumnMapping } from '../../shared/datasets'

interface Column {
  readonly name: string
  readonly type: string
  /** What its values look like, where that is known. */
  readonly statistics?: ColumnStatistics | null | undefined
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
const eventNames = [
  'event',
  'eventtype',
  'eventname',
  'action',
  'actiontype',
  'behavior',
  'behaviour',
  'behaviortype',
  'interactiontype',
  'interaction',
  'activity',
  'activitytype',
  'type',
]
const countNames = [
  'count',
  'plays',
  'playcount',
  'playscount',
  'numplays',
  'listens',
  'listencount',
  'views',
  'viewcount',
  'clicks',
  'clickcount',
  'quantity',
  'qty',
  'frequency',
  'freq',
  'times',
  'scrobbles',
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
/** Few different words. Where nothing is known of the values, the name alone tells. */
const holdsTypes = ({ statistics }: Column): boolean =>
  !statistics || (statistics.kind === 'text' && statistics.values.length > 0)
const holdsNumbers = ({ statistics }: Column): boolean =>
  !statistics || statistics.kind === 'integer' || statistics.kind === 'number'
/** A “weight” or “value” beyond any scale of ratings, as Last.fm's plays. */
const holdsCounts = ({ name, statistics }: Column): boolean =>
  /^(weight|value|score)$/.test(plain(name)) &&
  statistics?.kind === 'integer' &&
  Number(statistics.min) >= 1 &&
  Number(statistics.max) > 100
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
    const event = named(columns.filter(holdsTypes), eventNames)
    const called = named(columns, ratingNames)
    const rating = columns.some((column) => column.name === called && holdsCounts(column)) ? null : called
    const count = rating === null ? (called ?? named(columns.filter(holdsNumbers), countNames)) : null
    return {
      user,
      item,
      rating,
      time: named(columns, timeNames),
      ...(event ? { event: { column: event, counted: null } } : {}),
      ...(count ? { count } : {}),
    }
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
