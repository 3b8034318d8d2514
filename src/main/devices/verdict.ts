import pins from '../../../resources/native-runtime.json'
import { gpuNamed, type DeviceChoice, type GpuObstacle, type GpuVerdict } from '../../shared/devices'
import { formatBytes } from '../../shared/format'
import { pickGpu, visibleGpus } from './choice'
import { atLeast } from './driver-version'
import type { DriverReport } from './nvidia-smi'

/** All that decides whether runs compute on a GPU. */
export interface GpuFacts {
  /** Whether CUDA builds of TensorFlow exist for this kind of machine. */
  readonly offered: boolean
  /** The value of VASP_BACKEND, where it forces another backend than native TensorFlow. */
  readonly otherBackend: string | null
  readonly device: DeviceChoice
  readonly driver: DriverReport
  /** Whether an NVIDIA GPU is seen on the bus; null where that cannot be told. */
  readonly hardware: boolean | null
  /** CUDA_VISIBLE_DEVICES. */
  readonly listed: string | undefined
  readonly installed: boolean
  readonly selected: boolean
  readonly missing: readonly string[]
  /** What TensorFlow itself found when it was tried; null where it was not. */
  readonly found: boolean | null
}

const debian = 'On Debian or Ubuntu: apt-get install nvidia-driver, then restart the machine.'
const setUp = 'Run `vasp setup --cuda`, or set it up on the System page'
const cudaBytes = pins.cuda.wheels.reduce((sum, { bytes }) => sum + bytes, 0)

/** Whether runs will compute on a GPU and on which; otherwise the first thing that stands in the way, and what to do about it. */
export function gpuVerdict(facts: GpuFacts): GpuVerdict {
  const { driver, device } = facts
  const not = (obstacle: GpuObstacle, amiss: boolean, reason: string, fix: string): GpuVerdict => ({
    gpu: null,
    obstacle,
    amiss,
    reason,
    fix,
  })
  if (!facts.offered)
    return not(
      'platform',
      false,
      `GPUs are used on ${pins.tensorflow.platform}; this machine is another.`,
      'For training on a GPU, use VASP Studio on a Linux x64 machine with an NVIDIA GPU.',
    )
  if (facts.otherBackend !== null)
    return not(
      'other-backend',
      false,
      `VASP_BACKEND asks for ${facts.otherBackend}, which does not use GPUs.`,
      'Remove it to compute with native TensorFlow.',
    )
  if (device === 'cpu')
    return not(
      'chosen-cpu',
      false,
      'The processor was chosen.',
      'Choose “auto” (--device auto) to use a GPU where there is one.',
    )

  const obstacle = driverObstacle(facts, not)
  if (obstacle || driver.state !== 'answers') return obstacle ?? not('no-gpu', false, 'No NVIDIA GPU was found.', '')

  const visible = visibleGpus(driver.gpus, facts.listed)
  const gpu = pickGpu(visible, device)
  if (!gpu)
    return not(
      'hidden',
      true,
      `CUDA_VISIBLE_DEVICES is “${facts.listed ?? ''}”, which hides every GPU of this machine.`,
      'Remove it, or list the number of a GPU in it.',
    )
  if (!atLeast(gpu.driver, pins.cuda.minimumDriver))
    return not(
      'driver-too-old',
      true,
      `The NVIDIA driver ${gpu.driver} is too old: ${pins.cuda.title} needs ${pins.cuda.minimumDriver} or newer.`,
      'Update the driver, restart the machine and check again.',
    )
  if (!facts.installed)
    return not(
      'not-installed',
      true,
      `${gpu.name} is not used: TensorFlow for ${pins.cuda.title} is not installed.`,
      `${setUp} (${formatBytes(cudaBytes)} to download in all).`,
    )
  if (!facts.selected)
    return not(
      'not-selected',
      true,
      `${gpu.name} is not used: TensorFlow for ${pins.cuda.title} is installed, but the build for processors is in use.`,
      `${setUp}; nothing needs to be downloaded again.`,
    )
  const [missing] = facts.missing
  if (missing !== undefined)
    return not(
      'library-missing',
      true,
      `TensorFlow for ${pins.cuda.title} lacks ${missing}${facts.missing.length > 1 ? ` and ${facts.missing.length - 1} more files` : ''}.`,
      'Set it up again (`vasp setup --cuda`, or the System page): only what is missing is fetched.',
    )
  if (facts.found === false)
    return not(
      'refused',
      true,
      `${gpu.name} is there, but TensorFlow did not take it.`,
      'Close programs that use the GPU and check again; if it stays so, restart the machine, or update the driver.',
    )
  const gone = device !== 'auto' && !gpuNamed(visible, device)
  return {
    gpu,
    obstacle: null,
    amiss: gone,
    reason: gone ? `The chosen GPU “${device}” is not there; ${gpu.name} is used.` : '',
    fix: gone ? 'Choose another device, or “auto”.' : '',
  }
}

type Not = (obstacle: GpuObstacle, amiss: boolean, reason: string, fix: string) => GpuVerdict

/** Why the driver cannot be used, or null. */
function driverObstacle({ driver, hardware }: GpuFacts, not: Not): GpuVerdict | null {
  switch (driver.state) {
    case 'absent':
      return hardware === true
        ? not(
            'no-driver',
            true,
            'There is an NVIDIA GPU, but its driver is not installed (nvidia-smi was not found).',
            debian,
          )
        : not('no-gpu', false, 'No NVIDIA GPU was found.', '')
    case 'unreachable':
      return not(
        'no-driver',
        hardware !== false,
        `The NVIDIA driver does not run: ${driver.words}`,
        `Restart the machine; if it stays so, install the driver again. ${debian}`,
      )
    case 'silent':
      return not(
        'driver-silent',
        true,
        `The NVIDIA driver gave no answer within ${driver.seconds} seconds.`,
        'Restart the machine; if it happens again, look for “NVRM” in its kernel log (dmesg).',
      )
    case 'unreadable':
      return not(
        'driver-unreadable',
        true,
        `What nvidia-smi answered cannot be understood: ${driver.words}`,
        'Check that nvidia-smi on the PATH is the one of the driver, and update the driver.',
      )
    case 'answers':
      return driver.gpus.length === 0 ? not('no-gpu', false, 'The NVIDIA driver finds no GPU.', '') : null
  }
}
