import { z } from 'zod'
import { runId } from './ids'

const longestTag = 40

/** A tag: a short name without commas, which separate tags where they are typed. */
export const runTag = z
  .string()
  .trim()
  .min(1, 'Enter a tag.')
  .max(longestTag, `Enter a shorter tag: it may have at most ${longestTag} characters.`)
  .regex(/^[^,"]*$/, 'Enter a tag without commas and quotation marks.')

export const runNote = z.string().max(100_000, 'Enter a shorter note: it may have at most 100,000 characters.')

/** What people note about a run; changes nothing of what was trained or measured. */
export const runLabel = z.object({
  tags: z.array(z.string()),
  /** Markdown. */
  note: z.string(),
  starred: z.boolean(),
  /** Archived runs are listed only on request. */
  archived: z.boolean(),
})
export type RunLabel = z.infer<typeof runLabel>

/** A run of which nothing is noted. */
export const noLabel: RunLabel = { tags: [], note: '', starred: false, archived: false }

export const labelChange = z.object({
  runs: z.array(runId).min(1, 'Choose at least one run.'),
  addTags: z.array(runTag).default([]),
  removeTags: z.array(z.string()).default([]),
  note: runNote.exactOptional(),
  starred: z.boolean().exactOptional(),
  archived: z.boolean().exactOptional(),
})
export type LabelChange = z.output<typeof labelChange>

/** The tags after a change, in the order in which they were added; equal ones in another case count as the same. */
export function changedTags(tags: readonly string[], add: readonly string[], remove: readonly string[]): string[] {
  const folded = (tag: string): string => tag.toLowerCase()
  const gone = new Set(remove.map(folded))
  const kept = tags.filter((tag) => !gone.has(folded(tag)))
  for (const tag of add) if (!kept.some((known) => folded(known) === folded(tag))) kept.push(tag)
  return kept
}
