import { ORPCError, ValidationError } from '@orpc/server'
import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { failureShape } from './procedures'

const refusal = (schema: z.ZodType, data: unknown): unknown => {
  const issues = schema.safeParse(data).error?.issues ?? []
  return new ORPCError('BAD_REQUEST', { cause: new ValidationError({ message: 'no', issues, data }) })
}

describe('a request that does not fit', () => {
  const users = z.object({ users: z.array(z.string()) })

  it('is refused with the invalid value and its place', () => {
    const { code, message } = failureShape(refusal(users, { users: ['a', 5] }))
    expect(code).toBe('BAD_INPUT')
    expect(message).toMatch(/^The request is invalid: users\.1: .+\.$/)
    expect(message).not.toContain('more')
  })

  it('names the first invalid places and counts the others', () => {
    const { message } = failureShape(refusal(users, { users: Array.from({ length: 5000 }, (_, i) => i) }))
    expect(message).toContain('users.0: ')
    expect(message).toContain('and 4,997 more')
    expect(message.length).toBeLessThan(500)
  })

  it('cuts a name that fills pages', () => {
    const { message } = failureShape(refusal(z.record(z.string(), z.string()), { ['n'.repeat(100_000)]: 5 }))
    expect(message.length).toBeLessThan(1000)
  })
})
