import { expect, it } from 'vitest'
import { engines } from '../../../package.json'
import { nodeCheck } from './doctor'

const needed = engines.node.slice('>='.length)

it('accepts the Node versions that package.json does, and no older one', () => {
  expect(engines.node).toBe(`>=${needed}`)
  const [major = 0, minor = 0] = needed.split('.').map(Number)
  const accepted = (node: string): boolean => nodeCheck(needed, { node }).ok
  expect([needed, `${major}.${minor}.0`, `${major}.${minor + 1}.0`, `${major + 1}.0.0`].map(accepted)).toEqual(
    Array.from({ length: 4 }, () => true),
  )
  expect([`${major}.${minor - 1}.99`, `${major - 1}.99.0`].map(accepted)).toEqual([false, false])
  expect(nodeCheck(needed, { node: `${major}.${minor - 1}.0` }).reason).toContain(needed)
})

it('asks nothing of the Node within Electron', () => {
  expect(nodeCheck(needed, { node: '18.0.0', electron: '33.0.0' }).ok).toBe(true)
})
