import { accessSync, constants } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { z } from 'zod'
import { toErrorShape } from '../../shared/errors'
import { formatBytes } from '../../shared/format'
import { gpuOfDevice, gpuTitle } from '../../shared/devices'
import { environment } from '../../shared/runs'
import { backendState, type BackendState, type DoctorCheck, type DoctorReport } from '../../shared/system'
import { askOnce } from '../jobs/answering-worker'
import { gpuFacts } from '../devices/facts'
import { gpuVerdict } from '../devices/verdict'
import type { EngineContext } from './context'

/** Time for starting TensorFlow, or for finding out that it cannot start, in milliseconds. */
const probePatience = 120_000
const enoughMemory = 2 * 1024 ** 3
const enoughDisk = 2 * 1024 ** 3

const probed = z.object({
  states: z.array(backendState),
  loaded: environment.extend({ backend: z.string().optional(), name: z.string() }),
})
type Probed = z.infer<typeof probed>

/** Checks everything that a training run needs. The backends are tried in a separate worker, so that a crash is reported, too. */
export async function examine(context: EngineContext): Promise<DoctorReport> {
  const found = await probe(context)
  const checks = [
    ...(found instanceof Error ? failedProbe(found) : backendChecks(found)),
    await gpuCheck(context, found),
    memoryCheck(),
    await diskCheck(context),
    electronCheck(),
    libraryCheck(context),
    nodeCheck(context.neededNode),
  ]
  return {
    ok: checks.every((check) => check.ok),
    checks,
    backends: found instanceof Error ? [] : found.states,
  }
}

async function probe({ workers }: EngineContext): Promise<Probed | Error> {
  try {
    const what = 'Trying the backends'
    return probed.parse(await askOnce(workers, { kind: 'probe' }, { kind: 'backends' }, probePatience, what))
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function failedProbe(error: Error): DoctorCheck[] {
  const { message, next } = toErrorShape(error)
  const check = { ok: false, value: 'none', reason: message, fix: next }
  return [
    { ...check, name: 'backend', title: 'Backend' },
    { ...check, name: 'tensorflow', title: 'TensorFlow' },
    { ...check, name: 'devices', title: 'Devices' },
  ]
}

function backendChecks({ states, loaded }: Probed): DoctorCheck[] {
  const best = states.find((state) => state.name === 'tensorflow')
  const native = loaded.name === 'tensorflow'
  const inUse = states.find((state) => state.name === loaded.name)
  return [
    {
      name: 'backend',
      title: 'Backend',
      value: inUse?.title ?? loaded.name,
      ...(inUse?.available === false
        ? { ok: false, reason: inUse.reason, fix: inUse.fix }
        : native
          ? { ok: true, reason: '', fix: '' }
          : { ok: false, ...whyNotNative(best) }),
    },
    {
      name: 'tensorflow',
      title: 'TensorFlow',
      ok: best?.available ?? false,
      value: best?.available ? best.version : 'not available',
      reason: best?.reason ?? '',
      fix: best?.fix ?? '',
    },
    {
      name: 'devices',
      title: 'Devices',
      ok: true,
      value: `${loaded.device}, ${loaded.threads} ${loaded.threads === 1 ? 'thread' : 'threads'}`,
      reason: '',
      fix: '',
    },
  ]
}

/** Why runs use a fallback backend, and how to change that. */
function whyNotNative(best: BackendState | undefined): Pick<DoctorCheck, 'reason' | 'fix'> {
  const slowly = 'Training works, but is slow: native TensorFlow is not used.'
  return best?.available
    ? { reason: `${slowly} VASP_BACKEND chooses another backend.`, fix: 'Remove VASP_BACKEND from the environment.' }
    : { reason: `${slowly} ${best?.reason ?? ''}`.trim(), fix: best?.fix ?? '' }
}

/** Whether runs use a GPU, according to the driver, the build, and TensorFlow when it was tried. */
async function gpuCheck({ gpus }: EngineContext, tried: Probed | Error): Promise<DoctorCheck> {
  const facts = gpuFacts(await gpus.look(true))
  const found = tried instanceof Error ? null : isGpu(tried.loaded.device)
  const { gpu, isProblem, reason, fix } = gpuVerdict({ ...facts, found })
  return {
    name: 'gpu',
    title: 'GPU',
    ok: !isProblem,
    value: gpu ? `${gpuTitle(gpu)}, driver ${gpu.driver}` : 'not in use',
    reason,
    fix,
  }
}

/** A GPU that the driver did not report counts, too. */
const isGpu = (device: string): boolean => gpuOfDevice(device) !== null || device === 'GPU'

function memoryCheck(): DoctorCheck {
  const limit = process.constrainedMemory()
  const total = limit > 0 ? Math.min(limit, totalmem()) : totalmem()
  const free = process.availableMemory()
  const ok = free >= enoughMemory
  return {
    name: 'memory',
    title: 'Memory',
    ok,
    value: `${formatBytes(free)} free of ${formatBytes(total)}`,
    reason: ok ? '' : `Less than ${formatBytes(enoughMemory)} is free, so larger models may not fit.`,
    fix: ok ? '' : 'Close other programs, or choose small models.',
  }
}

async function diskCheck({ store }: EngineContext): Promise<DoctorCheck> {
  const disk = await statfs(store.library)
  const free = disk.bavail * disk.bsize
  const ok = free >= enoughDisk
  return {
    name: 'disk',
    title: 'Disk',
    ok,
    value: `${formatBytes(free)} free of ${formatBytes(disk.blocks * disk.bsize)}`,
    reason: ok ? '' : `Less than ${formatBytes(enoughDisk)} is free on the disk of the library.`,
    fix: ok ? '' : 'Free some space, or choose another library folder with --library or VASP_LIBRARY.',
  }
}

function electronCheck(): DoctorCheck {
  // Electron's types promise it everywhere, but the command line and the browser host run without it.
  const version = process.versions.electron as string | undefined
  return {
    name: 'electron',
    title: 'Electron',
    ok: true,
    value: version ?? 'not running in Electron',
    reason: version ? '' : 'The command line and the browser host do not need it.',
    fix: '',
  }
}

function libraryCheck({ store }: EngineContext): DoctorCheck {
  const check = { name: 'library', title: 'Library', value: store.library } as const
  if (store.readOnly) {
    return {
      ...check,
      ok: false,
      reason: 'A newer version of VASP Studio wrote this library; it can be read but not changed.',
      fix: 'Update VASP Studio, or choose another library folder with --library or VASP_LIBRARY.',
    }
  }
  try {
    accessSync(store.library, constants.R_OK | constants.W_OK)
    return { ...check, ok: true, reason: '', fix: '' }
  } catch (error) {
    const { message, next } = toErrorShape(error)
    return { ...check, ok: false, reason: message, fix: next }
  }
}

/**
 * Whether package.json accepts this Node. Electron brings its own, which is right whatever its version.
 * @param needed the oldest accepted version, such as 20.19
 */
export function nodeCheck(needed: string, versions: Partial<NodeJS.ProcessVersions> = process.versions): DoctorCheck {
  const parts = (version: string): number[] => version.split('.').map(Number)
  const [major = 0, minor = 0, patch = 0] = parts(versions.node ?? '')
  const [leastMajor = 0, leastMinor = 0, leastPatch = 0] = parts(needed)
  const newEnough = major - leastMajor || minor - leastMinor || patch - leastPatch
  const ok = versions.electron !== undefined || newEnough >= 0
  return {
    name: 'node',
    title: 'Node',
    ok,
    value: versions.node ?? 'unknown',
    reason: ok ? '' : `VASP Studio needs Node ${needed} or newer.`,
    fix: ok ? '' : 'Start it with npm start, which downloads a newer Node.',
  }
}
