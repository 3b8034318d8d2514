export const ENCODER_LAYERS = 5

/** Prefix of the weights of the previous round's encoder, which the prior uses. */
export const PREVIOUS = 'old.'
