import type { Attack } from './attack'

/** Every `attacks/*.attack.ts` registers itself by its export `attack`; the other files beside them are their modules. */
const found = import.meta.glob<Attack>('./attacks/*.attack.ts', { eager: true, import: 'attack' })

/** All attacks, by name. */
export const attacks: readonly Attack[] = Object.values(found).toSorted((a, b) => a.name.localeCompare(b.name))
