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
      evidence: group.length > 1 ? ofSeveral(reason) : reason,
      affectsData: true,
      control: 'Files' as const,
      option: '--file-role PATH=ratings|items|joined|left-out',
    }
  })
}

const plurals: readonly (readonly [one: RegExp, several: string])[] = [
  [/\bIt also has\b/g, 'They also have'],
  [/\bIt has\b/g, 'They have'],
  [/\bIt is not a table\b/g, 'They are no tables'],
  [/\bIt is\b/g, 'They are'],
  [/\bIts name suggests\b/g, 'Their names suggest'],
  [/\bIts first bytes do not show its content\b/g, 'Their first bytes do not show their content'],
  [/\b(?:[Ii]ts) columns do not show what it contains\b/g, 'their columns do not show what they contain'],
  [
    /\bNeither its columns nor its name show what it contains\b/g,
    'Neither their columns nor their names show what they contain',
  ],
  [/\bNeither its columns nor its name show\b/g, 'Neither their columns nor their names show'],
]

/** The reason for the role of one file as that of several. */
const ofSeveral = (reason: string): string =>
  plurals.reduce((text, [one, several]) => text.replaceAll(one, several), reason)
