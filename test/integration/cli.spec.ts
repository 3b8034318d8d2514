import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { importResult } from '../../src/shared/datasets'
import { explanation, explanations, linearSum, recommendedItem } from '../../src/shared/explore'
import { metricNames, testMetricNames } from '../../src/shared/metrics'
import { evaluateResult, run, trainResult, type TrainResult } from '../../src/shared/runs'
import { doctorReport } from '../../src/shared/system'
import { writeRatings } from './studio.fixture'
import { ended, outputMatching, newDesk, type Desk } from './vasp.fixture'

const tinyVasp = ['--set', 'hidden=32', '--set', 'latent=16', '--set', 'stages=1e-3x3']
/** Each member's figures are stored by its name beside the list of factors. */
const byName = { flvae: z.number(), nease: z.number() }
const list = z.object({
  run: z.number(),
  source: z.string(),
  history: z.array(z.unknown()),
  items: z.array(recommendedItem.extend(byName)),
})
const named = explanations.extend({
  explanations: z.array(
    explanation.extend({
      logFlvae: z.number(),
      logNease: z.number(),
      shareFlvae: z.number(),
      shareNease: z.number(),
      liftFlvae: z.number(),
      liftNease: z.number(),
      // Those of the only linear member.
      linearLogit: z.number(),
      ...linearSum.pick({ intercept: true, contributions: true }).shape,
    }),
  ),
})
const lists = z.object({ run: z.number(), users: z.array(list.omit({ run: true }).extend({ user: z.string() })) })
const runs = z.object({ runs: z.array(run) })

let desk: Desk
let trained: TrainResult
let id: string
beforeAll(async () => {
  desk = newDesk()
  writeRatings(join(desk.folder, 'ratings.csv'), 200, 30)
  // Titles as CSV guards and quotes them.
  const starts = ["'-", '-', '=', '+1 ', '@', '"', 'a, ']
  const titles = Array.from(
    { length: 1000 },
    (_, item) => `${item},"${starts[item % starts.length]!.replace('"', '""')}${item}"`,
  )
  writeFileSync(join(desk.folder, 'items.csv'), ['movieId,title', ...titles, ''].join('\n'))
  const imported = await desk.json(importResult, 'import', 'ratings.csv', '--items', 'items.csv', '--name', 'planted')
  expect(imported).toMatchObject({
    users: 200,
    interactions: 6000,
    rejected: 0,
  })
  trained = await desk.json(
    trainResult,
    'train',
    '--data',
    'planted',
    '--model',
    'vasp',
    ...tinyVasp,
    '--test',
    '20',
    '--validation',
    '20',
    '--seed',
    '1',
  )
  id = String(trained.run)
})
afterAll(() => desk.remove())

const csv = (name: string): string[] =>
  readFileSync(join(desk.folder, name), 'utf8')
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split('\n')

describe('the command line on a trained run', () => {
  it('prints the result of a training with the metrics’ own names', () => {
    expect(trained.status).toBe('finished')
    expect(Object.keys(trained.validation)).toEqual(metricNames)
    // The planted items have no genres, so there is no diversity.
    expect(Object.keys(trained.test)).toEqual(testMetricNames.filter((name) => name !== 'diversity@20'))
    for (const part of [trained.validation, trained.test])
      for (const { users } of Object.values(part)) expect(users).toBe(20)
    expect(trained.segments.map(({ by }) => by)).toContain('user-activity')
    expect(trained.segments.map(({ by }) => by)).toContain('item-popularity')
    expect(trained.rowsPerSecond).toBeGreaterThan(0)
    expect(trained.peakBytes).toBeGreaterThan(0)
  })

  it('measures the test users again to the same figures, and chosen users from a file', async () => {
    const again = await desk.json(evaluateResult, 'evaluate', '--run', id)
    expect(again.metrics).toEqual(trained.test)
    expect(again.segments).toEqual(trained.segments)
    writeFileSync(join(desk.folder, 'chosen.txt'), '1\r\n2\n\n3\n2\n')
    expect(await desk.json(evaluateResult, 'evaluate', '--run', id, '--users', 'chosen.txt')).toMatchObject({
      users: 3,
    })
    writeFileSync(join(desk.folder, 'none.txt'), '\n')
    for (const file of ['none.txt', 'missing.txt'])
      expect(await desk.failure('evaluate', '--run', id, '--users', file)).toMatchObject({ exit: 2, code: 'BAD_INPUT' })
  })

  it('recommends to a user, a history, several users and all of them, alike', async () => {
    const one = await desk.json(list, 'recommend', '--run', id, '--user', '7', '--k', '5')
    expect(one.items.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5])
    for (const { score, flvae, nease } of one.items) expect(flvae * nease).toBeCloseTo(score, 6)
    const seen = csv('ratings.csv')
      .filter((row) => row.startsWith('7,'))
      .map((row) => row.split(',')[1] ?? '')
    for (const item of one.items) expect(seen).not.toContain(item.id)
    const typed = await desk.json(list, 'recommend', '--run', id, '--history', seen.join(','), '--k', '5')
    expect(typed.items.map((item) => item.id)).toEqual(one.items.map((item) => item.id))
    const two = await desk.json(lists, 'recommend', '--run', id, '--user', '7', '8', '--k', '5')
    expect(two.users.map(({ user }) => user)).toEqual(['7', '8'])
    expect(two.users[0]?.items.map((item) => item.id)).toEqual(one.items.map((item) => item.id))
    const all = await desk.json(lists, 'recommend', '--run', id, '--all', '--k', '5')
    expect(all.run).toBe(Number(id))
    expect(all.users).toHaveLength(200)
    for (const { user, history, items } of two.users) {
      const same = all.users.find((other) => other.user === user)
      expect(same?.history).toEqual(history)
      // Scored in another batch, numbers may differ in their last bits.
      const close = (value: number | null): unknown => (value === null ? null : expect.closeTo(value, 6))
      expect(same?.items).toEqual(
        items.map((item) => ({
          ...item,
          score: close(item.score),
          flvae: close(item.flvae),
          nease: close(item.nease),
          factors: item.factors.map((factor) => ({ ...factor, value: close(factor.value) })),
        })),
      )
    }
    const guarded = all.users.flatMap(({ items }) => items).filter(({ title }) => title.startsWith("'-"))
    expect(guarded.length).toBeGreaterThan(0)
    for (const { id: item, title } of guarded) expect(title).toBe(`'-${item}`)
  })

  it('leaves unknown ids out of a history only on request', async () => {
    const shown = await desk.vasp('recommend', '--run', id, '--history', '100,nothing', '--skip-unknown', '--k', '3')
    expect(shown.code).toBe(0)
    expect(shown.stdout).toContain('nothing')
    expect(shown.stdout).toMatch(/rank +id +title +score +flvae +nease/)
  })

  it('explains an item by factors that multiply and contributions that add up', async () => {
    const answer = await desk.json(named, 'explain', '--run', id, '--user', '7')
    expect(answer.explanations).toHaveLength(10)
    for (const why of answer.explanations) {
      expect(why.logFlvae + why.logNease).toBeCloseTo(why.logScore ?? NaN, 5)
      expect(why.shareFlvae + why.shareNease).toBeCloseTo(1, 5)
      expect(why.factors.map(({ title, linear, lift }) => [title, linear, lift])).toEqual([
        ['FLVAE', false, why.liftFlvae],
        ['NEASE', true, why.liftNease],
      ])
      const sum = why.contributions.reduce((total, { logit }) => total + logit, why.intercept)
      expect(sum).toBeCloseTo(why.linearLogit, 4)
      expect(why.contributions).toHaveLength(answer.history.length)
      const own = { logit: why.linearLogit, intercept: 0, contributions: why.contributions }
      expect(why.factors.map((factor) => factor.linearSum)).toEqual([null, own])
    }
    const item = answer.explanations[3]?.item.id ?? ''
    const single = await desk.json(named, 'explain', '--run', id, '--user', '7', '--item', item)
    expect(single.explanations.map((why) => why.item)).toEqual([answer.explanations[3]?.item])
    const { stdout } = await desk.vasp('explain', '--run', id, '--user', '7')
    expect(stdout).toMatch(/FLVAE .* × NEASE/)
    expect(stdout.match(/^linear sum .*$/gm)).toHaveLength(10)
    expect(stdout).toMatch(/^linear sum [+−][\d.]+, made up of$/m)
  })

  it('exports to a file, replaces none unasked, and keeps no copy in the library', async () => {
    const written = await desk.json(
      z.object({ users: z.number(), rows: z.number(), file: z.string() }),
      'export',
      '--run',
      id,
      '--all',
      '--k',
      '4',
      '--out',
      'lists.csv',
    )
    expect(written).toEqual({ users: 200, rows: 800, file: join(desk.folder, 'lists.csv') })
    const rows = csv('lists.csv')
    expect(rows[0]).toBe('user,rank,item,title,score,flvae,nease,source')
    expect(rows).toHaveLength(801)
    expect(readdirSync(join(desk.library, 'exports'))).toEqual([])
    expect(await desk.failure('export', '--run', id, '--all', '--out', 'lists.csv')).toMatchObject({
      exit: 2,
      code: 'CONFLICT',
    })
    expect(csv('lists.csv')).toHaveLength(801)
    await desk.json(
      z.object({ rows: z.literal(2) }),
      'export',
      '--run',
      id,
      '--user',
      '7',
      '--k',
      '2',
      '--out',
      'lists.csv',
      '--force',
    )
    expect(csv('lists.csv')).toHaveLength(3)
    expect(await desk.failure('export', '--run', id, '--all', '--out', 'nowhere/lists.csv')).toMatchObject({
      exit: 2,
      code: 'NOT_FOUND',
    })
    expect(await desk.failure('export', '--run', id, '--all', '--out', '.')).toMatchObject({
      exit: 2,
      code: 'BAD_INPUT',
    })
    expect(await desk.failure('export', '--run', id, '--user', '7', 'nobody', '--out', 'fresh.csv')).toMatchObject({
      exit: 2,
    })
    expect(existsSync(join(desk.folder, 'fresh.csv'))).toBe(false)
  })

  it('examines the machine, also where the library cannot be opened', async () => {
    const report = await desk.json(doctorReport, 'doctor')
    expect(report.backends.filter(({ inUse }) => inUse)).toHaveLength(1)
    writeFileSync(join(desk.folder, 'file'), '')
    const { code, stdout } = await desk.vasp('doctor', '--json', '--library', 'file')
    expect(code).toBe(1)
    const broken = doctorReport.parse(JSON.parse(stdout))
    expect(broken.checks.find(({ name }) => name === 'library')).toMatchObject({
      ok: false,
      fix: expect.stringMatching(/folder/) as string,
    })
    expect(broken.backends).toEqual(report.backends)
  })

  it('ends without a complaint when its reader has gone', async () => {
    const child = desk.start('recommend', '--run', id, '--all', '--k', '100')
    child.stdout?.once('data', () => child.stdout?.destroy())
    expect(await ended(child)).toMatchObject({ code: 0, stderr: expect.not.stringContaining('EPIPE') as string })
  })
})

describe('stopping', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s cancels the running job and exits with %i', async (signal, code) => {
    const child = desk.start(
      'train',
      '--data',
      'planted',
      '--model',
      'vasp',
      '--json',
      '--set',
      'stages=1e-3x100000',
      '--test',
      '20',
      '--validation',
      '20',
    )
    const end = ended(child)
    await outputMatching(child, 'stderr', /Epoch|epoch/)
    child.kill(signal)
    const { code: exit, stdout } = await end
    expect(exit).toBe(code)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'CANCELLED' } })
    const [latest] = (await desk.json(runs, 'runs')).runs
    expect(latest?.status.state).toBe('cancelled')
  })

  it('deletes a run with its weights', async () => {
    const weights = (): string[] =>
      readdirSync(join(desk.library, 'weights')).filter((name) => name.startsWith(`run-${id}-`))
    // A better epoch replaced the one before it: there is one file.
    expect(weights()).toHaveLength(1)
    await desk.json(z.object({ freedBytes: z.number().positive() }), 'delete', 'run', id)
    expect(weights()).toEqual([])
    await desk.json(z.object({ deleted: z.literal('dataset') }), 'delete', 'dataset', 'planted')
    expect(await desk.json(runs, 'runs')).toEqual({ runs: [] })
  })
})
