import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { appRoot, importSample, newLibrary, startStudio, tinyVasp } from './studio.fixture'
import { ended, startCli, type Ended } from './processes.fixture'

const lying = join(appRoot, 'test/fixtures/processes/lying.cjs')
const second = 1000
const hour = 3600 * second
const day = 24 * hour

/** What a process sees that starts beside a running one. */
const worlds = {
  'the same clocks': {},
  'clocks 2 seconds ahead': { shift: 2 * second },
  'clocks an hour ahead': { shift: hour },
  'clocks a day ahead': { shift: day },
  'clocks an hour behind': { shift: -hour },
  'clocks a day behind': { shift: -day },
  'no process ids and no /proc': { blind: true },
  'no process ids and clocks a day ahead': { blind: true, shift: day },
}

const lies = (world: object): NodeJS.ProcessEnv => ({
  NODE_OPTIONS: `--require=${lying}`,
  VASP_TEST_LIES: JSON.stringify(world),
})

const unshares = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0

it('leaves a running training alone whatever clocks and process ids say, and lets it wait once its process is killed', async () => {
  const library = newLibrary()
  const preparing = await startStudio(library)
  const dataset = await importSample(preparing.engine)
  await preparing.close()

  const settings = Object.entries({ ...tinyVasp, stages: '1e-3x100000', patience: 0 })
  const host = startCli(library, [
    ...['train', '--data', String(dataset), '--model', 'vasp', '--most-popular', '20%'],
    ...settings.flatMap(([key, value]) => ['--set', `${key}=${value}`]),
  ])
  const hostEnded = ended(host)
  const database = new Database(join(library, 'library.db'), { readonly: true })
  try {
    const one = (sql: string): unknown => database.prepare(sql).pluck().get()
    for (let tries = 0; one('SELECT count(*) FROM checkpoint') === 0 && tries < 600; tries++) await pause(100)
    expect(one('SELECT count(*) FROM checkpoint')).toBe(1)
    const temporary = join(
      library,
      'scratch',
      `${String(one("SELECT owner FROM job WHERE state = 'running'"))}-at-work`,
    )
    mkdirSync(temporary, { recursive: true })
    writeFileSync(join(temporary, 'rows'), 'x')

    const lookOn = async (look: () => Promise<Ended>): Promise<void> => {
      const deleted = await look()
      expect(deleted.stdout).toContain('CONFLICT')
      expect(deleted.stderr).not.toContain('stopped, because VASP Studio ended')
      expect(one("SELECT state FROM job WHERE kind = 'train'")).toBe('running')
      expect(one('SELECT state FROM run')).toBe('running')
      expect(one("SELECT count(*) FROM dataset WHERE state = 'ready'")).toBe(1)
      expect(existsSync(join(temporary, 'rows'))).toBe(true)
      expect(host.exitCode).toBeNull()
    }
    const remove = ['delete', 'dataset', String(dataset), '--json']
    for (const world of Object.values(worlds)) await lookOn(() => ended(startCli(library, remove, lies(world))))
    if (unshares)
      await lookOn(() => ended(startCli(library, remove, {}, ['unshare', '--pid', '--fork', '--mount-proc'])))

    // Nor is the database exchanged under it.
    for (const command of ['restore', 'repair']) {
      const args = ['library', command, '--yes', '--json']
      for (const look of [
        () => startCli(library, args),
        () => startCli(library, args, lies({ blind: true })),
        ...(unshares ? [() => startCli(library, args, {}, ['unshare', '--pid', '--fork', '--mount-proc'])] : []),
      ]) {
        await lookOn(() => ended(look()))
        expect(existsSync(join(library, 'set-aside'))).toBe(false)
      }
    }

    host.kill('SIGKILL')
    await hostEnded
    // Its worker leaves when it notices.
    const owners = database.prepare<[], string>("SELECT owner FROM job WHERE state = 'running'").pluck().all()
    expect(owners).toHaveLength(1)
    let said = ''
    for (let tries = 0; one('SELECT state FROM run') === 'running' && tries < 100; tries++) {
      const next = await ended(startCli(library, ['runs', '--json'], lies({ shift: -day })))
      expect(next.code).toBe(0)
      said += next.stderr
    }
    expect(said).toContain(
      'stopped, because VASP Studio ended while it was running. It waits in the queue and can go on.',
    )
    expect(one("SELECT state FROM job WHERE kind = 'train'")).toBe('queued')
    expect(one('SELECT state FROM run')).toBe('queued')
    expect(existsSync(temporary)).toBe(false)
    for (let tries = 0; readdirSync(join(library, 'processes')).length > 0 && tries < 100; tries++) {
      await ended(startCli(library, ['runs', '--json']))
      await pause(100)
    }
    expect(readdirSync(join(library, 'processes'))).toEqual([])
  } finally {
    database.close()
    host.kill('SIGKILL')
    rmSync(library, { recursive: true, force: true })
  }
})
