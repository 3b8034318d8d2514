import type { Command } from 'commander'
import { z } from 'zod'
import {
  cudaSetupResult,
  gpuTitle,
  readDevice,
  type Accelerator,
  type CudaSetupResult,
  type GpuObstacle,
} from '../../../shared/devices'
import { badInput } from '../../../shared/errors'
import { formatBytes } from '../../../shared/format'
import { follow } from '../follow'
import { read } from '../options'
import { globalOptions, withSession, type Invocation, type Session } from '../session'

const options = z.object({
  cuda: z.boolean().default(false),
  cpu: z.boolean().default(false),
  remove: z.boolean().default(false),
})
type Asked = z.infer<typeof options>

/** The problems that a set-up itself solves. */
const builds: ReadonlySet<GpuObstacle> = new Set(['not-installed', 'not-selected', 'library-missing'])

interface SetUp {
  readonly setup: CudaSetupResult | null
  readonly freedBytes: number | null
  readonly accelerator: Accelerator
}

export function addSetup(program: Command, invocation: Invocation): void {
  program
    .command('setup')
    .summary('set up TensorFlow for GPUs, switch back to the CPU build, or choose a device')
    .description(
      'Sets up TensorFlow for NVIDIA GPUs (CUDA 12) in addition to the CPU build, checks it and switches to it. Ctrl-C stops it; the next call continues. --device is stored on this machine for all later runs.',
    )
    .option('--cuda', 'set up and use the build for NVIDIA GPUs')
    .option('--cpu', 'use the CPU build again')
    .option('--remove', 'with --cpu: remove the files of the GPU build')
    .helpGroup('System:')
    .addHelpText(
      'after',
      `
Examples:
  $ vasp setup --cuda
  $ vasp setup --device 1
  $ vasp setup --cpu --remove`,
    )
    .action((_options: unknown, command: Command) => {
      const asked = read(options, command)
      if (asked.cuda && asked.cpu)
        throw badInput('--cuda and --cpu cannot be combined.', 'Use one of them, see vasp setup --help.')
      if (asked.remove && !asked.cpu)
        throw badInput('--remove needs --cpu.', 'Use vasp setup --cpu --remove to remove the GPU build.')
      const { device } = globalOptions.parse(command.optsWithGlobals())
      // Here it is a choice to store, not one for this command alone.
      if (device !== undefined) delete process.env.VASP_DEVICE
      return withSession(invocation, command, async (session) => {
        if (device !== undefined) await session.client.system.chooseDevice({ device: readDevice(device, '--device') })
        const done = await perform(session, asked)
        session.terminal.result(done, () => setUpText(done))
      })
    })
}

async function perform(session: Session, { cuda, cpu, remove }: Asked): Promise<SetUp> {
  const { client, terminal } = session
  let setup: CudaSetupResult | null = null
  if (cuda) {
    const { cuda: build, verdict } = await client.system.accelerator()
    if (verdict.obstacle !== null && !builds.has(verdict.obstacle))
      terminal.note(`Otherwise TensorFlow will run on the processor: ${verdict.reason} ${verdict.fix}`.trim())
    if (build.downloadBytes > 0)
      terminal.note(
        `${build.version}: ${formatBytes(build.downloadBytes)} to download, ${formatBytes(build.installedBytes)} on disk`,
      )
    const { job } = await client.system.setUpCuda()
    setup = await follow(session, job, 'The set-up', cudaSetupResult)
  }
  const freedBytes = cpu ? (await client.system.leaveCuda({ remove })).freedBytes : null
  return { setup, freedBytes, accelerator: await client.system.accelerator() }
}

function setUpText({ setup, freedBytes, accelerator }: SetUp): string {
  const { verdict, cuda, device } = accelerator
  return [
    ...(setup ? [`${cuda.version} is set up (${formatBytes(setup.installedBytes)}) and in use.`] : []),
    ...(freedBytes === null ? [] : ['The CPU build is in use.']),
    ...(freedBytes === null || freedBytes === 0 ? [] : [`${formatBytes(freedBytes)} were freed.`]),
    ...(setup || freedBytes !== null ? [] : [`GPU build: ${buildText(cuda)}`]),
    `Device: ${device}${verdict.gpu ? `, which is ${gpuTitle(verdict.gpu)}` : ''}`,
    ...(setup && !setup.gpu && verdict.gpu ? [' TensorFlow could not use it when it was tried; see vasp doctor.'] : []),
    ...[verdict.reason, verdict.fix].filter((line) => line !== '').map((line) => `  ${line}`),
  ].join('\n')
}

function buildText({ offered, installed, selected, version, downloadBytes, keptBytes }: Accelerator['cuda']): string {
  if (!offered) return 'not available for this kind of machine'
  if (installed) return `${version}, ${selected ? 'in use' : 'installed, not in use'}`
  const kept = keptBytes > 0 ? ` (${formatBytes(keptBytes)} are already downloaded)` : ''
  return `not installed; vasp setup --cuda downloads ${formatBytes(downloadBytes)}${kept}`
}
