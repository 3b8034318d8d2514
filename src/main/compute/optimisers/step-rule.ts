export type StepRuleName = 'adam' | 'nadam-keras3' | 'nadam-tf25'

/** A step rule; `adam-normalised` divides each gradient by its norm first. */
export type OptimiserName = StepRuleName | 'adam-normalised'

/** Decay of the running mean m of gradients and of the running mean v of their squares. */
export const BETA_1 = 0.9
export const BETA_2 = 0.999

/**
 * One step of an Adam-like optimiser, after m ← β₁m + (1 − β₁)g and v ← β₂v + (1 − β₂)g²:
 *
 *     w ← w − (momentum · m + gradient · g) / (√(v / secondMoment) + epsilon)
 */
export interface StepCoefficients {
  readonly momentum: number
  readonly gradient: number
  /** 1 − β₂ᵗ, the bias correction of v. */
  readonly secondMoment: number
  readonly epsilon: number
}

/** Gives the coefficients of step 1, 2, 3 … in turn. */
export type StepRule = () => StepCoefficients

/** The coefficients of an optimiser's steps, and how many it has made. */
export class CountedSteps {
  #steps = 0

  constructor(private readonly rule: StepRule) {}

  get steps(): number {
    return this.#steps
  }

  next(): StepCoefficients {
    this.#steps++
    return this.rule()
  }

  /** Nadam's coefficients depend on all earlier ones, so they are computed again. */
  goOnAfter(steps: number): void {
    if (this.#steps > steps) throw new RangeError(`${this.#steps} steps have been made, more than ${steps}`)
    while (this.#steps < steps) this.next()
  }
}

/** Adam (Kingma & Ba, 2015): m̂/(√v̂ + ε), both bias-corrected, ε = 1e-8 outside the root. */
function adam(learningRate: number): StepRule {
  let t = 0
  return () => {
    t++
    return {
      momentum: learningRate / (1 - BETA_1 ** t),
      gradient: 0,
      secondMoment: 1 - BETA_2 ** t,
      epsilon: 1e-8,
    }
  }
}

/**
 * Nadam (Dozat, 2016) as Keras computes it, with the momentum schedule uₜ = β₁(1 − ½·0.96^(decay·t)) and U_t = Π uₛ.
 *
 * @param decay 1 in Keras 3; 0.004 in Keras's older `optimizer_v2`, which the VASP authors' TensorFlow 2.5 runs. The first steps differ noticeably.
 */
const nadam =
  (decay: number) =>
  (learningRate: number): StepRule => {
    const u = (t: number): number => BETA_1 * (1 - 0.5 * 0.96 ** (decay * t))
    let t = 0
    let product = 1
    return () => {
      t++
      product *= u(t)
      return {
        momentum: (learningRate * u(t + 1)) / (1 - product * u(t + 1)),
        gradient: (learningRate * (1 - u(t))) / (1 - product),
        secondMoment: 1 - BETA_2 ** t,
        epsilon: 1e-7,
      }
    }
  }

export const stepRules: Record<StepRuleName, (learningRate: number) => StepRule> = {
  adam,
  'nadam-keras3': nadam(1),
  'nadam-tf25': nadam(0.004),
}
