import { saysId } from './column-names'
import { foldedWords, wordsOf } from './name-words'
import { quoted, type RecognisedColumn } from './column-content'
import type { Findings } from './column-findings'

/** Words for people who learn. */
const students = foldedWords(
  'student students learner pupil studente alumno estudiante eleve etudiant schuler lernende uczen zak siswa учень ученик студент 学生 학생',
)
/** Words for what they work on, from the usual item of an exercise to what it trains. Beside other people, a question or a skill may be anything. */
const tasks = ['problem', 'exercise', 'question', 'quiz', 'task', 'aufgabe', 'frage', 'step', 'skill', 'kc', 'concept']
/** Words beside these in the name of the thing itself; others are for something about it, as in “Step Start Time”. */
const besides = foldedWords('name id code key title label text number no nr num default')
/** With fewer different numbers, a skill is a level. */
const fewestNumbers = 10

/** How likely a column has what students work on, by its name: the lower, the likelier; −1 if it does not. */
function rankOf({ name, statistics }: RecognisedColumn): number {
  const [first = '', ...rest] = wordsOf(name)
  const isNamed = first === 'kc' ? !rest.includes('category') : rest.every((word) => besides.has(word))
  const { kind, distinct = 0 } = statistics ?? {}
  const tells = distinct > 1 && (kind === 'text' || saysId(name) || (kind === 'integer' && distinct >= fewestNumbers))
  return isNamed && tells ? tasks.indexOf(first) : -1
}

const ofTasks = (columns: readonly RecognisedColumn[]): RecognisedColumn[] =>
  columns.filter((column) => rankOf(column) >= 0).sort((a, b) => rankOf(a) - rankOf(b))

/** Beside a column of students, takes what they work on for the items, a guess if there are several such columns. */
export function takeLearningItems(findings: Findings): void {
  const user = findings.found.get('user')
  if (!user || findings.chosen.item !== undefined || !wordsOf(user.name).some((word) => students.has(word))) return
  const item = findings.found.get('item')
  const [first, next] = ofTasks(findings.free())
  if (item) {
    const isSure = findings.choices.some(({ column, certainty }) => column === item.name && certainty === 'certain')
    if (isSure || !first || rankOf(item) < 0) return
    findings.doubt(item, severally([item, first]), `--item ${quoted(first.name)}`)
  } else if (first) {
    const evidence = `Beside “${user.name}”, its name is for what students work on.${next ? ` ${severally([first, next])}` : ''}`
    findings.take('item', { column: first, certainty: next ? 'guess' : 'likely', evidence }, next ?? null)
  }
}

const severally = (columns: readonly [RecognisedColumn, RecognisedColumn]): string =>
  `${columns.map(({ name }) => quoted(name)).join(' and ')} may both be the items.`
