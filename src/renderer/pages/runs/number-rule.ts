/** Which numbers a text field takes. */
export interface NumberRule {
  readonly integer: boolean
  readonly min: number | null
  readonly max: number | null
  readonly optional?: boolean
}

/** Why a text is no such number; `null` where it is. */
export function numberProblem(value: string, { integer, min, max, optional = false }: NumberRule): string | null {
  if (value.trim() === '') return optional ? null : 'A number is needed here.'
  const number = Number(value)
  if (!Number.isFinite(number)) return 'This is not a number.'
  if (integer && !Number.isInteger(number)) return 'A whole number is needed here.'
  if (min !== null && number < min) return `At least ${min}.`
  if (max !== null && number > max) return `At most ${max}.`
  return null
}
