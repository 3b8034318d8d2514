export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The entry of an object with a single key; null for other objects. */
function onlyEntry(value: JsonObject): readonly [key: string, inner: unknown] | null {
  const [entry, ...more] = Object.entries(value)
  return entry && more.length === 0 ? entry : null
}

/** Milliseconds since 1970 as an ISO date; null if they are out of range. */
export function isoOfMilliseconds(text: string): string | null {
  const date = new Date(Number(text))
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

/** MongoDB's extended JSON, of both versions: https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/ */
const mongo: Readonly<Record<string, (inner: unknown) => unknown>> = {
  $oid: (inner) => inner,
  $numberInt: (inner) => inner,
  $numberLong: (inner) => inner,
  $numberDouble: (inner) => inner,
  $numberDecimal: (inner) => inner,
  $symbol: (inner) => inner,
  $uuid: (inner) => inner,
  $undefined: () => null,
  $date: (inner) => (typeof inner === 'string' && /^-?\d+$/.test(inner) ? (isoOfMilliseconds(inner) ?? inner) : inner),
  $timestamp: (inner) =>
    isObject(inner) && typeof inner.t === 'string' ? (isoOfMilliseconds(`${inner.t}000`) ?? inner) : inner,
}

/** Unwraps a value of MongoDB's extended JSON such as `{"$oid": "65a0…"}`; other values are returned unchanged. */
export function withoutMongoType(value: unknown): unknown {
  if (!isObject(value)) return value
  // A reference to a document of another collection is identified by its id.
  if ('$ref' in value && '$id' in value) return value.$id
  const only = onlyEntry(value)
  const unwrapped = only && mongo[only[0]]
  return unwrapped ? unwrapped(only[1]) : value
}

const isText = (value: unknown): boolean => typeof value === 'string'
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText)
const isScalar = (value: unknown): boolean => isText(value) || typeof value === 'number' || typeof value === 'boolean'
const isList = (value: unknown): boolean => Array.isArray(value)

/** Type names that can be the only key of a wrapper object, each with a check of its value. */
const typeNames: Readonly<Record<string, (value: unknown) => boolean>> = {
  // DynamoDB
  S: isText,
  N: isText,
  BOOL: (value) => typeof value === 'boolean',
  M: isObject,
  L: isList,
  SS: isTexts,
  NS: isTexts,
  // Firestore
  stringValue: isText,
  integerValue: isScalar,
  doubleValue: isScalar,
  booleanValue: isScalar,
  timestampValue: isText,
  referenceValue: isText,
  mapValue: isObject,
  arrayValue: isObject,
  // Avro's unions
  string: isText,
  int: isScalar,
  long: isScalar,
  float: isScalar,
  double: isScalar,
  boolean: isScalar,
}

/** Whether an object is a wrapper: one value under the name of its type. */
const isTyped = (value: unknown): boolean => untyped(value) !== value

/** Unwraps a value of DynamoDB, Firestore or Avro such as `{"S": "u1"}`; other values are returned unchanged. */
export function untyped(value: unknown): unknown {
  const only = isObject(value) ? onlyEntry(value) : null
  if (!only) return value
  const [type, inner] = only
  if ((type === 'NULL' && inner === true) || (type === 'nullValue' && inner === null)) return null
  if (!Object.hasOwn(typeNames, type) || typeNames[type]?.(inner) !== true) return value
  if (type === 'mapValue' && isObject(inner)) return inner.fields ?? {}
  if (type === 'arrayValue' && isObject(inner)) return inner.values ?? []
  return inner
}

/** The row in a wrapper of DynamoDB (`Item`) or Firestore (`fields`); null for other objects. */
export function typedRow(object: JsonObject): JsonObject | null {
  const inner = object.Item ?? object.fields
  if (!isObject(inner)) return null
  const values = Object.values(inner)
  return values.length > 0 && values.every(isTyped) ? inner : null
}
