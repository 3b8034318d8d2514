import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DatasetId } from '../../shared/ids'
import { openStore } from '../store/open'
import type { DatasetWriter, NewDataset, Store } from '../store/store'
import { appendingWriter } from './append'

/** Two processes at work on one library, each with a store of its own. */
let library: string
let one: Store
let other: Store
let first: DatasetId
beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-at-once-'))
  one = openStore(library)
  other = openStore(library)
  first = importNew(one, 'films', 'ann')
})
afterEach(() => {
  one.close()
  other.close()
  rmSync(library, { recursive: true, force: true })
})

const blank: NewDataset = { name: 'films', source: [], importSettings: {} }

/** A writer to which one user with one item was given. */
function given(writer: DatasetWriter, user: string): DatasetWriter {
  writer.addItems([{ index: 0, externalId: 'heat', title: 'heat', genres: [] }])
  writer.addHistories([
    { user: 0, externalId: user, items: Int32Array.of(0), ratings: Float32Array.of(5), times: null },
  ])
  return writer
}
const finish = (writer: DatasetWriter): DatasetId => writer.finish({ rejected: 0, duplicates: 0 }).id

const importing = (store: Store, name: string, user: string): DatasetWriter =>
  given(store.datasets.write({ ...blank, name }), user)
const importNew = (store: Store, name: string, user: string): DatasetId => finish(importing(store, name, user))

const appending = (store: Store, user: string): DatasetWriter =>
  given(appendingWriter(store, store.datasets.newest(first).id, blank, 'last'), user)
const refreshing = (store: Store, user: string): DatasetWriter =>
  given(
    store.datasets.write({ ...blank, follows: { previous: store.datasets.newest(first).id, origin: 'refresh' } }),
    user,
  )

const describeHeat = (store: Store): void =>
  store.datasets.describeItems(first, [{ externalId: 'heat', title: 'Heat', genres: ['Crime'], attributes: {} }])

const usersOf = (id: DatasetId): string[] => [...one.datasets.histories(id)].map(({ externalId }) => externalId)
const versions = (): string[] =>
  one.datasets
    .list()
    .map(({ name, version, id }) => `${name} ${version}: ${usersOf(id).join(' ')}`)
    .sort()

const slow = { append: appending, refresh: refreshing }
/** What another process does while the slow one reads its files, and what then is there. */
const meanwhile: Record<string, { does: () => unknown; versions: string[]; says: RegExp }> = {
  'an append': {
    does: () => finish(appending(other, 'bob')),
    versions: ['films 1: ann', 'films 2: ann bob'],
    says: /^Version 2 of “films” was added while this one was being imported after version 1, so nothing was stored\.$/,
  },
  'a refresh': {
    does: () => finish(refreshing(other, 'bob')),
    versions: ['films 1: ann', 'films 2: bob'],
    says: /^Version 2 of “films” was added/,
  },
  'a deletion of all versions': {
    does: () => other.datasets.delete(first),
    versions: [],
    says: /^The data set “films” no longer exists\.$/,
  },
}

describe.each(Object.entries(slow))('of two at once, %s', (how, begin) => {
  it.each(Object.entries(meanwhile))(
    'answers %s with a refusal, and stores nothing',
    (_, { does, versions: left, says }) => {
      const writer = begin(one, 'cyd')
      does()
      expect(() => finish(writer)).toThrow(expect.objectContaining({ message: expect.stringMatching(says) as string }))
      writer.abandon()
      expect(versions()).toEqual(left)
      expect(one.jobs.list()).toEqual([])
    },
  )

  it('answers a deletion of the version that it follows with CONFLICT', () => {
    const second = finish(appending(one, 'bob'))
    const writer = begin(one, 'cyd')
    other.datasets.delete(second)
    expect(() => finish(writer)).toThrow(
      expect.objectContaining({
        code: 'CONFLICT',
        message: expect.stringContaining('Version 2 of “films” was deleted') as string,
      }),
    )
    writer.abandon()
    expect(versions()).toEqual(['films 1: ann'])
  })

  it('follows a change of the name', () => {
    const writer = begin(one, 'cyd')
    other.datasets.rename(first, 'movies')
    finish(writer)
    expect(versions()).toEqual(['movies 1: ann', how === 'append' ? 'movies 2: ann cyd' : 'movies 2: cyd'])
  })

  it('leaves another data set of the former name alone', () => {
    const writer = begin(one, 'cyd')
    other.datasets.rename(first, 'movies')
    importNew(other, 'films', 'dee')
    finish(writer)
    expect(versions()).toEqual([
      'films 1: dee',
      'movies 1: ann',
      how === 'append' ? 'movies 2: ann cyd' : 'movies 2: cyd',
    ])
  })

  it('one after the other keeps the interactions of both', () => {
    finish(begin(one, 'bob'))
    finish(appending(other, 'cyd'))
    expect(usersOf(one.datasets.newest(first).id)).toEqual(how === 'append' ? ['ann', 'bob', 'cyd'] : ['bob', 'cyd'])
  })
})

it('an append does not lose metadata that is joined meanwhile; a refresh takes nothing of the version before', () => {
  const writer = appending(one, 'cyd')
  describeHeat(other)
  expect(() => finish(writer)).toThrow(
    expect.objectContaining({
      code: 'CONFLICT',
      message: expect.stringMatching(/^Item metadata was joined into version 1 of “films”/) as string,
    }),
  )
  writer.abandon()
  const again = finish(appending(one, 'cyd'))
  expect(one.datasets.items(again)).toMatchObject([{ title: 'Heat', genres: ['Crime'] }])
  const refresh = refreshing(one, 'dee')
  describeHeat(other)
  expect(usersOf(finish(refresh))).toEqual(['dee'])
})

it.each([
  ['an import of that name', () => importNew(other, 'series', 'bob')],
  ['a data set that is given that name', () => other.datasets.rename(first, 'series')],
])('an import answers %s with CONFLICT', (_, does) => {
  const writer = importing(one, 'series', 'ann')
  does()
  expect(() => finish(writer)).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
  writer.abandon()
  expect(versions().filter((version) => version.startsWith('series'))).toHaveLength(1)
})

it('of two data sets that are given one name, the second stays as it was', () => {
  const second = importNew(other, 'series', 'bob')
  one.datasets.rename(first, 'both')
  expect(() => other.datasets.rename(second, 'both')).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
  expect(versions()).toEqual(['both 1: ann', 'series 1: bob'])
})
