import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { seededRandom } from '../../../src/main/numeric/random'
import { counted, Tally, type Attack, type AttackResult, type AttackSetting } from '../attack'
import { datasetName } from '../base-library'
import { vaspLibraryCheck } from '../library-check'
import { findings, readDatabase, type Finding } from '../library-state'
import { endOfGroup, endText, failureOf, killGroup, Product, type Started } from '../product'
import { waitUntil } from '../waiting'
import { container, drawWorld, knownWorlds, type World } from './other-worlds'

/** Trains until it is killed. */
const endless = ['--set', 'hidden=128', '--set', 'latent=32', '--set', 'stages=1e-3x100000', '--set', 'patience=0']
/** The run that is trained: the base library has three. */
const trained = 4

const valueOf = (library: string, sql: string): unknown =>
  readDatabase(library, (database) => database.prepare(sql).pluck().get())

const runState = (library: string): unknown => valueOf(library, `SELECT state FROM run WHERE id = ${trained}`)

/** What other processes may do beside a running training without disturbing it: each is refused or reads. */
const asked: readonly { readonly args: readonly string[]; readonly refused: boolean }[] = [
  { args: ['delete', 'dataset', '1', '--yes'], refused: true },
  { args: ['runs'], refused: false },
  { args: ['delete', 'run', String(trained), '--yes'], refused: true },
  { args: ['datasets'], refused: false },
]

async function lookFrom(
  world: World,
  at: number,
  product: Product,
  library: string,
  training: Started,
): Promise<Finding[]> {
  const { args, refused } = asked[at % asked.length] ?? { args: ['runs'], refused: false }
  const ended = await product.run([...args, '--json'], { library, ...world.options(product.root) })
  const error = failureOf(ended)
  const told = `${world.name}, ${args.join(' ')}: `
  const found: Finding[] = []
  if (refused && error?.code !== 'CONFLICT')
    found.push({ what: 'work in use that is not left alone', detail: endText(ended) })
  if (!refused && ended.code !== 0) found.push({ what: 'a command that fails', detail: endText(ended) })
  if (training.child.exitCode !== null || training.child.signalCode !== null)
    found.push({ what: 'the training ended', detail: training.said().stderr.slice(-200) })
  const states = [
    runState(library),
    valueOf(library, `SELECT state FROM job WHERE run = ${trained} AND kind = 'train'`),
  ]
  if (states.some((state) => state !== 'running'))
    found.push({ what: 'a running training that is said to be dead', detail: states.join(', ') })
  return found.map(({ what, detail }) => ({ what, detail: told + detail }))
}

const unshares = (): boolean => spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0

export const attack: Attack = {
  name: 'clocks',
  what: 'to make a running training look dead to a second process whose clocks are wrong, or which lives in another process-id namespace',
  page: 'RELIABILITY.md',
  async run(setting: AttackSetting): Promise<AttackResult[]> {
    const product = new Product(setting.root)
    const library = join(setting.folder, 'library')
    cpSync((await setting.base()).library, library, { recursive: true })
    const training = product.start(['train', '--data', datasetName, '--model', 'vasp', ...endless], { library })
    const lies = new Tally('clocks')
    const containers = new Tally('process-id namespaces')
    const isContained = unshares()
    try {
      const isTraining = (): boolean =>
        Number(valueOf(library, `SELECT count(*) FROM epoch WHERE run = ${trained}`)) > 0 &&
        runState(library) === 'running'
      if (!(await waitUntil(isTraining, 60_000)))
        throw new Error(`The training did not begin: ${training.said().stderr}`)
      const random = seededRandom(setting.seed).fork('worlds')
      const drawn = Array.from({ length: counted(setting.scale, 41, 0) }, () => drawWorld(random))
      const worlds = [...knownWorlds.slice(0, counted(setting.scale, Infinity, 3)), ...drawn]
      for (const [at, world] of worlds.entries())
        if (setting.only === null || setting.only === 1 + at)
          lies.add(1 + at, await lookFrom(world, at, product, library, training))
      for (let at = 0; isContained && at < counted(setting.scale, 12, 1); at++)
        if (setting.only === null || setting.only === 101 + at)
          containers.add(101 + at, await lookFrom(container, at, product, library, training))
    } finally {
      killGroup(training.pid)
      await endOfGroup(training.pid, 15_000)
    }
    // Once it is dead in truth, a process whose clocks are wrong sees that as well.
    const after = new Tally('after its kill')
    const world = knownWorlds[1] ?? container
    const next = await product.run(['runs', '--json'], { library, ...world.options(setting.root) })
    after.add(0, [
      ...(next.code === 0 ? [] : [{ what: 'the next start fails', detail: endText(next) }]),
      ...(runState(library) === 'queued'
        ? []
        : [{ what: 'a dead run that does not wait', detail: String(runState(library)) }]),
      ...findings(library),
      ...(await vaspLibraryCheck(product, library)),
    ])
    return [
      lies.result(),
      containers.result(isContained ? '' : 'this machine lets nobody make a namespace: none tried'),
      after.result(),
    ]
  },
}
