/** A JSON column's text, or null. */
export const jsonOrNull = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))

/** The content of a JSON column; its reader checks it against its schema. */
export const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text))
