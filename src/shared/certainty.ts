import { z } from 'zod'

/** How sure one choice is: proven by the files or said by a person; clearly the best of several; or one of several that nothing tells apart. */
export const certainty = z.enum(['certain', 'likely', 'guess'])
export type Certainty = z.infer<typeof certainty>

/** The evidence of what a person said. */
export const wasChosen = 'It was chosen.'
