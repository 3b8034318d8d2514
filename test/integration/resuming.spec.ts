import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatasetId } from '../../src/shared/ids'
import { runDetail, trainResult, type RunDetail } from '../../src/shared/runs'
import { smallDisk } from '../reliability/attacks/full-disk'
import { weightsHash } from '../reliability/stored-weights'
import { ended, killedAtMoment, startCli, type Ended, type Moment } from './processes.fixture'
import { importSample, newLibrary, startStudio } from './studio.fixture'

let library: string
let dataset: DatasetId
beforeAll(async () => {
  library = newLibrary()
  const studio = await startStudio(library)
  dataset = await importSample(studio.engine)
  await studio.close()
})
afterAll(() => rmSync(library, { recursive: true, force: true }))

const query = <Row>(sql: string, of = library): Row[] => {
  const database = new Database(join(of, 'library.db'), { readonly: true })
  try {
    return database.prepare<[], Row>(sql).all()
  } finally {
    database.close()
  }
}

/** Settings with some epochs after the best one of a stage, and epochs that take longer than keeping a state. */
const settings: Readonly<Record<string, readonly string[]>> = {
  vasp: ['hidden=96', 'latent=32', 'stages=1e-3x30,1e-4x15', 'patience=8'],
  recvae: ['hidden=64', 'latent=16', 'stages=1e-3x12'],
  ease: ['lambdas=50,70,100,140,200,300,400,600,800,1600'],
}
const train = (kind: string): string[] => [
  ...['train', '--data', String(dataset), '--model', kind, '--seed', '3', '--most-popular', '5%'],
  ...(settings[kind] ?? []).flatMap((setting) => ['--set', setting]),
]

const vasp = async (...args: string[]): Promise<Ended> => ended(startCli(library, args))

async function newestRun(): Promise<RunDetail> {
  const studio = await startStudio(library)
  try {
    const [newest] = await studio.engine.client.runs.list({ dataset: null })
    if (!newest) throw new Error('There is no run.')
    return await studio.engine.client.runs.get({ run: newest.id })
  } finally {
    await studio.close()
  }
}

const weightsOf = (run: number, of = library): string => weightsHash(of, run)

/** What a run has found, without times and memory. */
const found = ({ bestEpoch, validation, test, epochs }: RunDetail) => ({
  bestEpoch,
  validation,
  test,
  epochs: epochs.map(({ seconds: _s, rowsPerSecond: _r, at: _a, ...point }) => point),
})

interface Whole {
  readonly run: RunDetail
  readonly weights: string
  /** Of the training, in milliseconds. */
  readonly time: number
}

const wholes = new Map<string, Whole>()
/** The run of a kind without an interruption. */
async function whole(kind: string): Promise<Whole> {
  const known = wholes.get(kind)
  if (known) return known
  const started = performance.now()
  const { code, stderr } = await vasp(...train(kind))
  const time = performance.now() - started
  expect(code, stderr).toBe(0)
  const run = await newestRun()
  expect(run.stateBytes).toBe(0)
  const made = { run, weights: weightsOf(run.id), time }
  wholes.set(kind, made)
  return made
}

/** Goes on with the newest run until it ends, and compares it with the one that was not interrupted. Returns the epochs after which it went on. */
async function expectTheSameAfterResuming(kind: string): Promise<{ epochs: number; stderr: string }> {
  const { run: expected, weights } = await whole(kind)
  const interrupted = await newestRun()
  expect(interrupted.status.state).toMatch(/failed|paused|cancelled/)
  const { code, stdout, stderr } = await vasp('resume', String(interrupted.id), '--json')
  expect(code, stderr).toBe(0)
  const result = trainResult.parse(JSON.parse(stdout))
  expect(result.run).toBe(interrupted.id)
  const resumed = runDetail.parse(await newestRun())
  expect(found(resumed)).toEqual(found(expected))
  expect(weightsOf(resumed.id)).toBe(weights)
  expect(resumed.stateBytes).toBe(0)
  expect(query(`SELECT 1 FROM run_state WHERE run = ${resumed.id}`)).toEqual([])
  return { epochs: resumed.continued.at(-1)?.epochs ?? 0, stderr }
}

describe('a training that is killed', () => {
  it.each(Object.keys(settings))(
    'at any moment goes on, and ends with the same weights: %s',
    async (kind) => {
      const { time } = await whole(kind)
      const after: number[] = []
      for (const share of kind === 'vasp' ? [0.5, 0.9] : [0.75]) {
        const host = startCli(library, train(kind))
        const end = ended(host)
        await wait(share * time)
        host.kill('SIGKILL')
        await end
        // A worker that has lost its host ends in a moment.
        await wait(1500)
        if ((await newestRun()).status.state === 'finished') continue
        after.push((await expectTheSameAfterResuming(kind)).epochs)
      }
      expect(after.length).toBeGreaterThan(0)
    },
    240_000,
  )

  const moments: Record<string, Moment> = {
    'before a state has its name': {
      call: 'rename',
      argument: 'state-[0-9a-f]+\\.safetensors\\.\\d+\\.tmp$',
      when: 'before',
    },
    'before a row names its state': {
      call: 'rename',
      argument: 'state-[0-9a-f]+\\.safetensors\\.\\d+\\.tmp$',
      when: 'after',
    },
    'before an older state is removed': { call: 'rmSync', argument: 'state-[0-9a-f]+\\.safetensors$', when: 'before' },
  }
  it.each(Object.entries(moments))(
    '%s goes on as well',
    async (_, moment) => {
      await whole('vasp')
      await killedAtMoment(library, train('vasp'), moment)
      await wait(1500)
      await expectTheSameAfterResuming('vasp')
    },
    120_000,
  )
})

describe('a state that is damaged', () => {
  it('is passed over for the one before, and is named', async () => {
    await whole('vasp')
    await killedAtMoment(library, train('vasp'), {
      call: 'rmSync',
      argument: 'state-[0-9a-f]+\\.safetensors$',
      when: 'before',
    })
    await wait(1500)
    const { id } = await newestRun()
    const [newest, before] = query<{ path: string }>(`SELECT path FROM run_state WHERE run = ${id} ORDER BY id DESC`)
    if (!newest || !before) throw new Error('The run has not kept two states.')
    const file = join(library, newest.path)
    const bytes = readFileSync(file)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
    writeFileSync(file, bytes)
    const { stdout } = await vasp('library', 'check')
    expect(stdout).toContain(`run ${id}`)
    const { stderr } = await expectTheSameAfterResuming('vasp')
    expect(stderr).toContain('warning: A kept state of the run could not be used, so it went on after epoch')
  }, 120_000)
})

describe('a disk that becomes full', () => {
  it('makes the training wait, and it ends with the same weights when there is room', async () => {
    const { weights } = await whole('vasp')
    const disk = smallDisk(mkdtempSync(join(tmpdir(), 'vasp-resuming-')), library, 200)
    try {
      const host = startCli(disk.library, train('vasp'))
      const end = ended(host)
      await new Promise<void>((resolve) =>
        host.stderr?.on('data', (text: Buffer) => text.toString().includes('Epoch 2 of') && resolve()),
      )
      disk.useUpReserve()
      disk.fill()
      await new Promise<void>((resolve) =>
        host.stderr?.on(
          'data',
          (text: Buffer) => text.toString().includes('The disk is full: free some space') && resolve(),
        ),
      )
      disk.clear()
      const { code, stderr } = await end
      expect(code, stderr).toBe(0)
      const { id } = query<{ id: number }>('SELECT max(id) AS id FROM run', disk.library)[0] ?? { id: 0 }
      expect(weightsOf(id, disk.library)).toBe(weights)
    } finally {
      disk.remove()
    }
  }, 120_000)
})

describe('a finished run that is trained further', () => {
  it.each(['vasp', 'recvae'])(
    'ends like one with all stages from the start, and stays as it is: %s',
    async (kind) => {
      const [first, more] = kind === 'vasp' ? ['1e-3x6', '1e-4x4'] : ['1e-3x4', '5e-4x3']
      const staged = (stages: string, ...others: string[]): string[] => [
        ...train(kind).filter(
          (argument, index, all) => ![argument, all[index + 1]].some((one) => one?.startsWith('stages=')),
        ),
        ...['--set', `stages=${stages}`, ...others],
      ]
      expect((await vasp(...staged(`${first},${more}`))).code).toBe(0)
      const whole = await newestRun()
      expect((await vasp(...staged(first, '--keep-state'))).code).toBe(0)
      const short = await newestRun()
      expect(short.stateBytes).toBeGreaterThan(0)
      const before = weightsOf(short.id)
      const { code, stdout, stderr } = await vasp('resume', String(short.id), '--stages', more, '--json')
      expect(code, stderr).toBe(0)
      const further = await newestRun()
      expect(trainResult.parse(JSON.parse(stdout)).run).toBe(further.id)
      expect(further.id).not.toBe(short.id)
      expect(further.continued).toMatchObject([{ epochs: short.epochs.length, from: short.id }])
      expect(found(further)).toEqual(found(whole))
      expect(weightsOf(further.id)).toBe(weightsOf(whole.id))
      expect(weightsOf(short.id)).toBe(before)
    },
    120_000,
  )

  it('is refused if its state was not kept', async () => {
    const { run } = await whole('vasp')
    const { code, stdout } = await vasp('resume', String(run.id), '--stages', '1e-4x2', '--json')
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({ error: { message: expect.stringContaining('was not kept') } })
  })
})

describe('what cannot go on is refused', () => {
  it('a finished run, with what to do instead', async () => {
    const { run } = await whole('ease')
    const { code, stderr } = await vasp('resume', String(run.id))
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/is finished, so there is nothing to go on with/)
    expect(stderr).toMatch(/Train it again with changes/)
  })

  it('a run that does not exist', async () => {
    const { code, stderr } = await vasp('resume', '99999')
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/There is no run 99999/)
  })
})
