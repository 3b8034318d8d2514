import { formatSigned, formatValue } from './format'
import type { Calibration, CombinationSettings, RunMember } from './runs'

/** The exponent of a member's probability, as shown in tables and equations. */
export const weightText = (weight: number | null): string => (weight === null ? 'not chosen yet' : formatValue(weight))

/** How a score is converted to a probability: `σ(12.34·s − 5.670)`. */
export const calibrationText = ({ slope, intercept }: Calibration): string => {
  const signed = formatSigned(intercept)
  return `σ(${slope < 0.01 ? slope.toExponential(2) : formatValue(slope)}·s ${signed.charAt(0)} ${signed.slice(1)})`
}

/** Why a member has the weight 0, or is the product alone without a probability, as a clause; null for other weights. */
export function weightReason({ weight, problem }: Pick<RunMember, 'weight' | 'problem'>): string | null {
  if (weight === null || (weight > 0 && problem === null)) return null
  if (problem === null) return 'no weights that were tried gave a better NDCG@100 of the validation users with it'
  return weight > 0
    ? `alone, by its own scores, it has the best NDCG@100 of the validation users; no probability follows from them (${problem})`
    : `no probability follows from its scores (${problem}), so it cannot be multiplied`
}

/** What a product is made of: `run 1 (first): weight 0.5; run 2 (second): weight 1`. */
export const membersText = (members: readonly RunMember[]): string =>
  members.map((member) => `run ${member.run} (${member.name}): ${memberText(member)}`).join('; ')

/** A member's weight, how its score was converted to a probability, and the reason: `weight 0.5, f = σ(12.34·s − 5.670) of its score s`. */
export function memberText({ weight, calibration, problem }: Omit<RunMember, 'run' | 'name'>): string {
  const converted = calibration ? `, f = ${calibrationText(calibration)} of its score s` : ''
  const reason = weightReason({ weight, problem })
  return `weight ${weightText(weight)}${converted}${reason === null ? '' : `, because ${reason}`}`
}

/** How the weights of a combination are chosen. */
export const weightsText = ({ weights }: CombinationSettings): string =>
  weights === 'equal' ? 'all 1, as in the paper' : 'best NDCG@100 of the validation users'
