import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { dataset, importResult } from '../../src/shared/datasets'
import { explanations } from '../../src/shared/explore'
import { runId } from '../../src/shared/ids'
import { preparationPreview } from '../../src/shared/preparations'
import { trainResult } from '../../src/shared/runs'
import { openStore } from '../../src/main/store/open'
import { writeRatings } from './studio.fixture'
import { newDesk, type Desk } from './vasp.fixture'

let desk: Desk
beforeAll(() => {
  desk = newDesk()
})
afterAll(() => desk.remove())

const write = (name: string, rows: readonly string[]): void =>
  writeFileSync(join(desk.folder, name), `${rows.join('\n')}\n`)
const text = (name: string): string => readFileSync(join(desk.folder, name), 'utf8')
const withWarnings = z.looseObject({ warnings: z.array(z.string()) })

describe('what counts as liked', () => {
  /** 100 users who bought 10 items each, mostly once. */
  const quantities = ['user,item,quantity']
  for (let user = 0; user < 100; user++)
    for (let n = 0; n < 10; n++) quantities.push(`u${user},i${(user * 3 + n * 7) % 60},${n < 4 ? 1 + (user % 9) : 1}`)

  beforeAll(async () => {
    write('bought.csv', quantities)
    await desk.json(importResult, 'import', 'bought.csv', '--name', 'bought', '--count', 'quantity')
  })

  it('is every purchase by default if the value is a quantity', async () => {
    const { datasets } = await desk.json(z.object({ datasets: z.array(dataset) }), 'datasets')
    expect(datasets[0]?.liked).toEqual({
      threshold: null,
      evidence: 'The value is a count (1 to 9): every interaction counts as liked.',
    })
    const { code, stderr, stdout } = await desk.vasp('train', '--data', 'bought', '--model', 'popularity', '--json')
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('The value is a count (1 to 9)')
    const { run, warnings } = trainResult.parse(JSON.parse(stdout))
    expect(warnings.join()).toContain('Only 10 test users are held out')
    expect(run).toBe(1)
  })

  it('is from a threshold that is asked for, and filters that leave under half of the users are pointed out, quiet or not', async () => {
    const strict = [
      '--data',
      'bought',
      '--threshold',
      '2',
      '--min-interactions',
      '2',
      '--test',
      '5',
      '--validation',
      '5',
    ]
    const { stderr, stdout, code } = await desk.vasp('prepare', ...strict, '-q', '--json')
    expect(code, stderr).toBe(0)
    const { steps } = preparationPreview.parse(JSON.parse(stdout))
    expect(steps.map(({ users }) => users)).toEqual([100, 88, 88])
    const hard = ['--data', 'bought', '--threshold', '7', '--min-interactions', '2', '--test', '5', '--validation', '5']
    const cut = await desk.vasp('prepare', ...hard, '-q', '--json')
    const warned = withWarnings.parse(JSON.parse(cut.stdout)).warnings
    expect(warned[0]).toMatch(/^The filters leave 33 of 100 users and 132 of 1,000 interactions\. .*threshold/)
    expect(cut.stderr).toContain(`warning: ${warned[0] ?? ''}`)
  })

  it('an option overrides a saved preparation even if it has the default value', async () => {
    await desk.vasp('prepare', '--data', 'bought', '--min-interactions', '8', '--catalogue', 'all', '--save', 'eight')
    const used = z.looseObject({ preparation: z.looseObject({ minInteractions: z.number(), catalogue: z.string() }) })
    const asked = ['prepare', '--data', 'bought', '--preparation', 'eight']
    expect((await desk.json(used, ...asked)).preparation).toMatchObject({ minInteractions: 8, catalogue: 'all' })
    expect((await desk.json(used, ...asked, '--min-interactions', '5')).preparation).toMatchObject({
      minInteractions: 5,
      catalogue: 'all',
    })
  })
})

describe('one measured user', () => {
  it('has no standard error, on the command line, in JSON and in files', async () => {
    writeRatings(join(desk.folder, 'planted.csv'), 60, 12)
    await desk.json(importResult, 'import', 'planted.csv', '--name', 'planted')
    const asked = ['--data', 'planted', '--test', '1', '--validation', '1']
    const { stderr, stdout, code } = await desk.vasp('train', ...asked, '--model', 'popularity', '-q')
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/test +\d\.\d{3} ± – /)
    expect(stderr).toContain('warning: Only one test user is held out: there is no standard error')
    expect(stderr).toContain('warning: Only one validation user is held out')
    const again = await desk.json(trainResult, 'train', ...asked, '--model', 'ease')
    expect(again.test['ndcg@100']).toMatchObject({ se: null, users: 1 })
    for (const { metrics } of again.segments)
      for (const metric of Object.values(metrics)) expect(metric).toMatchObject({ se: null, users: 1 })
    const shown = await desk.vasp('reproduce', '--table', '1', ...asked, '--out', 'table.csv')
    expect(shown.code, shown.stderr).toBe(0)
    expect(shown.stdout).toContain('Only one test user was measured')
    expect(shown.stdout).not.toMatch(/[*≈]/)
    const rows = parse<Record<string, string>>(text('table.csv'), { columns: true, bom: true })
    expect(rows.map((row) => [row['ndcg@100_se'], row['ndcg@100_mark'], row['ndcg@100_p']])).toEqual(
      rows.map(() => ['', '', '']),
    )
  })
})

describe('users of whom a run knows no item', () => {
  let id: string
  beforeAll(async () => {
    writeRatings(join(desk.folder, 'r.csv'), 200, 30)
    const rows = text('r.csv').trimEnd()
    // Too few interactions to be included, with items that no other user has.
    write('more.csv', [rows, 'stranger,only-here,5,1000000'])
    await desk.json(importResult, 'import', 'more.csv', '--name', 'more')
    const trained = await desk.json(trainResult, 'train', '--data', 'more', '--model', 'ease')
    id = String(trained.run)
  })

  const columns = (name: string): Record<string, string>[] => parse(text(name), { columns: true, bom: true })
  const counts = z.object({ users: z.number(), popular: z.number(), leftOut: z.number(), rows: z.number() })

  it('get the most popular items, marked so and counted, or none', async () => {
    const all = ['export', '--run', id, '--all', '--k', '3']
    expect(await desk.json(counts, ...all, '--out', 'all.csv')).toEqual({
      users: 201,
      popular: 1,
      leftOut: 0,
      rows: 603,
    })
    expect(text('all.csv').startsWith('\uFEFFuser,')).toBe(true)
    const theirs = columns('all.csv').filter(({ user }) => user === 'stranger')
    expect(theirs.map(({ source }) => source)).toEqual(['popularity', 'popularity', 'popularity'])
    const others = columns('all.csv').filter(({ user }) => user !== 'stranger')
    expect(new Set(others.map(({ source }) => source))).toEqual(new Set(['model']))
    const left = await desk.json(counts, ...all, '--unknown-users', 'leave-out', '--no-bom', '--out', 'left.csv')
    expect(left).toEqual({ users: 200, popular: 0, leftOut: 1, rows: 600 })
    expect(text('left.csv').startsWith('user,')).toBe(true)
    expect(text('left.csv')).not.toContain('stranger')
  })

  it('get a plain message that none of their items is known, in recommend and explain', async () => {
    const shown = await desk.vasp('recommend', '--run', id, '--user', 'stranger', '--k', '3')
    expect(shown.stdout).toContain('Recommendations for user stranger, who likes no item that the run knows\n')
    expect((await desk.vasp('recommend', '--run', id, '--user', '1', '--k', '3')).stdout).toMatch(
      /^Recommendations for user 1, who likes [1-9]\d* items? that the run knows\n/,
    )
    expect(shown.stdout).toContain(
      'The run does not know any item that this user likes, so the list comes from popularity',
    )
    const answer = await desk.json(explanations, 'explain', '--run', id, '--user', 'stranger')
    expect(answer).toMatchObject({ source: 'popularity', history: [] })
    const list = z.looseObject({ source: z.string(), items: z.array(z.looseObject({ id: z.string() })) })
    const listed = await desk.json(list, 'recommend', '--run', id, '--user', 'stranger', '--k', '3')
    expect(listed.source).toBe('popularity')
    expect(listed.items.map((item) => item.id)).toEqual(
      columns('all.csv').flatMap((row) => (row['user'] === 'stranger' ? [row['item']] : [])),
    )
    expect(answer.explanations.slice(0, 3).map(({ item }) => [item.id, item.rank])).toEqual(
      listed.items.map((item, at) => [item.id, at + 1]),
    )
    expect((await desk.vasp('explain', '--run', id, '--user', 'stranger')).stdout).toContain('comes from popularity')
    const streamed = z.object({ users: z.array(z.looseObject({ user: z.string(), source: z.string() })) })
    const { users } = await desk.json(streamed, 'recommend', '--run', id, '--all', '--k', '2')
    expect(users.filter(({ source }) => source === 'popularity').map(({ user }) => user)).toEqual(['stranger'])
  })

  it('and unknown names of a list are refused by count, or left out and named', async () => {
    write('list.txt', ['\uFEFF1', '2', 'nobody', '2', 'no one'])
    const asked = ['export', '--run', id, '--users', 'list.txt', '--k', '2', '--out', 'chosen.csv']
    expect(await desk.failure(...asked)).toMatchObject({
      exit: 2,
      code: 'BAD_INPUT',
      message: '“more” does not have 2 of these 4 users: “nobody”, “no one”.',
      next: expect.stringContaining('--skip-unknown') as string,
    })
    const done = await desk.vasp(...asked, '--skip-unknown', '-q')
    expect(done.code, done.stderr).toBe(0)
    expect(done.stderr).toContain('warning: 2 of these users are unknown to “more” and left out: nobody, no one.')
    expect([...new Set(columns('chosen.csv').map(({ user }) => user))]).toEqual(['1', '2'])
    const evaluated = z.looseObject({ users: z.number(), warnings: z.array(z.string()) })
    expect(await desk.json(evaluated, 'evaluate', '--run', id, '--users', 'list.txt', '--skip-unknown')).toMatchObject({
      users: 2,
      warnings: [
        expect.stringMatching(/^Only 2 chosen users were measured/),
        expect.stringMatching(/^2 of the 2 measured users are training users/),
      ],
    })
    expect(await desk.failure('evaluate', '--run', id, '--users', 'list.txt')).toMatchObject({ code: 'BAD_INPUT' })
  })

  it('records with the run what its filters left', () => {
    const store = openStore(desk.library)
    try {
      const { splitSummary } = store.runs.get(runId.parse(Number(id)))
      expect(splitSummary?.filters).toMatchObject([
        { filter: 'all', users: 201 },
        { filter: 'minimum', users: 200 },
      ])
    } finally {
      store.close()
    }
  })
})
