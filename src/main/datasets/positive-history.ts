/** A user's positives: the items that the user liked, in time order, as data set item indexes. */
export interface PositiveHistory {
  readonly user: number
  readonly externalId: string
  readonly items: Int32Array
  /** Times in seconds since 1970; null if the data set has no times. */
  readonly times: Float64Array | null
}
