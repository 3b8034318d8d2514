import { describe, expect, it } from 'vitest'
import type { MachineConditions } from '../../shared/jobs'
import type { QueueRules } from '../../shared/system'
import { forbiddenBy } from './queue-rules'

const none: QueueRules = { left: 'ask', onlyOnMains: false, onlyWhenIdle: false, notBetween: null }
const machine: MachineConditions = { onBattery: true, idleSeconds: 10 }
const at = (time: string): Date => new Date(`2026-03-05T${time}:00`)

describe('forbiddenBy', () => {
  it('forbids nothing without rules', () => {
    expect(forbiddenBy(none, machine, at('12:00'))).toBeNull()
  })

  it.each([
    [true, 'battery'],
    [false, null],
    // A machine that cannot be asked computes: otherwise nothing would ever start on it.
    [null, null],
  ])('knows the battery: %s', (onBattery, found) => {
    expect(forbiddenBy({ ...none, onlyOnMains: true }, { ...machine, onBattery }, at('12:00'))).toBe(found)
  })

  it.each([
    [299, 'in-use'],
    [300, null],
    [null, null],
  ])('knows whether somebody works at the machine: %s', (idleSeconds, found) => {
    expect(forbiddenBy({ ...none, onlyWhenIdle: true }, { ...machine, idleSeconds }, at('12:00'))).toBe(found)
  })

  it.each([
    ['08:00', '18:00', '07:59', null],
    ['08:00', '18:00', '08:00', 'hours'],
    ['08:00', '18:00', '17:59', 'hours'],
    ['08:00', '18:00', '18:00', null],
    ['22:00', '06:30', '23:15', 'hours'],
    ['22:00', '06:30', '06:29', 'hours'],
    ['22:00', '06:30', '06:30', null],
    ['09:00', '09:00', '09:00', null],
  ])('knows the hours from %s to %s at %s', (from, to, now, found) => {
    expect(forbiddenBy({ ...none, notBetween: { from, to } }, machine, at(now))).toBe(found)
  })
})
