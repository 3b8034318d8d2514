/** A user with the items they liked, in time order, as data set item indexes. */
export interface Liker {
  readonly user: number
  readonly externalId: string
  readonly items: Int32Array
  /** When, in seconds since 1970; null where the data set has no times. */
  readonly times: Float64Array | null
}
