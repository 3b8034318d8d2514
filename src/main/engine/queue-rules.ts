import type { HoldReason, MachineConditions } from '../../shared/jobs'
import type { QueueRules } from '../../shared/system'

/** Without keyboard and pointer for so long, a machine counts as idle, in seconds. */
const idleAfter = 300

const minutesOf = (time: string): number => {
  const [hours = NaN, minutes = NaN] = time.split(':').map(Number)
  return 60 * hours + minutes
}

/** Whether a moment lies within the hours from one time of the day to another, which may be on the next day. Equal times are no hours. */
function isBetween(now: Date, { from, to }: NonNullable<QueueRules['notBetween']>): boolean {
  const [start, end, at] = [minutesOf(from), minutesOf(to), 60 * now.getHours() + now.getMinutes()]
  return start <= end ? start <= at && at < end : at >= start || at < end
}

/** Why nothing may compute now; null if it may. A rule about something that cannot be told (null) forbids nothing. */
export function forbiddenBy(rules: QueueRules, machine: MachineConditions, now: Date): HoldReason | null {
  if (rules.onlyOnMains && machine.onBattery === true) return 'battery'
  if (rules.onlyWhenIdle && machine.idleSeconds !== null && machine.idleSeconds < idleAfter) return 'in-use'
  return rules.notBetween && isBetween(now, rules.notBetween) ? 'hours' : null
}
