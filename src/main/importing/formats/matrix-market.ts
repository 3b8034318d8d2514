import { badInput } from '../../../shared/errors'
import { longestLine } from '../plain-text'
import type { Format } from './format'
import { linesOf } from './lines'
import { TextWriter } from './text-writer'

const banner = /^%%MatrixMarket\s+matrix\s+(\w+)\s+(\w+)\s+(\w+)/i

/** NIST's Matrix Market format: comments, a line with the matrix's size, then a line `row column value` per entry. */
export const matrixMarket: Format = {
  name: 'Matrix Market',
  recognises: (head) => banner.test(head.toString('latin1')),
  async toText(file, conversion) {
    const writer = new TextWriter(conversion)
    let [values, sized] = [true, false]
    try {
      for await (const line of linesOf(file.path, conversion.signal, longestLine)) {
        const [, layout, kind, symmetry] = banner.exec(line) ?? []
        if (layout !== undefined) {
          if (layout.toLowerCase() !== 'coordinate' || symmetry?.toLowerCase() !== 'general')
            throw badInput(
              `${file.name} is a Matrix Market file of type “${layout} ${symmetry ?? ''}”, but only “coordinate general” lists users and items.`,
              'Save the matrix as “coordinate general”, or its entries as CSV.',
            )
          values = kind?.toLowerCase() !== 'pattern'
        }
        const isEntry = line.trim() !== '' && !line.startsWith('%')
        // Comments and the size remain as lines without a row, so that the entries keep their line numbers.
        if (isEntry && sized) await writer.row(line.trim().split(/\s+/))
        else await writer.line('')
        sized ||= isEntry
        if (!writer.wantsMore) break
      }
      const converted = await writer.end(values ? ['row', 'column', 'value'] : ['row', 'column'])
      return { ...converted, dialect: { ...converted.dialect, named: false } }
    } catch (error) {
      await writer.abandon()
      throw error
    }
  },
}
