import pins from '../../../resources/native-runtime.json'
import { freeMemory, gpuTitle, type Accelerator, type Gpu } from '../../shared/devices'
import { chosenDevice } from '../devices/choice'
import { gpuFacts } from '../devices/facts'
import { bytesIn, partialFolder, runtimeFolder, wheelsIn } from '../devices/runtimes'
import { gpuVerdict } from '../devices/verdict'
import { usableMemory } from '../models/usable-memory'
import type { EngineContext } from './context'

type Looking = Pick<EngineContext, 'gpus'>

/** The current state of the GPUs; empty without a responding driver. */
export async function gpusNow({ gpus }: Looking): Promise<Gpu[]> {
  const driver = await gpus.look()
  return driver.state === 'answers' ? [...driver.gpus] : []
}

export async function describeAccelerator({ gpus }: Looking): Promise<Accelerator> {
  // Called when a page opens or is refreshed, so that a new or removed driver is noticed.
  const driver = await gpus.look(true)
  const facts = gpuFacts(driver)
  const { device, from } = chosenDevice()
  const { wheels, title } = pins.cuda
  const there = { ...wheelsIn(partialFolder()), ...wheelsIn(runtimeFolder('cuda12')) }
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
  return {
    gpus: driver.state === 'answers' ? [...driver.gpus] : [],
    verdict: gpuVerdict(facts),
    device,
    deviceFrom: from,
    cuda: {
      offered: facts.offered,
      version: `TensorFlow ${pins.tensorflow.version} for ${title}`,
      installed: facts.installed,
      selected: facts.selected,
      downloadBytes: sum(wheels.filter(({ sha256 }) => !(sha256 in there)).map(({ bytes }) => bytes)),
      installedBytes: sum(wheels.map(({ unpacked }) => unpacked)),
      keptBytes: bytesIn(partialFolder()),
    },
  }
}

/** Bytes that a new run could use, and the GPU that they belong to; `null` for the machine's memory. */
export async function usableNow({ gpus }: Looking): Promise<{ usable: number; gpu: string | null }> {
  const { gpu } = gpuVerdict(gpuFacts(await gpus.look()))
  const free = gpu ? freeMemory(gpu) : null
  return gpu && free !== null
    ? { usable: usableMemory(process.env, free), gpu: gpuTitle(gpu) }
    : { usable: usableMemory(), gpu: null }
}
