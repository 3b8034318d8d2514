import { describe, expect, it } from 'vitest'
import { toErrorShape } from './errors'

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
