import type { RecognisedColumn } from './column-content'

/** The id of a person at Amazon: an A and 11 to 20 capitals and digits. */
const isReviewer = (value: string): boolean => /^A[\dA-Z]{11,20}$/.test(value)

/** The id of a product at Amazon: ten signs that begin with B0, or the number of a book with its check digit. */
const isAsin = (value: string): boolean => /^B0[\dA-Z]{8}$/.test(value) || isIsbn(value)

function isIsbn(value: string): boolean {
  if (!/^\d{9}[\dX]$/.test(value)) return false
  const weighed = Array.from(value, (sign, at) => (10 - at) * (sign === 'X' ? 10 : Number(sign)))
  const sum = weighed.reduce((total, part) => total + part, 0)
  return sum % 11 === 0
}

/** The columns of people and of products in ratings from Amazon, which are published without names of columns and in either order. Null if there are none. */
export function amazonIds(
  columns: readonly RecognisedColumn[],
): { readonly user: RecognisedColumn; readonly item: RecognisedColumn } | null {
  const only = (is: (value: string) => boolean): RecognisedColumn | null => {
    const [found, other] = columns.filter(
      ({ samples }) => samples.length > 1 && samples.every((sample) => is(sample.trim())),
    )
    return found && !other ? found : null
  }
  const [user, item] = [only(isReviewer), only(isAsin)]
  return user && item && { user, item }
}
