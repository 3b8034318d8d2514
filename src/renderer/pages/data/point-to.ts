import type { ChoiceControl } from '../../../shared/reading'

/** Moves the keyboard focus to a control of the import, and shows a ring around it. */
export function pointTo(control: ChoiceControl): void {
  const place = document.querySelector<HTMLElement>(`[data-control="${control}"]`)
  const target = place?.matches('button') ? place : place?.querySelector<HTMLElement>('button, input')
  if (!place || !target) throw new Error(`the page has no control called ${control}`)
  for (let folded = place.closest('details'); folded; folded = folded.parentElement?.closest('details') ?? null)
    folded.open = true
  target.scrollIntoView({ block: 'center' })
  target.focus({ preventScroll: true })
  // Focus set after a click shows no ring by itself.
  const ring = 'var(--ui-primary) solid 2px'
  place.animate(
    [
      { outline: ring, outlineOffset: '4px', borderRadius: '4px' },
      { outline: ring, outlineOffset: '4px', borderRadius: '4px', offset: 0.7 },
      { outline: 'transparent solid 2px', outlineOffset: '4px', borderRadius: '4px' },
    ],
    1600,
  )
}
