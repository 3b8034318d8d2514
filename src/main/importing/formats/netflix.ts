import { longestLine } from '../plain-text'
import type { Format } from './format'
import { linesOf } from './lines'
import { TextWriter } from './text-writer'

const title = /^(\d+):$/
const begins = /^(?:\ufeff)?\d+:\r?\n\d+,[1-5],\d{4}-\d\d-\d\d\r?\n/

/** The Netflix Prize's files: a line `movieId:`, then a line `userId,rating,date` per rating of the film. */
export const netflix: Format = {
  name: 'Netflix Prize text',
  recognises: (head) => begins.test(head.toString('latin1')),
  async toText(file, conversion) {
    const writer = new TextWriter(conversion)
    let movie = ''
    try {
      for await (const read of linesOf(file.path, conversion.signal, longestLine)) {
        const line = read.replace('\ufeff', '')
        const found = title.exec(line)
        if (found) movie = found[1] ?? ''
        // A film's own line remains as a line without a row, so that the ratings keep their line numbers.
        await writer.line(found || line === '' ? '' : `${line},${movie}`)
        if (!writer.wantsMore) break
      }
      return await writer.end(['userId', 'rating', 'date', 'movieId'])
    } catch (error) {
      await writer.abandon()
      throw error
    }
  },
}
