import { createReadStream } from 'node:fs'
import { Option, type Command } from 'commander'
import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'
import { badInput } from '../../../shared/errors'
import { formatCounted, formatScore } from '../../../shared/format'
import type { RunId } from '../../../shared/ids'
import { exceptionsText, type ListFormat } from '../../../shared/exports'
import {
  sourceSentence,
  unknownUsers,
  type Recommendations,
  type RecommendedItem,
  type Who,
} from '../../../shared/explore'
import { noBomHelp, unknownUsersOption, warnOfLength } from '../export-options'
import { exportLists } from '../exported-lists'
import { memberColumns } from '../../models/registry'
import { productExample } from '../model-names'
import { namedItem } from '../../models/named-factors'
import { idList, read, wholeNumber } from '../options'
import { checkOutput, copyTo, writeTo, type OutputFile } from '../output-file'
import { existingRun } from '../resolve'
import { withSession, type Invocation, type Session } from '../session'
import { number, table, text } from '../table'
import { refuseUnknown } from '../unknown-items'
import { exceptions, warnOfUnknown } from '../users-file'

const options = z.object({
  run: z.number(),
  user: z.array(z.string()).optional(),
  history: z.array(z.string()).optional(),
  all: z.boolean().default(false),
  skipUnknown: z.boolean().default(false),
  unknownUsers,
  bom: z.boolean(),
  k: z.number(),
  out: z.string().optional(),
  force: z.boolean().default(false),
})
type Asked = z.infer<typeof options>

export function addRecommend(program: Command, invocation: Invocation): void {
  program
    .command('recommend')
    .summary('list the best unseen items for a user or a history')
    .description(
      `Lists the best items that a user has not seen. The score of a product of models is the product of its members’ factors (${productExample}).`,
    )
    .requiredOption('--run <id>', 'run, see vasp runs', wholeNumber(1))
    .addOption(new Option('--user <id...>', 'one or more users of the data set').conflicts(['history', 'all']))
    .addOption(
      new Option('--history <ids>', 'item ids of a new user, separated by commas').argParser(idList).conflicts('all'),
    )
    .option('--all', 'every user of the data set')
    .option('--skip-unknown', 'leave out unknown ids: items of --history, users of --user')
    .addOption(unknownUsersOption())
    .option('--k <n>', 'items per user', wholeNumber(1, 1000), 20)
    .option('--out <file>', 'write a CSV file instead')
    .option('--force', 'replace the file if it exists')
    .option('--no-bom', noBomHelp)
    .helpGroup('Recommendations:')
    .addHelpText(
      'after',
      `
Examples:
  $ vasp recommend --run 3 --user 42
  $ vasp recommend --run 3 --history "1,50,260" --k 10
  $ vasp recommend --run 3 --all --k 20 --out lists.csv

With --json one user or history gives {run, user, source, history, items}; several users, or --all, give {run, users: [{user, source, history, items}]}.\nThe source of a list is model, or popularity if the model knows no item of the user.`,
    )
    .action((_options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const asked = read(options, command)
        if (!asked.all && !asked.user && !asked.history) {
          throw badInput('No user is given.', 'Add --user ID, --history "id,id,…" or --all.')
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

async function recommendUsers(session: Session, run: RunId, asked: Asked, named: readonly string[]): Promise<void> {
  const { k, skipUnknown } = asked
  const { terminal } = session
  const users = skipUnknown ? await knownOnly(session, run, named) : named
  const answered: UserList[] = []
  for (const user of users) answered.push(await ask(session, run, k, user, { kind: 'user', user }))
  const lists = asked.unknownUsers === 'leave-out' ? answered.filter(({ list }) => list.source === 'model') : answered
  const popular = lists.filter(({ list }) => list.source === 'popularity').length
  const exceptional = exceptionsText({ popular, leftOut: answered.length - lists.length })
  if (exceptional !== null) terminal.warning(exceptional)
  const documents = lists.map(({ user, list: { source, history, items } }) => ({
    user,
    source,
    history,
    items: items.map(namedItem),
  }))
  terminal.result(
    documents.length === 1 && named.length === 1 ? { run, ...documents[0] } : { run, users: documents },
    () => (lists.length === 0 ? 'No lists.' : lists.map(listText).join('\n\n')),
  )
}

/** Those of the users whom the run's data set has; the others are named. */
async function knownOnly(session: Session, run: RunId, named: readonly string[]): Promise<string[]> {
  const { client } = session
  await warnOfUnknown(session, run, named)
  const { dataset: id } = await client.runs.get({ run })
  const known: string[] = []
  for (const user of named) if ((await client.datasets.checkUsers({ id, users: [user] })).known > 0) known.push(user)
  return known
}

async function recommendHistory(
  session: Session,
  run: RunId,
  { k, skipUnknown, bom }: Asked,
  items: string[],
  target: OutputFile | null,
): Promise<void> {
  const answered = await ask(session, run, k, null, { kind: 'history', items })
  if (!skipUnknown) refuseUnknown(answered.list.unknown)
  const { source, history, unknown, items: best } = answered.list
  if (target === null) {
    session.terminal.result({ run, user: null, source, history, unknown, items: best.map(namedItem) }, () =>
      listText(answered),
    )
    return
  }
  const members = memberColumns(membersOf(best))
  const rows = best.map((item) => [
    '',
    item.rank,
    item.id,
    item.title,
    item.score,
    ...members.map((member) => factorOf(item, member)),
    source,
  ])
  const columns = [...csvColumns, ...members, 'source']
  await writeTo(session, stringify(rows, { header: true, columns, escape_formulas: true, bom }), target)
  session.terminal.result(
    { run, file: target.path, source, rows: rows.length },
    () => `Wrote ${formatCounted(rows.length, 'row')} to ${target.path}.`,
  )
}

/** Many lists go through the streamed export: to the file, or piece by piece to standard output (CSV, or JSON with --json). */
async function recommendMany(session: Session, run: RunId, asked: Asked, target: OutputFile | null): Promise<void> {
  const { k, skipUnknown, unknownUsers } = asked
  const named = asked.all ? null : (asked.user ?? [])
  if (named && skipUnknown) await warnOfUnknown(session, run, named)
  // What is printed is read by programs and terminals, which take the mark for a part of the first word.
  const bom = target !== null && asked.bom
  const format: ListFormat = target === null && session.terminal.json ? 'json' : 'csv'
  const request = { run, users: named ?? ('all' as const), k, skipUnknown, unknownUsers, format, bom }
  if (target !== null) await warnOfLength(session, request)
  const written = await exportLists(session, request, (file) => {
    if (target !== null) return copyTo(session, file, target)
    return streamText(session, file)
  })
  const { users, popular, leftOut, rows, bytes } = written
  if (target === null) {
    const exceptional = exceptionsText(written)
    if (exceptional !== null) session.terminal.warning(exceptional)
    return
  }
  session.terminal.result(
    { run, file: target.path, users, popular, leftOut, rows, bytes },
    () =>
      `Wrote ${formatCounted(rows, 'row')} for ${formatCounted(users, 'user')} to ${target.path}.${exceptions(written)}`,
  )
}

async function streamText({ terminal }: Session, file: string): Promise<void> {
  for await (const piece of createReadStream(file, { encoding: 'utf8' })) await terminal.write(String(piece))
}

const csvColumns: readonly string[] = ['user', 'rank', 'item', 'title', 'score']
/** A user may have more items than the run knows, and liked others less than its threshold. */
function whose(user: string | null, items: number): string {
  if (user === null) return `a history of ${formatCounted(items, 'item')}`
  return items === 0
    ? `user ${user}, who likes no item that the run knows`
    : `user ${user}, who likes ${formatCounted(items, 'item')} that the run knows`
}

function listText({ user, list }: UserList): string {
  const { history, items, unknown } = list
  const lines = [`Recommendations for ${whose(user, history.length)}`]
  if (unknown.length > 0) lines.push(`left out, unknown to this run: ${unknown.join(', ')}`)
  const source = sourceSentence(list)
  if (source !== null) lines.push(source)
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
