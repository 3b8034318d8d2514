import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answers, fakeDriver } from '../../../test/fixtures/fake-driver'
import { askDriver, parseGpus } from './nvidia-smi'

const MIB = 2 ** 20

describe('the answer of nvidia-smi', () => {
  it('is read in bytes and shares', () => {
    expect(parseGpus(answers.one)).toEqual([
      {
        index: 0,
        uuid: 'GPU-5e1b2c3d-0000-1111-2222-333344445555',
        name: 'NVIDIA L4',
        driver: '550.54.15',
        memoryTotal: 23034 * MIB,
        memoryUsed: 1024 * MIB,
        utilisation: 0.37,
        temperature: 52,
      },
    ])
    expect(parseGpus(answers.two)?.map(({ index }) => index)).toEqual([0, 1])
  })

  it('leaves out values that a GPU does not measure', () => {
    expect(parseGpus('1, GPU-1, NVIDIA GB10, 580.95, [N/A], [Not Supported], [N/A], ERR!\r\n')).toMatchObject([
      { memoryTotal: null, memoryUsed: null, utilisation: null, temperature: null },
    ])
  })

  it('may name a GPU with a comma', () => {
    expect(parseGpus('0, GPU-1, Graphics Device, 16GB, 550.1, 1, 1, 1, 1')).toMatchObject([
      { name: 'Graphics Device, 16GB', driver: '550.1' },
    ])
  })

  it.each([answers.garbage, answers.broken, '0, GPU-1, NVIDIA L4\n', 'a, b, c, d, e, f, g, h\n'])(
    'is refused where it is another: %s',
    (text) => expect(parseGpus(text)).toBeNull(),
  )

  it('is no GPU if it is empty', () => expect(parseGpus('\n')).toEqual([]))
})

describe('asking the driver', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vasp-driver-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const ask = (output: string, code?: number | null, patience?: number): ReturnType<typeof askDriver> =>
    askDriver({ PATH: fakeDriver(folder, output, code) }, patience)

  it('tells the GPUs of one that runs', async () =>
    expect(await ask(answers.one)).toMatchObject({ state: 'answers', gpus: [{ name: 'NVIDIA L4' }] }))

  it('says that there is none', async () => {
    expect(await askDriver({ PATH: folder })).toEqual({ state: 'absent' })
    expect(await ask(answers.none, 6)).toEqual({ state: 'answers', gpus: [] })
  })

  it('repeats its error message', async () =>
    expect(await ask(answers.broken, 9)).toEqual({
      state: 'unreachable',
      words: expect.stringContaining("couldn't communicate with the NVIDIA driver") as string,
    }))

  it('does not take anything else for an answer', async () =>
    expect(await ask(answers.garbage)).toEqual({ state: 'unreadable', words: '<html>502 Bad Gateway</html>' }))

  it('gives up on one that hangs', async () =>
    expect(await ask('', null, 500)).toEqual({ state: 'silent', seconds: 0.5 }))
})
