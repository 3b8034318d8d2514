import { formatCounted } from '../../shared/format'
import { roleOfName, saysKey } from './column-names'
import { foldedWords, wordsOf } from './name-words'
import { list, mostTypes, quoted, type RecognisedColumn, typesOf } from './column-content'
import type { Findings } from './column-findings'
import { mostlySayDoing } from './event-words'
import type { IdColumns } from './id-columns'

/** Words for what people do, or for its type, in names of columns: “event_type” and “action” hold no concerts. */
const deedWords = foldedWords(
  `type typ tipo typu code action actiontype eventtype behavior behaviour behaviortype interaction interactiontype activity activitytype verb aktion handlung actie
   akcja islem accion azione acao действие действия дія 行为 行为类型 事件类型 操作 行為 行動 アクション 행동`,
)

/** Whether a value looks like the name of a concert or a match: “vs. Lions”, “Symphony No. 5”, “Winter Gala”. */
function isTitled(value: string): boolean {
  if (value.includes('_')) return false
  if (/\d|:|\bvs?\.|\s[–—-]\s/u.test(value)) return true
  const words = value.match(/\p{L}{4,}/gu) ?? []
  return words.length > 1 && words.every((word) => /^\p{Lu}/u.test(word))
}

/** Whether a column is called an event, and few of its words are for what people do: these may be what people went to. */
function mayHappen({ name, statistics, samples }: RecognisedColumn): boolean {
  const match = roleOfName(name)
  if (match?.role !== 'event' || !match.whole || match.rank > 0) return false
  if (saysKey(name) || wordsOf(name).some((word) => deedWords.has(word))) return false
  if (statistics?.kind !== 'text' || statistics.mostly !== undefined || statistics.distinct < 2) return false
  return !mostlySayDoing(statistics.distinct > mostTypes ? samples : typesOf({ name, statistics, samples }))
}

/** If no name says item, takes a column that is called an event and has the names of concerts, matches and the like. */
export async function takeHappenings(findings: Findings, ids: IdColumns): Promise<void> {
  if (!findings.open('item') || findings.found.has('event')) return
  const column = findings.free().find(mayHappen)
  if (!column || (await ids.hasCode(column))) return
  const types = typesOf(column)
  const isSure = (column.statistics?.distinct ?? 0) > mostTypes
  if (!isSure && 2 * types.filter(isTitled).length <= types.length) return
  take(findings, column, isSure ? 'likely' : 'guess')
}

/** If nothing else is the item, takes the types of events that are no words for what people do. */
export function takeHappeningsAtLast(findings: Findings): void {
  const column = findings.found.get('event')
  if (!column || !findings.open('item') || findings.chosen.event !== undefined || !mayHappen(column)) return
  findings.release('event')
  findings.counted = null
  take(findings, column, 'guess')
}

function take(findings: Findings, column: RecognisedColumn, certainty: 'likely' | 'guess'): void {
  const evidence = `It is called an event, and its ${formatCounted(column.statistics?.distinct ?? 0, 'value')}, such as ${list(column.samples.slice(0, 2))}, look like what people went to rather than like what they did.`
  findings.take('item', { column, certainty, evidence }, null)
  findings.optionOf(column, `--event ${quoted(column.name)} --item COLUMN`)
}
