import type { RunDraft } from './run-draft'
import type { Several } from './several-runs'

/** A form that was not sent, with the address that opened it: another one begins another form. */
export interface KeptDraft {
  readonly address: string
  readonly draft: RunDraft
  readonly several: Several
}

const key = 'vasp-studio new run'

/** Keeps a form for this window, over reloads and visits of other pages. */
export function keepDraft(kept: KeptDraft): void {
  sessionStorage.setItem(key, JSON.stringify(kept))
}

export function forgetDraft(): void {
  sessionStorage.removeItem(key)
}

/**
 * The form that was left at this address; null if there is none, or if it is that of another version of the program, whose form has other fields.
 * @param like a form of this version
 */
export function keptDraft(address: string, like: Omit<KeptDraft, 'address'>): KeptDraft | null {
  const text = sessionStorage.getItem(key)
  if (text === null) return null
  const kept = JSON.parse(text) as KeptDraft
  const fields = (value: unknown): string =>
    typeof value === 'object' && value !== null ? Object.keys(value).sort().join() : ''
  const isAlike =
    fields(kept.draft) === fields(like.draft) &&
    fields(kept.draft.preparation) === fields(like.draft.preparation) &&
    fields(kept.draft.split) === fields(like.draft.split) &&
    fields(kept.several) === fields(like.several)
  return kept.address === address && isAlike ? kept : null
}
