/** A value of a form while it is edited: an empty field is null, and text that is not a number stays as typed, so that the schema refuses it. */
export type Edited<Value> = Value extends string | boolean | null | undefined
  ? Value
  : Value extends number
    ? Value | string | null
    : Value extends readonly (infer Element)[]
      ? Edited<Element>[]
      : { -readonly [Key in keyof Value]: Edited<Value[Key]> }

/** The number in a text, or null. */
export function numberIn(text: string): Edited<number> {
  if (text.trim() === '') return null
  const number = Number(text)
  return Number.isFinite(number) ? number : text
}

/** The text of a field; null if it is empty. */
export const textIn = (text: string): string | null => (text.trim() === '' ? null : text)

export const textOf = (value: string | number | boolean | null): string => (value === null ? '' : String(value))
