import { ORPCError } from '@orpc/client'
import { describe, expect, it } from 'vitest'
import { badInput } from '../../shared/errors'
import { exitCodeOf, shapeOf } from './exit'

describe('exit codes', () => {
  it('exits with 2 for errors that the person can solve, and with 1 for others', () => {
    const of = (code: Parameters<typeof exitCodeOf>[0]['code']) => exitCodeOf({ code, message: '', next: '' })
    expect(['BAD_INPUT', 'NOT_FOUND', 'CONFLICT', 'NEWER_DATABASE'].map((code) => of(code as 'BAD_INPUT'))).toEqual([
      2, 2, 2, 2,
    ])
    expect([of('DISK_FULL'), of('WORKER_ENDED'), of('INTERNAL'), of('CANCELLED')]).toEqual([1, 1, 1, 1])
  })

  it('keeps the engine’s own sentences, whether thrown here or carried by the client’s error', () => {
    const own = badInput('The file is empty.', 'Choose another.')
    expect(shapeOf(own)).toEqual(own.toShape())
    expect(shapeOf(new ORPCError('STUDIO_ERROR', { data: own.toShape() }))).toEqual(own.toShape())
    expect(shapeOf(new ORPCError('BAD_REQUEST', { cause: new Error('k is too large') }))).toMatchObject({
      code: 'BAD_INPUT',
    })
    expect(shapeOf(new ORPCError('INTERNAL_SERVER_ERROR', { cause: new Error('boom') }))).toMatchObject({
      code: 'INTERNAL',
      message: 'boom',
    })
  })
})
