import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { Option, type Command } from 'commander'
import { parse } from 'csv-parse'
import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'
import { badInput } from '../../../shared/errors'
import { formatCount, formatCounted, formatScore } from '../../../shared/format'
import type { RunId } from '../../../shared/ids'
import type { Recommendations, RecommendedItem, Who } from '../../../shared/explore'
import { exportLists } from '../exported-lists'
import { idList, read, wholeNumber } from '../options'
import { checkOutput, copyTo, writeTo } from '../output-file'
import { existingRun } from '../resolve'
import { withSession, type Invocation, type Session } from '../session'
import { number, table, text } from '../table'
import { refuseUnknown } from '../unknown-items'

const options = z.object({
  run: z.number(),
  user: z.array(z.string()).optional(),
  history: z.array(z.string()).optional(),
  all: z.boolean().default(false),
  skipUnknown: z.boolean().default(false),
  k: z.number(),
  out: z.string().optional(),
  force: z.boolean().default(false),
})
type Asked = z.infer<typeof options>

export function addRecommend(program: Command, invocation: Invocation): void {
  program
    .command('recommend')
    .summary('list the best unseen items of a user or a typed history')
    .description(
      'Lists the best items that a user has not seen. The score of VASP is the product of its two factors, FLVAE and NEASE; of an ensemble, that of its members’.',
    )
    .requiredOption('--run <id>', 'run, see vasp runs', wholeNumber(1))
    .addOption(new Option('--user <id...>', 'one or more users of the data set').conflicts(['history', 'all']))
    .addOption(
      new Option('--history <ids>', 'item ids of a made-up user, separated by commas')
        .argParser(idList)
        .conflicts('all'),
    )
    .option('--all', 'every user of the data set')
    .option('--skip-unknown', 'leave ids out of --history that the run does not know')
    .option('--k <n>', 'items per user', wholeNumber(1, 1000), 20)
    .option('--out <file>', 'write a CSV file instead')
    .option('--force', 'replace the file if it exists')
    .helpGroup('Recommendations:')
    .addHelpText(
      'after',
      `
Examples:
  $ vasp recommend --run 3 --user 42
  $ vasp recommend --run 3 --history "1,50,260" --k 10
  $ vasp recommend --run 3 --all --k 20 --out lists.csv

With --json one user or history gives {run, user, history, items}; several users, or --all, give {run, users: [{user, items}]}.`,
    )
    .action((_options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const asked = read(options, command)
        if (!asked.all && !asked.user && !asked.history) {
          throw badInput('Whose recommendations to list is not said.', 'Add --user ID, --history "id,id,…" or --all.')
        }
        const target = asked.out === undefined ? null : await checkOutput(asked.out, asked.force)
        const run = await existingRun(session.client, asked.run)
        if (asked.history) await recommendHistory(session, run, asked, asked.history, target)
        else if (asked.all || target !== null) await recommendMany(session, run, asked, target)
        else await recommendUsers(session, run, asked, asked.user ?? [])
      }),
    )
}

interface UserList {
  readonly user: string | null
  readonly list: Recommendations
}

async function ask({ client }: Session, run: RunId, k: number, user: string | null, who: Who): Promise<UserList> {
  return { user, list: await client.explore.recommend({ run, who, k }) }
}

async function recommendUsers(session: Session, run: RunId, { k }: Asked, users: readonly string[]): Promise<void> {
  const lists: UserList[] = []
  for (const user of users) lists.push(await ask(session, run, k, user, { kind: 'user', user }))
  const documents = lists.map(({ user, list: { history, items } }) => ({ user, history, items }))
  session.terminal.result(documents.length === 1 ? { run, ...documents[0] } : { run, users: documents }, () =>
    lists.map(listText).join('\n\n'),
  )
}

async function recommendHistory(
  session: Session,
  run: RunId,
  { k, skipUnknown }: Asked,
  items: string[],
  target: string | null,
): Promise<void> {
  const answered = await ask(session, run, k, null, { kind: 'history', items })
  if (!skipUnknown) refuseUnknown(answered.list.unknown)
  const { history, unknown, items: best } = answered.list
  if (target === null) {
    session.terminal.result({ run, user: null, history, unknown, items: best }, () => listText(answered))
    return
  }
  const others = membersOf(best).filter((member) => !csvColumns.includes(member))
  const rows = best.map((item) => [
    '',
    item.rank,
    item.id,
    item.title,
    item.score,
    item.flvae,
    item.nease,
    ...others.map((member) => factorOf(item, member)),
  ])
  await writeTo(stringify(rows, { header: true, columns: [...csvColumns, ...others], escape_formulas: true }), target)
  session.terminal.result(
    { run, file: target, rows: rows.length },
    () => `Wrote ${formatCounted(rows.length, 'row')} to ${target}.`,
  )
}

/** Many lists go through the streamed export: to the file, or piece by piece to standard output (CSV, or JSON with --json). */
async function recommendMany(session: Session, run: RunId, asked: Asked, target: string | null): Promise<void> {
  const request = { run, users: asked.all ? ('all' as const) : (asked.user ?? []), k: asked.k }
  const written = await exportLists(session, request, (file) => {
    if (target !== null) return copyTo(file, target)
    return session.terminal.json ? streamJson(session, run, file) : streamText(session, file)
  })
  if (target === null) return
  const { users, rows, bytes } = written
  session.terminal.result(
    { run, file: target, users, rows, bytes },
    () => `Wrote ${formatCounted(rows, 'row')} for ${formatCounted(users, 'user')} to ${target}.`,
  )
}

async function streamText({ terminal }: Session, file: string): Promise<void> {
  for await (const piece of createReadStream(file, { encoding: 'utf8' })) await terminal.write(String(piece))
}

const csvColumns: readonly string[] = ['user', 'rank', 'item', 'title', 'score', 'flvae', 'nease']
const factor = z.string().transform((cell) => (cell === '' ? null : Number(cell)))
/** Takes off the apostrophe that guards a spreadsheet: JSON needs none. */
const unguarded = z.string().transform((cell) => (/^'[=+@\t\r-]/.test(cell) ? cell.slice(1) : cell))
/** Members other than VASP's have columns of their own after these. */
const csvRow = z.looseObject({
  user: unguarded,
  rank: z.coerce.number(),
  item: unguarded,
  title: unguarded,
  score: z.coerce.number(),
  flvae: factor,
  nease: factor,
})

/** `{"run":…,"users":[{"user":…,"items":[…]},…]}`, written while it is read, so that memory holds one user's list. */
async function streamJson({ terminal }: Session, run: RunId, file: string): Promise<void> {
  const rows = parse({ columns: true })
  const reading = pipeline(createReadStream(file), rows)
  let user: string | null = null
  await terminal.write(`{"run":${run},"users":[`)
  for await (const record of rows) {
    const { user: next, item, rank, title, score, flvae, nease, ...others } = csvRow.parse(record)
    const members = Object.entries(others).map(([member, cell]) => [member, factor.parse(cell)])
    const entry = JSON.stringify({ id: item, rank, title, score, flvae, nease, ...Object.fromEntries(members) })
    if (next === user) await terminal.write(`,${entry}`)
    else await terminal.write(`${user === null ? '' : ']},'}{"user":${JSON.stringify(next)},"items":[${entry}`)
    user = next
  }
  await terminal.write(`${user === null ? '' : ']}'}]}\n`)
  await reading
}

function listText({ user, list: { history, items, unknown } }: UserList): string {
  const whose = user === null ? 'a history' : `user ${user}, who has a history`
  const lines = [
    `Recommendations for ${whose} of ${formatCount(history.length)} ${history.length === 1 ? 'item' : 'items'}`,
  ]
  if (unknown.length > 0) lines.push(`left out, unknown to this run: ${unknown.join(', ')}`)
  return [...lines, '', itemsTable(items)].join('\n')
}

/** The members of the product that scored these items; all items have the same. */
const membersOf = (items: readonly RecommendedItem[]): string[] => items[0]?.factors.map(({ member }) => member) ?? []

const factorOf = (item: RecommendedItem, member: string): number | null =>
  item.factors.find((own) => own.member === member)?.value ?? null

function itemsTable(items: readonly RecommendedItem[]): string {
  const all = membersOf(items)
  // The only member's factor is the score itself.
  const members = all.length > 1 ? all : []
  const cell = (value: number | null): string => (value === null ? '' : formatScore(value))
  return table(
    [number('rank'), text('id'), text('title'), number('score'), ...members.map((member) => number(member))],
    items.map((item) => [
      String(item.rank),
      item.id,
      item.title,
      cell(item.score),
      ...members.map((member) => cell(factorOf(item, member))),
    ]),
  )
}
