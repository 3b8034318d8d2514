import type * as fileSystem from 'node:fs/promises'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkOutput, copyTo, writeTo } from './output-file'
import type { Session } from './session'

const disk = vi.hoisted(() => ({ hasLinks: true }))
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fileSystem>()
  const link: typeof real.link = (from, to) =>
    disk.hasLinks
      ? real.link(from, to)
      : Promise.reject(Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' }))
  return { ...real, link }
})

const session = { engine: { beginOutput: () => () => undefined } } as unknown as Session
const exists: unknown = expect.objectContaining({
  code: 'CONFLICT',
  message: expect.stringMatching(/already exists\.$/) as string,
  next: expect.stringMatching(/--force/) as string,
})

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vasp-out-'))
  file = join(folder, 'lists.csv')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe.each([
  ['a disk with links', true],
  ['a disk without links, such as FAT', false],
])('a file that was asked for, on %s', (_, hasLinks) => {
  beforeEach(() => {
    disk.hasLinks = hasLinks
  })

  it('belongs to one program if two write it at once', async () => {
    const targets = await Promise.all([checkOutput(file, false), checkOutput(file, false)])
    const outcomes = await Promise.allSettled(targets.map((target, n) => writeTo(session, `text ${n}`, target)))
    const won = outcomes.findIndex(({ status }) => status === 'fulfilled')
    expect(outcomes[1 - won]).toEqual({ status: 'rejected', reason: exists })
    expect(readFileSync(file, 'utf8')).toBe(`text ${won}`)
    expect(readdirSync(folder)).toEqual(['lists.csv'])
  })

  it('does not replace a file that another program has made meanwhile', async () => {
    const target = await checkOutput(file, false)
    async function* slowly() {
      yield await Promise.resolve('ours')
      writeFileSync(file, 'theirs')
    }
    await expect(writeTo(session, slowly(), target)).rejects.toEqual(exists)
    const source = join(folder, 'source')
    writeFileSync(source, 'ours')
    await expect(copyTo(session, source, target)).rejects.toEqual(exists)
    expect(readFileSync(file, 'utf8')).toBe('theirs')
    expect(readdirSync(folder)).toEqual(['lists.csv', 'source'])
  })

  it('replaces an older one on request', async () => {
    writeFileSync(file, 'older')
    await expect(checkOutput(file, false)).rejects.toEqual(exists)
    await writeTo(session, 'newer', await checkOutput(file, true))
    expect(readFileSync(file, 'utf8')).toBe('newer')
    expect(readdirSync(folder)).toEqual(['lists.csv'])
  })
})
