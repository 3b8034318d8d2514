import { z } from 'zod'

const longest = 120
const name = z.string().trim().max(longest, `Enter a shorter name: it may have at most ${longest} characters.`)

/** A name that a person gives. */
export const givenName = name.min(1, 'Enter a name.')

/** A name that may be left out: null or empty. */
export const optionalName = name.nullable()
