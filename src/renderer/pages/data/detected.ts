export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/**
 * The label of “as detected” in a control: the detected value. It is left out if it does not hold for all files or columns (`found` is null), or if it was
 * changed.
 */
export const detectedOr = (said: unknown, found: string | null | undefined, otherwise = 'As detected'): string =>
  said !== undefined || found == null ? otherwise : `${capital(found)} (detected)`
