import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { StudioError } from '../../shared/errors'
import { trainingPosition } from '../../shared/training-position'
import { afterDamage } from './damage'
import { explained, explainStored } from './explained'

/** What is said when `read` meets something that it cannot understand among the runs of a library. */
function saidOf(read: () => unknown): StudioError {
  const repository = explained({ read }, (error) => explainStored(error, '/library', '/library/library.db', 'runs'))
  try {
    repository.read()
  } catch (error) {
    if (error instanceof StudioError) return error
    throw error
  }
  throw new Error('it was read')
}

describe('stored data that cannot be understood', () => {
  it.each([
    ['a state whose position is none', () => trainingPosition.parse({ stage: 'one' }), /stage: .*expected number/],
    ['text that is no JSON', () => JSON.parse('{"stage"') as unknown, /JSON/],
    ['a BLOB that is not compressed', () => gunzipSync(Buffer.from('abc')), /header/],
    ['an array of a wrong length', () => new Float32Array(new ArrayBuffer(7)), /multiple of 4/],
  ])('%s: the message says where it is, what is wrong and what to do', (_, read, words) => {
    const { code, message, next } = saidOf(read)
    expect(code).toBe('DAMAGED_FILE')
    expect(message).toMatch(
      /^The library database \/library\/library\.db is damaged: what it has of runs cannot be read \(.+\)\.$/,
    )
    expect(message).toMatch(words)
    expect(next).toBe(afterDamage)
  })
})
