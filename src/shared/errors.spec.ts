import { describe, expect, it } from 'vitest'
import { badInput, toErrorShape } from './errors'

const systemError = (code: string): Error =>
  Object.assign(new Error(`${code}: words of the system, mkdir '/x'`), { code })

describe('an error of the system', () => {
  it.each(['ENOSPC', 'EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP'])(
    'is told in a sentence where paths can cause it: %s',
    (code) => {
      const { code: ours, message, next } = toErrorShape(systemError(code))
      expect(ours).not.toBe('INTERNAL')
      expect(message).toMatch(/^[A-Z][^:]+\. \(/)
      expect(next).toMatch(/^[A-Z].+\.$/)
    },
  )

  it('does not say of a folder that cannot be made that it does not exist', () => {
    const error = Object.assign(systemError('ENOENT'), { syscall: 'mkdir' })
    expect(toErrorShape(error)).toMatchObject({
      code: 'NO_PERMISSION',
      message: expect.stringMatching(/read-only/) as string,
    })
  })
})

describe('a sentence that quotes a given value', () => {
  it('stays one that can be read, with its beginning and its end', () => {
    const given = `${'a'.repeat(100_000)}📚`
    const next = 'Choose another.'
    for (const error of [badInput(`There is no backup ${given}.`, next), new Error(`There is no backup ${given}.`)]) {
      const { message } = toErrorShape(error)
      expect(message.length).toBeLessThanOrEqual(2000)
      expect(message).toMatch(/^There is no backup aaa.* … \(98,\d{3} characters are left out\) … a+📚\.$/)
    }
    expect(badInput('a'.repeat(2000), next).message).toBe('a'.repeat(2000))
  })

  it('is not cut through a character', () => {
    for (const shift of ['', 'x'])
      expect(badInput(`${shift}${'📚'.repeat(2000)}`, 'Choose another.').message).not.toMatch(/\p{Surrogate}/u)
  })
})
