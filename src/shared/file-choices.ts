import { formatCount } from './format'
import type { FoundFile } from './found-files'
import type { Choice } from './reading'

/** The number of files that one choice names. */
const named = 8

/** The roles of files of an archive or a folder, as choices of a reading: files with the same role for the same reason share one choice. */
export function fileChoices(files: readonly FoundFile[]): Choice[] {
  const groups = new Map<string, FoundFile[]>()
  for (const file of files) {
    const key = JSON.stringify([file.role, file.certainty, file.reason])
    groups.set(key, [...(groups.get(key) ?? []), file])
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const { role, certainty, reason } = first
    const paths = group.slice(0, named).map(({ path }) => path)
    const more = group.length > named ? `, … (${formatCount(group.length)} files)` : ''
    return {
      about: 'files' as const,
      file: null,
      column: null,
      value: `${role}: ${paths.join(', ')}${more}`,
      certainty,
      evidence: reason,
      affectsData: true,
      control: 'Files' as const,
      option: '--file-role PATH=ratings|items|joined|left-out',
    }
  })
}
