import type {
  Dataset,
  DatasetDetail,
  DatasetProfile,
  DuplicatePolicy,
  ItemHit,
  RejectedRow,
  UserHit,
} from '../../shared/datasets'
import type { ItemsRequest, UsersRequest } from '../../shared/browse'
import type { DatasetId } from '../../shared/ids'
import type { Reading } from '../../shared/reading'

/** A page of users in the order of an index. */
export type IndexedUsersRequest = UsersRequest & { readonly by: 'id' | 'interactions' }

/** One user's imported interactions in time order (in file order if there are no times). */
export interface StoredHistory {
  /** Dense index 0 … users − 1 within the data set. */
  readonly user: number
  readonly externalId: string
  /** Dense item indexes, distinct. */
  readonly items: Int32Array
  /** Same length as `items`; null for implicit data. */
  readonly ratings: Float32Array | null
  /** Seconds since 1970, same length as `items`; null if the export has no times. */
  readonly times: Float64Array | null
}

export interface StoredItem {
  readonly index: number
  readonly externalId: string
  readonly title: string
  readonly genres: readonly string[]
  /** Its other attributes, by column; absent if there are none. */
  readonly attributes?: Readonly<Record<string, string>>
}

/** A page of users or items: the number of matches, and the rows of the page. */
export interface StoredPage<Row> {
  readonly total: number
  readonly rows: readonly Row[]
}

/** An item with the number of histories that have it. */
export interface CountedItem extends StoredItem {
  readonly interactions: number
}

/** Details of an item from a file; a missing title and empty genres keep the current ones. */
export interface ItemDetails {
  readonly externalId: string
  readonly title: string | null
  readonly genres: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
}

export interface NewDataset {
  readonly name: string
  readonly source: readonly string[]
  readonly importSettings: unknown
  /** The previous version, whose name the new one has; absent: the first of a new data set. */
  readonly follows?: { readonly previous: DatasetId; readonly origin: 'append' | 'refresh' }
}

/** Writes one data set in short transactions: nothing is visible before `finish`, and nothing remains after `abandon` or a crash. */
export interface DatasetWriter {
  addItems(items: readonly StoredItem[]): void
  addHistories(histories: readonly StoredHistory[]): void
  addRejects(rows: readonly RejectedRow[]): void
  /** Writes how many histories have each item, in short transactions before the last one; if it is not called, `finish` does so in its own. */
  countItems?(): void
  /** The fingerprint is that of the added content, in the order in which it was added; or the given one, of a data set that is copied. */
  finish(totals: { rejected: number; duplicates: number; fingerprint?: string }): Dataset
  abandon(): void
}

/** How many invisible data sets were removed. */
export interface RemovedDatasets {
  /** Imports whose process had died. */
  readonly unfinished: number
  readonly deleted: number
}

export interface DatasetRepository {
  /** Every version of every data set, newest import first. */
  list(): Dataset[]
  /** Throws NOT_FOUND with those that exist. */
  get(id: DatasetId): Dataset
  detail(id: DatasetId): DatasetDetail
  /** The newest version of the data set that version `id` belongs to. */
  newest(id: DatasetId): Dataset
  /** The stored settings of its import, as they are. */
  importSettings(id: DatasetId): unknown
  /** Which of several interactions of the same user and item the import kept. */
  duplicatePolicy(id: DatasetId): DuplicatePolicy
  /** The newest version of the data set with this name. */
  findByName(name: string): Dataset | null
  /**
   * Throws CONFLICT, now or at the end, if the name is taken, or if the previous version is not the newest (any more) or
   * details of its items were added meanwhile; NOT_FOUND if it does not exist.
   */
  write(dataset: NewDataset): DatasetWriter
  /** All versions of the data set at once. Throws CONFLICT if the name is taken. */
  rename(id: DatasetId, name: string): Dataset
  /** Deletes versions with their runs and frees their space. */
  delete(...ids: DatasetId[]): void
  /** Deletes versions with their runs at once for every reader; `removeUnseen` removes their rows later. */
  markDeleted(...ids: DatasetId[]): void
  /** Removes the rows of deleted versions and of imports whose process has died, in short transactions, and frees their space. */
  removeUnseen(): RemovedDatasets
  items(id: DatasetId): StoredItem[]
  /** The profile stored by `saveProfile`; null if there is none, or none that this version can read. */
  countedProfile(id: DatasetId): DatasetProfile | null
  /** Stores the results of reading all of a version, until details of its items change. */
  saveProfile(id: DatasetId, profile: DatasetProfile): void
  /** Updates details of items by their external ids in one transaction; histories, indexes and the fingerprint do not change. Throws NOT_FOUND. */
  describeItems(id: DatasetId, details: readonly ItemDetails[], choices?: Reading): void
  histories(id: DatasetId): IterableIterator<StoredHistory>
  /** The same in the order of the users' external ids (by code point), which is that of imported data. */
  historiesById(id: DatasetId): IterableIterator<StoredHistory>
  /** All histories in the order of their users' numbers, `atOnce` at a time, so that other work can run in between. */
  historyPages(id: DatasetId, atOnce: number): IterableIterator<readonly StoredHistory[]>
  history(id: DatasetId, externalId: string): StoredHistory | null
  /** The history of the user with this number. Throws DAMAGED_FILE if there is none. */
  historyOf(id: DatasetId, user: number): StoredHistory
  /**
   * The users with an item and its position in their histories, in the order of the users' numbers and in several steps, so that other work can run
   * in between. Throws DAMAGED_FILE if their number differs from the stored count.
   */
  positionsOf(
    id: DatasetId,
    item: CountedItem,
  ): IterableIterator<readonly { readonly user: number; readonly position: number }[]>
  /** [user]: number of interactions, in several steps, so that other work can run in between. */
  historySizes(id: DatasetId): Generator<void, Int32Array, void>
  /** [item]: its rank among all items by id or by title, in several steps. */
  itemRanks(id: DatasetId, by: 'id' | 'title'): Generator<void, Int32Array, void>
  /** Users whose id contains the query. */
  listUsers(request: IndexedUsersRequest): StoredPage<StoredHistory>
  /** Items whose id or title contains the query. */
  listItems(request: ItemsRequest): StoredPage<CountedItem>
  /** The item with this number, or with this external id. Throws NOT_FOUND for an unknown id. */
  item(id: DatasetId, which: number | string): CountedItem
  /** Those of the users (external ids) who are not in the data set, in the given order. */
  unknownUsers(id: DatasetId, users: readonly string[]): string[]
  searchUsers(id: DatasetId, query: string, limit: number): UserHit[]
  searchItems(id: DatasetId, query: string, limit: number): ItemHit[]
  rejects(id: DatasetId, offset: number, limit: number): { total: number; rows: RejectedRow[] }
}
