import { createInterface } from 'node:readline/promises'
import { cancelled } from '../../shared/errors'

/**
 * Asks a person at a terminal; scripts, which have no terminal, are not asked. Throws CANCELLED for any answer but yes.
 * @param yes whether the answer was given as an option @param what names the work in that error
 */
export async function confirm(yes: boolean, question: string, what: string): Promise<void> {
  if (yes || !process.stdin.isTTY || !process.stderr.isTTY) return
  const dialogue = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await dialogue.question(`${question} [y/N] `)
    if (!/^y(es)?$/i.test(answer.trim())) throw cancelled(what)
  } finally {
    dialogue.close()
  }
}
