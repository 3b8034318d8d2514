export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/**
 * What a control shows while nothing is said: what was found. Words that do not hold for everything (`found` is null), or for what is said in their
 * place, are not shown.
 */
export const detectedOr = (said: unknown, found: string | null | undefined, otherwise = 'As detected'): string =>
  said !== undefined || found == null ? otherwise : `${capital(found)} (detected)`
