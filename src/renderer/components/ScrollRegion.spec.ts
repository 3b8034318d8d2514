import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
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
