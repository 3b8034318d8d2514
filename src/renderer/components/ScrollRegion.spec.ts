import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { nextTick } from 'vue'
import { paperWidth } from '../shell/paper'
import ScrollRegion from './ScrollRegion.vue'

/** The document of the tests has no layout: its measures are given. */
async function scrolledTo(scrollLeft: number, sizes: { clientWidth: number; scrollWidth: number }): Promise<string[]> {
  const view = mount(ScrollRegion, { props: { label: 'Figures, table' }, attachTo: document.body })
  const region = view.get('[role=region]')
  for (const [name, value] of Object.entries({ ...sizes, scrollLeft }))
    Object.defineProperty(region.element, name, { value, configurable: true })
  await region.trigger('scroll')
  const shown = view
    .findAll('[data-more]')
    .filter((shadow) => shadow.isVisible())
    .map((shadow) => shadow.attributes('data-more') ?? '')
  view.unmount()
  return shown
}

it.each([
  [0, { clientWidth: 500, scrollWidth: 500 }, []],
  [0, { clientWidth: 500, scrollWidth: 900 }, ['right']],
  [100, { clientWidth: 500, scrollWidth: 900 }, ['left', 'right']],
  [400, { clientWidth: 500, scrollWidth: 900 }, ['left']],
  // At a zoom, the end is not reached to the pixel.
  [399.5, { clientWidth: 500, scrollWidth: 900 }, ['left']],
] as const)('scrolled by %d in %o, has shadows %o', async (left, sizes, shadows) => {
  expect(await scrolledTo(left, sizes)).toEqual(shadows)
})

it('makes a table that is wider than paper smaller while it is printed', async () => {
  const view = mount(ScrollRegion, { props: { label: 'Figures, table', maxHeight: '10rem' }, attachTo: document.body })
  const region = view.get('[role=region]')
  Object.defineProperty(region.element, 'scrollWidth', { value: 2 * paperWidth, configurable: true })
  window.dispatchEvent(new Event('beforeprint'))
  await nextTick()
  expect(region.attributes('style')).toContain('zoom: 0.5')
  window.dispatchEvent(new Event('afterprint'))
  await nextTick()
  expect(region.attributes('style')).not.toContain('zoom')
  view.unmount()
})
