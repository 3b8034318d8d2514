import { formatCount } from '../../shared/format'
import { saysSession, saysTransaction } from './column-names'
import { elementsOf, listFormOf } from './item-lists'
import { quoted } from './column-content'
import type { Findings } from './column-findings'
import { orderOf } from './users-of-orders'
import type { IdColumns } from './id-columns'

/** Warns if the recognised users or items distinguish little that others could, or depend on each other. */
export async function doubtIds(findings: Findings, ids: IdColumns): Promise<void> {
  const [user, item] = [findings.found.get('user'), findings.found.get('item')]
  const rest = findings.free().filter((free) => ids.mayIdentify(free) && ids.tellsApart(free))
  if (!user || !item || rest.length === 0) return
  for (const [role, column, other] of [
    ['user', user, item],
    ['item', item, user],
  ] as const) {
    // That all rows are of one user is said already.
    if (findings.chosen[role] !== undefined || (role === 'user' && ids.isSame(column))) continue
    // That it may rather be the type of an event matters more.
    if (findings.choices.find((choice) => choice.column === column.name)?.option.startsWith('--event') === true)
      continue
    const [better] = await ids.likeliest(rest, other, false)
    if (!better) continue
    const why = ids.hasFewValues(column)
      ? `there are only ${formatCount(column.statistics?.distinct ?? 0)} of them`
      : (await ids.hasOne(other, column))
        ? `each ${role === 'user' ? 'item' : 'user'} has only one`
        : (await ids.happensOnce(column))
          ? 'all rows of each have the same time'
          : null
    if (why) findings.doubt(column, `Yet ${why}.`, `--${role} ${quoted(better.name)}`)
  }
}

/** Warns if the user is another one for each order: then nobody is seen to come back. */
export async function doubtUserOfOrders(findings: Findings): Promise<void> {
  const user = findings.found.get('user')
  if (!user || findings.chosen.user !== undefined) return
  const order = await orderOf(findings.table, user)
  if (order)
    findings.doubt(
      user,
      `Each “${order.name}” has another one, so nobody has a second order: another column, maybe of another file, may tell people apart.`,
      '--user COLUMN',
    )
}

/** Warns that visits or orders are taken for users. */
export function doubtVisits(findings: Findings): void {
  const user = findings.found.get('user')
  if (!user || findings.chosen.user !== undefined || !findings.table.named) return
  const what = saysTransaction(user.name) ? 'An order is one purchase' : 'A session is one visit'
  if (!saysSession(user.name) && !saysTransaction(user.name)) return
  const why = `${what}, so a person who came again counts as several users.`
  findings.amend(user, ({ evidence }) => ({
    certainty: 'guess',
    evidence: `${evidence.replace(/[^.]$/, '$&.')} ${why}`,
  }))
}

/** Warns that cells with several ids each are taken for single items. */
export function doubtItem(findings: Findings): void {
  const column = findings.found.get('item')
  const form = column ? listFormOf(column.samples) : null
  if (!column || !form) return
  const example = column.samples.find((sample) => (elementsOf(sample, form)?.length ?? 0) > 1) ?? ''
  findings.doubt(
    column,
    `Its cells contain several ids each, such as “${example.slice(0, 40)}”, but every cell is taken for one item.`,
    '--item COLUMN, or a file with one item a row',
  )
}
