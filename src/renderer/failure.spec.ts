import { ORPCError } from '@orpc/client'
import { expect, it } from 'vitest'
import { asFailure, failureText } from './failure'

it('shows an expected failure in the engine’s own words', () => {
  const data = { code: 'DISK_FULL' as const, message: 'The disk is full.', next: 'Free some space.' }
  expect(asFailure(new ORPCError('STUDIO_ERROR', { status: 422, data }))).toEqual(data)
  expect(failureText(data)).toBe('DISK_FULL: The disk is full.\nFree some space.')
})

it('says what to do about a refused value and about a defect', () => {
  expect(asFailure(new ORPCError('BAD_REQUEST', { message: 'Input validation failed' })).code).toBe('BAD_INPUT')
  expect(asFailure(new Error('boom'))).toMatchObject({ code: 'INTERNAL', message: 'boom' })
})
