import { formatSigned, formatValue } from './format'
import type { Calibration, CombinationSettings } from './runs'

/** The exponent of a member's probability, as shown in tables and equations. */
export const weightText = (weight: number | null): string => (weight === null ? 'not chosen yet' : formatValue(weight))

/** How a score is converted to a probability: `σ(12.34·s − 5.670)`. */
export const calibrationText = ({ slope, intercept }: Calibration): string => {
  const signed = formatSigned(intercept)
  return `σ(${slope < 0.01 ? slope.toExponential(2) : formatValue(slope)}·s ${signed.charAt(0)} ${signed.slice(1)})`
}

/** Why a member has the weight 0, as the end of a sentence. */
export const uncalibratedText = (problem: string): string =>
  `its scores cannot be turned into probabilities, because ${problem}`

/** How the weights of a combination are chosen. */
export const weightsText = ({ weights }: CombinationSettings): string =>
  weights === 'equal' ? 'all 1, as in the paper' : 'best NDCG@100 of the validation users'
