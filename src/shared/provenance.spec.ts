import { expect, it } from 'vitest'
import { environmentDifferences, environmentLines } from './provenance'
import { environment } from './runs'

const base = environment.parse({
  backend: 'tensorflow',
  version: '2.21.0',
  device: 'a processor',
  threads: 2,
  app: '0.1.0',
  commit: 'abc',
  tfjs: '4.22.0',
  runtime: 'Node 24.21.0',
  platform: 'linux x64',
  processor: 'a processor',
  kernels: 'x86-64-v4',
})

it('finds nothing that differs between the same', () => {
  expect(environmentDifferences(base, { ...base })).toEqual([])
  expect(environmentDifferences(null, null)).toEqual([])
})

const others = {
  threads: 4,
  ...Object.fromEntries(
    Object.keys(base)
      .filter((key) => key !== 'threads')
      .map((key) => [key, 'x']),
  ),
}
it.each(Object.entries(others))('names a different %s, and it alone', (key, value) => {
  const differences = environmentDifferences(base, environment.parse({ ...base, [key]: value }))
  expect(differences).toHaveLength(1)
  expect(differences[0]?.before).not.toBe(differences[0]?.now)
})

it('says what is not known of a run of an earlier version', () => {
  const { backend, version, device, threads } = base
  const earlier = environment.parse({ backend, version, device, threads })
  expect(environmentDifferences(earlier, base).map(({ before }) => before)).toEqual(Array(7).fill('not known'))
})

it('tells a commit with changes from the commit, and no kernels from unknown ones', () => {
  const text = (label: string, of: Partial<typeof base>): string | undefined =>
    new Map(environmentLines({ ...base, ...of })).get(label)
  expect(text('Commit', { commit: 'abc+' })).toBe('abc, with changes')
  expect(text('Commit', { commit: '' })).toBe('not built from one')
  expect(text('Own kernels', { kernels: '' })).toBe('not used')
  expect(text('Own kernels', { kernels: null })).toBe('not known')
})
