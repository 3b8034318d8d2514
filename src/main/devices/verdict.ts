import pins from '../../../resources/native-runtime.json'
import { gpuNamed, type DeviceChoice, type GpuObstacle, type GpuVerdict } from '../../shared/devices'
import { formatBytes } from '../../shared/format'
import { pickGpu, visibleGpus } from './choice'
import { atLeast } from './driver-version'
import type { DriverReport } from './nvidia-smi'

/** Everything that determines whether runs compute on a GPU. */
export interface GpuFacts {
  /** Whether CUDA builds of TensorFlow exist for this kind of machine. */
  readonly offered: boolean
  /** The value of VASP_BACKEND, if it forces another backend than native TensorFlow. */
  readonly otherBackend: string | null
  readonly device: DeviceChoice
  readonly driver: DriverReport
  /** Whether an NVIDIA GPU is visible on the bus; null if that is unknown. */
  readonly hardware: boolean | null
  /** CUDA_VISIBLE_DEVICES. */
  readonly listed: string | undefined
  readonly installed: boolean
  readonly selected: boolean
  readonly missing: readonly string[]
  /** What TensorFlow itself found when it was tried; null if it was not tried. */
  readonly found: boolean | null
}

const debian = 'On Debian or Ubuntu: apt-get install nvidia-driver, then restart the machine.'
const setUp = 'Run `vasp setup --cuda`, or set it up on the System page'
const cudaBytes = pins.cuda.wheels.reduce((sum, { bytes }) => sum + bytes, 0)

/** Whether runs will compute on a GPU and on which; otherwise the first obstacle, and what to do about it. */
export function gpuVerdict(facts: GpuFacts): GpuVerdict {
  const { driver, device } = facts
  const not = (obstacle: GpuObstacle, isProblem: boolean, reason: string, fix: string): GpuVerdict => ({
    gpu: null,
    obstacle,
    isProblem,
    reason,
    fix,
  })
  if (!facts.offered)
    return not(
      'platform',
      false,
      `GPUs are supported only on ${pins.tensorflow.platform}.`,
      'To train on a GPU, use VASP Studio on a Linux x64 machine with an NVIDIA GPU.',
    )
  if (facts.otherBackend !== null)
    return not(
      'other-backend',
      false,
      `VASP_BACKEND selects ${facts.otherBackend}, which does not use GPUs.`,
      'Remove it to compute with native TensorFlow.',
    )
  if (device === 'cpu')
    return not(
      'chosen-cpu',
      false,
      'The processor is selected.',
      'Choose “auto” (--device auto) to use a GPU if there is one.',
    )

  const obstacle = driverObstacle(facts, not)
  if (obstacle || driver.state !== 'answers') return obstacle ?? not('no-gpu', false, 'No NVIDIA GPU was found.', '')

  const visible = visibleGpus(driver.gpus, facts.listed)
  const gpu = pickGpu(visible, device)
  if (!gpu)
    return not(
      'hidden',
      true,
      `CUDA_VISIBLE_DEVICES is “${facts.listed ?? ''}”, which hides all GPUs of this machine.`,
      'Remove it, or set it to the number of a GPU.',
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
      `${gpu.name} is not used: TensorFlow for ${pins.cuda.title} is installed, but the CPU build is in use.`,
      `${setUp}; nothing is downloaded again.`,
    )
  const [missing] = facts.missing
  if (missing !== undefined)
    return not(
      'library-missing',
      true,
      `TensorFlow for ${pins.cuda.title} lacks ${missing}${facts.missing.length > 1 ? ` and ${facts.missing.length - 1} more files` : ''}.`,
      'Set it up again (`vasp setup --cuda`, or the System page): only the missing files are downloaded.',
    )
  if (facts.found === false)
    return not(
      'refused',
      true,
      `${gpu.name} was found, but TensorFlow could not use it.`,
      'Close programs that use the GPU and check again. If that does not help, restart the machine or update the driver.',
    )
  const gone = device !== 'auto' && !gpuNamed(visible, device)
  return {
    gpu,
    obstacle: null,
    isProblem: gone,
    reason: gone ? `The selected GPU “${device}” was not found; ${gpu.name} is used instead.` : '',
    fix: gone ? 'Choose another device, or “auto”.' : '',
  }
}

type Not = (obstacle: GpuObstacle, isProblem: boolean, reason: string, fix: string) => GpuVerdict

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
        `Restart the machine. If that does not help, install the driver again. ${debian}`,
      )
    case 'silent':
      return not(
        'driver-silent',
        true,
        `The NVIDIA driver did not answer within ${driver.seconds} seconds.`,
        'Restart the machine; if it happens again, look for “NVRM” in its kernel log (dmesg).',
      )
    case 'unreadable':
      return not(
        'driver-unreadable',
        true,
        `The output of nvidia-smi cannot be read: ${driver.words}`,
        'Check that the nvidia-smi on the PATH belongs to the driver, and update the driver.',
      )
    case 'answers':
      return driver.gpus.length === 0 ? not('no-gpu', false, 'The NVIDIA driver finds no GPU.', '') : null
  }
}
