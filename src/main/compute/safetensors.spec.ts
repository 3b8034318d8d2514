import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { StudioError } from '../../shared/errors'
import { loadBackend } from './backend'
import { createParameter, type Parameter } from './parameter'
import { loadTensors, saveTensors } from './safetensors'

const values = [1, -2.5, 1e-30, 4, 5, 6]
let folder = ''
let file = ''
let parameters: Map<string, Parameter>

const made = (shapes: Record<string, number[]>): Map<string, Parameter> =>
  new Map(Object.entries(shapes).map(([name, shape]) => [name, createParameter(name, tf.zeros(shape))]))
const dispose = (some: ReadonlyMap<string, Parameter>): void => some.forEach((parameter) => parameter.dispose())

beforeAll(loadBackend)
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vasp-weights-'))
  file = join(folder, 'run-1.safetensors')
  parameters = made({ 'fir.W': [2, 3], 'enc1.b': [2] })
  tf.tidy(() => parameters.get('fir.W')?.assign(tf.tensor(values, [2, 3])))
  await saveTensors(file, parameters, { model: 'yew' })
})
afterEach(() => {
  dispose(parameters)
  rmSync(folder, { recursive: true })
  expect(tf.memory().numTensors).toBe(0)
})

describe('a stored file', () => {
  it('has the layout of the safetensors format', () => {
    const bytes = readFileSync(file)
    const length = Number(bytes.readBigUInt64LE())
    expect(JSON.parse(bytes.subarray(8, 8 + length).toString())).toEqual({
      __metadata__: { model: 'yew' },
      'fir.W': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
      'enc1.b': { dtype: 'F32', shape: [2], data_offsets: [24, 32] },
    })
    expect((8 + length) % 8).toBe(0)
    expect(bytes.length).toBe(8 + length + 32)
    expect(values.map((_, i) => bytes.readFloatLE(8 + length + 4 * i))).toEqual([...Float32Array.from(values)])
  })

  it('stores a tensor of several chunks unchanged', async () => {
    const shape = [5, 400_000]
    const wide = made({ wide: shape })
    const parameter = wide.get('wide')
    tf.tidy(() => parameter?.assign(tf.reshape(tf.range(0, 2_000_000), shape)))
    const lengths: number[] = []
    for await (const chunk of parameter?.chunks() ?? []) lengths.push(chunk.length)
    expect(lengths).toEqual([800_000, 800_000, 400_000])
    await saveTensors(file, wide)
    const again = made({ wide: shape })
    await loadTensors(file, again)
    expect((await again.get('wide')?.data())?.every((value, i) => value === i)).toBe(true)
    dispose(wide)
    dispose(again)
  })

  it('comes back as it was, and is named by its hash', async () => {
    const again = made({ 'fir.W': [2, 3], 'enc1.b': [2] })
    await loadTensors(file, again)
    expect([...((await again.get('fir.W')?.data()) ?? [])]).toEqual([...Float32Array.from(values)])
    const { sha256, bytes } = await saveTensors(file, again, { model: 'yew' })
    expect(sha256).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'))
    expect(bytes).toBe(readFileSync(file).length)
    expect(readdirSync(folder)).toEqual(['run-1.safetensors'])
    dispose(again)
  })
})

describe('a file that does not fit is refused as damaged', () => {
  const refuses = async (shapes: Record<string, number[]>, words: RegExp): Promise<void> => {
    const model = made(shapes)
    const error: unknown = await loadTensors(file, model).catch((thrown: unknown) => thrown)
    if (!(error instanceof StudioError)) throw new Error('the file was accepted', { cause: error })
    expect(error.code).toBe('DAMAGED_FILE')
    expect(error.message).toMatch(words)
    dispose(model)
  }
  const fitting = { 'fir.W': [2, 3], 'enc1.b': [2] }

  it.each([0, 5, 40])('truncated after %i bytes', async (bytes) => {
    truncateSync(file, bytes)
    await refuses(fitting, /truncated/)
  })
  it('truncated within the values', async () => {
    truncateSync(file, readFileSync(file).length - 1)
    await refuses(fitting, /values of enc1\.b are truncated/)
  })
  it('of another shape', () => refuses({ 'fir.W': [3, 2], 'enc1.b': [2] }, /fir\.W is F32 \[2, 3\], not F32 \[3, 2\]/))
  it('without a tensor', () => refuses({ ...fitting, 'enc2.b': [1] }, /no tensor enc2\.b/))
  it('with a tensor too many', () => refuses({ 'fir.W': [2, 3] }, /the model has no tensor enc1\.b/))
  it('that is not a safetensors file', async () => {
    writeFileSync(file, 'userId,movieId,rating\n1,2,3\n')
    await refuses(fitting, /not a safetensors file/)
  })
})
