import { z } from 'zod'

/** How certain a choice is: proven by the files or chosen by a person; clearly the best of several; or one of several equally good ones. */
export const certainty = z.enum(['certain', 'likely', 'guess'])
export type Certainty = z.infer<typeof certainty>

/** The evidence of a choice by a person. */
export const wasChosen = 'It was chosen.'
