import { describe, expect, it } from 'vitest'
import type { ImportPreview } from '../../../shared/datasets'
import { type Choice, choiceOfItems, warningsOf } from '../../../shared/reading'
import { textFile } from './preview.fixture'
import { controlsOf, controlsOfDetails, groupsOf, markedControls, problemsOf } from './reading-rows'

const choice = (change: Partial<Choice>): Choice => ({
  about: 'separator',
  file: 'a.csv',
  column: null,
  value: 'comma',
  certainty: 'certain',
  evidence: 'All 3 lines examined have 4 cells with it.',
  affectsData: true,
  control: 'Separator',
  option: '--delimiter SIGN',
  ...change,
})
const dates = choice({
  about: 'dates',
  column: 'when',
  certainty: 'guess',
  control: 'Dates',
  option: '--dates day-first',
})
const preview: ImportPreview = {
  ratings: textFile('a.csv', []),
  items: null,
  mapping: { user: null, item: null, rating: null, time: null },
  itemMapping: null,
  choices: [dates],
  warnings: [],
  files: [],
}

describe('the display of a reading', () => {
  it('begins with guesses that change the data, and ends with choices that are certain or change nothing', () => {
    const likely = choice({ about: 'column', column: 'who', value: 'user', certainty: 'likely', control: 'User' })
    const harmless = choice({ ...likely, column: 'note', value: 'left out', affectsData: false })
    const { guesses, likely: probable, settled } = groupsOf([choice({}), likely, harmless, dates])
    expect(guesses.map(({ subject }) => subject)).toEqual(['“when”, dates'])
    expect(probable.map(({ subject }) => subject)).toEqual(['“who”'])
    expect(settled.map(({ subject }) => subject)).toEqual(['Separator', '“note”'])
  })

  it('shows a shared choice once, and names files if there are several', () => {
    const { settled } = groupsOf([choice({}), choice({ file: 'b.csv' }), choice({ file: 'b.csv', value: 'tab' })])
    expect(settled.map(({ choice: { value }, files }) => [value, ...files])).toEqual([
      ['comma', 'a.csv', 'b.csv'],
      ['tab', 'b.csv'],
    ])
    expect(groupsOf([choice({})]).settled[0]?.files).toEqual([])
  })
})

describe('problems of a reading', () => {
  it('names roles without a recognised column and the controls of a refusal, and repeats no warning of a choice', () => {
    const refusal = 'The dates have no one order. Say which is right with --dates (Dates in the app).'
    const warnings = [...warningsOf([dates]), refusal]
    expect(problemsOf({ ...preview, warnings }, { user: null, item: 'what' })).toEqual([
      { text: expect.stringContaining('recognised as the users') as string, controls: ['User'] },
      { text: refusal, controls: ['Dates'] },
    ])
  })

  it('marks the controls of guesses, including those of a file of items', () => {
    const encoding = choice({ about: 'encoding', certainty: 'guess', control: 'Encoding' })
    expect([...markedControls([choice({}), choiceOfItems(encoding), dates])]).toEqual(['Items encoding', 'Dates'])
  })

  it('points to the controls of a file of items only if they exist', () => {
    const warnings = ['Say it with --items-encoding, --items-table or --items-skip.']
    const known = { user: 'a', item: 'b' }
    const controls = (change: Partial<ImportPreview>) =>
      problemsOf({ ...preview, ...change, warnings }, known).flatMap((problem) => problem.controls)
    const workbook = { ...preview.ratings, format: 'Excel workbook' as const, tables: ['May', 'June'], text: null }
    expect(controls({})).toEqual([])
    expect(controls({ items: preview.ratings })).toEqual(['Items encoding', 'Items skip lines'])
    expect(controls({ items: workbook })).toEqual(['Items sheet', 'Items skip lines'])
    expect([...controlsOfDetails(workbook)]).toEqual(['Sheet', 'First row', 'Skip lines'])
  })

  it('points to no control that the files leave nothing to change of', () => {
    const warnings = ['Choose another with --table or --encoding.']
    const workbook = { ...preview.ratings, format: 'Excel workbook' as const, tables: ['May', 'June'], text: null }
    const known = { user: 'a', item: 'b' }
    expect(problemsOf({ ...preview, warnings }, known)[0]?.controls).toEqual(['Encoding'])
    expect(problemsOf({ ...preview, ratings: workbook, warnings }, known)[0]?.controls).toEqual(['Sheet'])
    expect([...controlsOf({ ...preview, ratings: workbook })]).toContain('Skip lines')
    expect([...controlsOf(preview)]).not.toContain('Table')
  })
})
