import { expect, it } from 'vitest'
import { unfitNode } from './node-version'

it('refuses a Node that is older than the one that the packages are installed for, in a sentence', () => {
  expect(unfitNode({ node: '20.20.2' })).toMatchObject({
    message: 'The built command line needs Node 24 or newer, but this is Node 20.20.2.',
    next: expect.stringContaining('npm run vasp') as string,
  })
  expect(unfitNode({ node: '24.0.0' })).toBeNull()
  expect(unfitNode({ node: '26.1.0' })).toBeNull()
})

it('says nothing of Electron, which has bindings of its own', () => {
  expect(unfitNode({ node: '20.18.3', electron: '33.0.0' })).toBeNull()
  expect(unfitNode()).toBeNull()
})
