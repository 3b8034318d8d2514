import { mount } from '@vue/test-utils'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import MarkdownText from './MarkdownText.vue'

const shown = (source: string): HTMLElement =>
  mount(MarkdownText, { props: { source } }).get('.markdown').element as HTMLElement

// The DOM of these specs loses the first element that is sanitised; test/e2e/runs-journey.ts looks at a whole note in Chromium.
test('Markdown becomes lists and emphasis', () => {
  const element = shown('first\n\n- a **floor**\n- `code`')
  expect(element.querySelectorAll('li')).toHaveLength(2)
  expect(element.querySelector('strong')?.textContent).toBe('floor')
})

test('links open outside, and only where they lead to pages', () => {
  const element = shown('[paper](https://example.org/a) [bad](javascript:alert(1))')
  const links = [...element.querySelectorAll('a')]
  expect(links.map((link) => link.getAttribute('href'))).toEqual(['https://example.org/a'])
  expect(links[0]?.getAttribute('rel')).toBe('noopener noreferrer')
})

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '![picture](https://example.org/x.png)',
  '<a href="javascript:alert(1)">x</a>',
  '<style>body { display: none }</style>',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
])('%s is shown as text', (source) => {
  const element = shown(source)
  expect(element.querySelectorAll('script, img, style, iframe, form')).toHaveLength(0)
  expect(
    [...element.querySelectorAll('*')].flatMap((one) => [...one.attributes].map(({ name }) => name)),
  ).not.toContain('onerror')
  for (const link of element.querySelectorAll('a')) expect(link.getAttribute('href')).toMatch(/^https?:/)
})

test('whatever is typed, nothing in it runs', () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '"',
    "'",
    '[a](',
    ')',
    'javascript:',
    'onload=',
    '<svg ',
    '<iframe ',
    '`',
    '\n',
    'x',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const element = shown(pieces.join(''))
      expect(element.querySelectorAll('script, svg, iframe, object, embed, img')).toHaveLength(0)
      for (const one of element.querySelectorAll('*'))
        for (const { name, value } of one.attributes) {
          expect(name).not.toMatch(/^on/)
          expect(value.trim().toLowerCase()).not.toMatch(/^javascript:/)
        }
    }),
    { numRuns: 200 },
  )
})
