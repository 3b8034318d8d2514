import { z } from 'zod'
import { trackerFolders } from './trackers'

export const doctorCheck = z.object({
  name: z.enum(['backend', 'tensorflow', 'devices', 'gpu', 'memory', 'disk', 'electron', 'library', 'node']),
  title: z.string(),
  ok: z.boolean(),
  value: z.string(),
  /** The reason for its state; empty if there is nothing to say. */
  reason: z.string(),
  /** The next step; empty if there is nothing to do. */
  fix: z.string(),
})
export type DoctorCheck = z.infer<typeof doctorCheck>

/** Backends, best first; the first available one is used. */
export const backendName = z.enum(['tensorflow', 'wasm', 'cpu'])
export type BackendName = z.infer<typeof backendName>

export const backendState = z.object({
  name: backendName,
  title: z.string(),
  available: z.boolean(),
  inUse: z.boolean(),
  version: z.string(),
  reason: z.string(),
  fix: z.string(),
})
export type BackendState = z.infer<typeof backendState>

export const doctorReport = z.object({
  ok: z.boolean(),
  checks: z.array(doctorCheck),
  backends: z.array(backendState),
})
export type DoctorReport = z.infer<typeof doctorReport>

export const about = z.object({
  version: z.string(),
  host: z.enum(['electron', 'browser', 'cli']),
  library: z.string(),
  platform: z.string(),
  readOnly: z.boolean(),
  /** What this start removed of imports that died, in one sentence; null if there was nothing. */
  cleanedUp: z.string().nullable(),
})
export type About = z.infer<typeof about>

const theme = z.enum(['system', 'light', 'dark'])
const lastRun = z.number().int().nullable()
const navigationCollapsed = z.boolean()

const count = z.number().int().min(0).max(1000)
const automaticBackups = z.boolean()
const notifications = z.boolean()
const keepStates = z.boolean()
/** How many backups are kept: this many of the newest, one a day for this many days, and one a week for this many weeks. */
const keptBackups = z.object({ newest: count.min(1), daily: count, weekly: count })

/** An hour and minute of the day, on the clock of the machine: 08:30. */
export const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write a time of the day as 08:30.')

/** When jobs of the queue compute. */
export const queueRules = z.object({
  /** What happens to jobs whose program has ended, when another one starts. */
  left: z.enum(['ask', 'go on']),
  onlyOnMains: z.boolean(),
  /** Only while nobody has used keyboard or pointer for five minutes. */
  onlyWhenIdle: z.boolean(),
  /** Nothing computes from one time of the day to the other, which may be on the next day. */
  notBetween: z.object({ from: clockTime, to: clockTime }).nullable(),
})
export type QueueRules = z.infer<typeof queueRules>

/** Settings that are kept between sessions. */
export const settings = z.object({
  theme: theme.default('system'),
  lastRun: lastRun.default(null),
  navigationCollapsed: navigationCollapsed.default(false),
  automaticBackups: automaticBackups.default(true),
  keptBackups: keptBackups.default({ newest: 3, daily: 7, weekly: 4 }),
  queueRules: queueRules.default({ left: 'ask', onlyOnMains: false, onlyWhenIdle: false, notBetween: null }),
  /** Whether the desktop tells when a job has ended while the window is not in front. */
  notifications: notifications.default(true),
  /** Whether the state of a finished training stays, from which it can be trained further. */
  keepStates: keepStates.default(false),
  /** Where runs are tracked while they are trained. */
  trackers: trackerFolders.default({}),
})
export type Settings = z.infer<typeof settings>

/** The changed settings; without defaults, which would reset the others. */
export const settingsPatch = z.object({
  theme: theme.exactOptional(),
  lastRun: lastRun.exactOptional(),
  navigationCollapsed: navigationCollapsed.exactOptional(),
  automaticBackups: automaticBackups.exactOptional(),
  keptBackups: keptBackups.exactOptional(),
  queueRules: queueRules.exactOptional(),
  notifications: notifications.exactOptional(),
  keepStates: keepStates.exactOptional(),
  trackers: trackerFolders.exactOptional(),
})
