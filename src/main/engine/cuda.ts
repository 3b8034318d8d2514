import pins from '../../../resources/native-runtime.json'
import { StudioError } from '../../shared/errors'
import type { JobId } from '../../shared/ids'
import { removeCuda } from '../devices/remove-cuda'
import { cudaIsOffered, selectRuntime } from '../devices/runtimes'
import type { EngineContext } from './context'

const running = ({ queue }: Pick<EngineContext, 'queue'>): boolean =>
  queue.unfinished().some(({ kind }) => kind === 'setup')

/** Queues the set-up. Throws BACKEND_UNAVAILABLE if there is no CUDA build for this kind of machine, CONFLICT while a set-up is running. */
export function setUpCuda(context: Pick<EngineContext, 'queue'>): JobId {
  if (!cudaIsOffered())
    throw new StudioError({
      code: 'BACKEND_UNAVAILABLE',
      message: `TensorFlow for ${pins.cuda.title} exists for ${pins.tensorflow.platform}; this machine is ${process.platform}-${process.arch}.`,
      next: 'To train on a GPU, use VASP Studio on a Linux x64 machine with an NVIDIA GPU.',
    })
  if (running(context)) throw isBeingSetUp()
  return context.queue.submit({
    label: `Setting up TensorFlow for ${pins.cuda.title}`,
    specification: { kind: 'setup', variant: 'cuda12' },
  }).id
}

/** Makes new workers load the CPU build. Throws CONFLICT while the GPU build is being set up. */
export async function leaveCuda(
  context: Pick<EngineContext, 'queue'>,
  remove: boolean,
): Promise<{ freedBytes: number }> {
  if (running(context)) throw isBeingSetUp()
  selectRuntime('cpu')
  return { freedBytes: remove ? await removeCuda() : 0 }
}

const isBeingSetUp = (): StudioError =>
  new StudioError({
    code: 'CONFLICT',
    message: `TensorFlow for ${pins.cuda.title} is being set up.`,
    next: 'Wait until it has finished, or cancel it.',
  })
