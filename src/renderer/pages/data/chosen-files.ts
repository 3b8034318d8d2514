import { sortExport } from '../../../shared/known-exports'

/** What a file is taken for; `none`: it stays out. */
export type FileRole = 'ratings' | 'items' | 'none'

export interface ChosenFile {
  readonly file: File
  readonly role: FileRole
}

/** A file's place in the folder that was chosen, or its name. */
export const pathOf = (file: File): string => file.webkitRelativePath || file.name

/** Files with what their names say they are; a lone one holds the ratings, and one of several does where no name tells. */
export function withRoles(files: readonly File[]): ChosenFile[] {
  const sorted = sortExport(files.map(pathOf))
  const [first] = files
  const ratings = new Set(sorted.ratings.length > 0 || !first ? sorted.ratings : [pathOf(first)])
  return files.map((file) => {
    const path = pathOf(file)
    return { file, role: ratings.has(path) ? 'ratings' : path === sorted.items ? 'items' : 'none' }
  })
}

/** The same files with another role for one of them; there is one file of items at most. */
export const withRole = (files: readonly ChosenFile[], changed: ChosenFile, role: FileRole): ChosenFile[] =>
  files.map((chosen) => {
    if (chosen === changed) return { ...chosen, role }
    return role === 'items' && chosen.role === 'items' ? { ...chosen, role: 'none' } : chosen
  })

/** Adds files to others; one that is there already is replaced. Roles are told anew, since they depend on all of them. */
export function withFiles(chosen: readonly ChosenFile[], added: readonly File[]): ChosenFile[] {
  const paths = new Set(added.map(pathOf))
  return withRoles([...chosen.map(({ file }) => file).filter((file) => !paths.has(pathOf(file))), ...added])
}

/** A name to start from: that of the folder that several files came from, else that of the first, “ratings.csv” → “ratings”. */
export function nameOf(files: readonly ChosenFile[], first: string): string {
  const ratings = files.filter(({ role }) => role === 'ratings')
  const [folder, ...inside] = ratings[0] ? pathOf(ratings[0].file).split('/') : []
  return (ratings.length > 1 && folder && inside.length > 0 ? folder : first.replace(/\.[^.]+$/, '')).slice(0, 120)
}
