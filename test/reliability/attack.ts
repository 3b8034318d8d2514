import { z } from 'zod'
import type { BaseLibrary } from './base-library'

/** `full`: the counts in the documents. `short`: every real attack, with counts that fit into the tests. */
export type Scale = 'full' | 'short'

/** The context of one attack. All its random draws come from the seed. */
export interface AttackSetting {
  /** The checkout, with the built product in `out/`. */
  readonly root: string
  /** A fresh, empty folder; the runner removes it. */
  readonly folder: string
  readonly scale: Scale
  readonly seed: number
  /** Try this case alone, to repeat what did not hold; null: all. */
  readonly only: number | null
  say(line: string): void
  /** A small library with something of everything, made once for all attacks; to be copied, not changed. */
  base(): Promise<BaseLibrary>
}

/** One thing that did not hold. */
export const breach = z.object({
  /** Number of the case, which with the seed repeats it (`--seed S --only N`). */
  case: z.number().int(),
  /** The kind, the same words for the same defect. */
  what: z.string(),
  /** The moment and the observation. */
  detail: z.string(),
})
export type Breach = z.infer<typeof breach>

export const attackResult = z.object({
  part: z.string(),
  tried: z.number().int(),
  held: z.number().int(),
  /** The measured figure, if it says more than a count. */
  figures: z.string(),
  breaches: z.array(breach),
})
export type AttackResult = z.infer<typeof attackResult>

/** Breaches that lose or damage work, or let somebody in. */
export const pages = ['RELIABILITY.md', 'SECURITY.md'] as const
export type Page = (typeof pages)[number]

export interface Attack {
  readonly name: string
  /** One sentence for the help and for the page, after “Tries”. */
  readonly what: string
  /** Where the stored figures are shown. */
  readonly page: Page
  run(setting: AttackSetting): Promise<AttackResult[]>
}

/** What is stored, and what `--json` prints. */
export const attackReport = z.object({
  name: z.string(),
  scale: z.enum(['full', 'short']),
  seed: z.number().int(),
  seconds: z.number(),
  machine: z.object({
    at: z.iso.datetime(),
    cpu: z.string(),
    threads: z.number(),
    memoryGib: z.number(),
    platform: z.string(),
    node: z.string(),
    /** Processes that wanted a processor in the last minute before the attack: above 0, others took part of the machine. */
    loadBefore: z.number(),
  }),
  /** What was attacked. */
  product: z.object({
    version: z.string(),
    /** The commit that was built; null in a checkout without git. */
    commit: z.string().nullable(),
    /** Whether the sources had been changed since that commit. */
    changed: z.boolean(),
  }),
  results: z.array(attackResult),
})
export type AttackReport = z.infer<typeof attackReport>

/** Counts the cases of one part: a case holds if nothing is found. */
export class Tally {
  readonly #part: string
  readonly #breaches: Breach[] = []
  #tried = 0
  #held = 0

  constructor(part: string) {
    this.#part = part
  }

  /** Counts `tried` cases that are judged together. */
  add(number: number, found: readonly Omit<Breach, 'case'>[], tried = 1): void {
    this.#tried += tried
    if (found.length === 0) this.#held += tried
    else this.#held += tried - 1
    this.#breaches.push(...found.map((one) => ({ case: number, ...one })))
  }

  result(figures = ''): AttackResult {
    return { part: this.#part, tried: this.#tried, held: this.#held, figures, breaches: this.#breaches }
  }
}

/** By scale: `full` as the pages say. */
export const counted = (scale: Scale, full: number, short: number): number => (scale === 'full' ? full : short)
