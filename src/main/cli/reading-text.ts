import { type Choice, isWarning, type Reading } from '../../shared/reading'
import type { Terminal } from './terminal'

/** Prints how files were understood, one line for each choice that is not a warning. */
export function tellReading(terminal: Terminal, choices: Reading): void {
  for (const choice of choices) if (!isWarning(choice)) terminal.note(`read: ${choiceInWords(choice)}`)
}

/** `ratings.csv, separator: semicolon (certain). All 6 lines examined have 4 cells with it.` */
export const choiceInWords = ({ file, about, column, value, certainty, evidence }: Choice): string =>
  `${[file, column === null ? about : `column "${column}"`].filter((part) => part !== null).join(', ')}: ${value} (${certainty}). ${evidence}`
