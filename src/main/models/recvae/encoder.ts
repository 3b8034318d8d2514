export const ENCODER_LAYERS = 5

/** What the names of the previous round's encoder begin with, which the prior holds. */
export const PREVIOUS = 'old.'
