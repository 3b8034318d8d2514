import type { Run } from './runs'

/** A run as texts call it: many runs have the same name. */
export const runTitle = ({ name, id }: Pick<Run, 'name' | 'id'>): string => `${name} (run ${id})`
