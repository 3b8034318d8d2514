/** Accepted licences of a shipped package: permissive ones, and MPL, whose terms apply only to its own files. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'Python-2.0',
  'Unlicense',
])

/** Whether an SPDX expression can be met by allowed licences alone: one side of an OR, both of an AND. */
export function allows(expression) {
  const bare = expression.replaceAll(/[()]/g, ' ').trim()
  if (bare.includes(' OR ')) return bare.split(' OR ').some(allows)
  return bare.split(' AND ').every((name) => allowed.has(name.trim()))
}
