import { formatCounted } from './format'
import type { Evaluation } from './runs'

/** Who was measured after a training: `3 users, chosen` or `60 users of the test`. */
export const evaluatedUsers = ({ users, chosen }: Pick<Evaluation, 'users' | 'chosen'>): string =>
  `${formatCounted(users, 'user')}${chosen ? ', chosen' : ' of the test'}`
