import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { store, write } from './import-library'

let written = 0
type Cell = (row: number) => string | number
/** Recognises a table with these columns. */
async function recognised(columns: Readonly<Record<string, Cell>>, separator = ',') {
  const rows = Array.from({ length: 160 }, (_, row) => Object.values(columns).map((cell) => cell(row)))
  const text = [Object.keys(columns), ...rows].map((row) => row.join(separator)).join('\n')
  return await previewImport({ ratings: [write(`log${written++}.csv`, text)], items: null }, store.library)
}
const inOrder = (columns: Readonly<Record<string, Cell>>, order: readonly string[]) =>
  Object.fromEntries(order.flatMap((name) => (columns[name] ? [[name, columns[name]]] : [])))

const student: Cell = (row) => `Stu_${((row % 17) * 7919).toString(16)}`
const task: Cell = (row) => `task ${(row * 11) % 13}`
const part: Cell = (row) => `part ${((row * 11) % 13) * 3 + (row % 3)}`
const others: Readonly<Record<string, Cell>> = {
  'Session Id': (row) => `S${row % 17}`,
  'Attempt At Step': (row) => 1 + (row % 3),
  Outcome: (row) => (row % 3 === 0 ? 'CORRECT' : 'INCORRECT'),
  School: () => 'A',
}
const people = fc.constantFrom('Anon Student Id', 'student_id', 'Student', 'learner')
const first = fc.constantFrom('Problem Name', 'Exercise Name', 'Question', 'Task')
const second = fc.constantFrom('Step Name', 'KC (Default)', 'Skill', 'kc_name')

test('what students work on is the item, a guess that names another column which may be', async () => {
  await fc.assert(
    fc.asyncProperty(people, first, second, fc.boolean(), fc.integer(), async (who, one, other, both, seed) => {
      const columns = { ...others, [who]: student, [both ? one : other]: task, ...(both ? { [other]: part } : {}) }
      const order = Object.keys(columns).toSorted((a, b) => ((a.length * seed) % 7) - ((b.length * seed) % 7))
      const { mapping, choices } = await recognised(inOrder(columns, order), '\t')
      expect(mapping).toMatchObject({ user: who, item: both ? one : other })
      expect(choices.find(({ column }) => column === mapping.item)).toMatchObject(
        both ? { certainty: 'guess', option: `--item "${other}"` } : { certainty: 'likely' },
      )
    }),
    { numRuns: 12 },
  )
})

test('beside other people and other items, and as levels, questions and skills are what they were', async () => {
  const game = await recognised({ player_id: student, game_id: task, skill: part, score: (row) => 1 + (row % 5) })
  expect(game.mapping.item).toBe('game_id')
  const course = await recognised({
    student_id: student,
    course_id: task,
    question: part,
    score: (row) => 1 + (row % 5),
  })
  expect(course.mapping.item).toBe('course_id')
  expect(course.warnings.join()).not.toContain('items')
  const level = await recognised({ student_id: student, book: task, skill: (row) => 1 + (row % 4) })
  expect(level.mapping.item).toBe('book')
  const about = await recognised({
    student_id: student,
    page_code: task,
    'Step Start Time': (row) => `2024-03-${10 + (row % 19)}`,
  })
  expect(about.mapping.item).toBe('page_code')
})
