import { rememberDevice } from '../devices/choice'
import { describeAccelerator, gpusNow } from './accelerator'
import { examine } from './doctor'
import { leaveCuda, setUpCuda } from './cuda'
import { procedures } from './procedures'
import { requireTrackerFolders } from './tracking'

const os = procedures.system

export const system = os.router({
  about: os.about.handler(({ context }) => context.about),
  doctor: os.doctor.handler(({ context }) => examine(context)),
  accelerator: os.accelerator.handler(({ context }) => describeAccelerator(context)),
  gpus: os.gpus.handler(({ context }) => gpusNow(context)),
  chooseDevice: os.chooseDevice.handler(async ({ context, input }) => {
    rememberDevice(input.device, await gpusNow(context))
    return describeAccelerator(context)
  }),
  setUpCuda: os.setUpCuda.handler(({ context }) => ({ job: setUpCuda(context) })),
  leaveCuda: os.leaveCuda.handler(({ context, input }) => leaveCuda(context, input.remove)),
  readSettings: os.readSettings.handler(({ context }) => context.store.settings.read()),
  writeSettings: os.writeSettings.handler(async ({ context, input }) => {
    await requireTrackerFolders(input.trackers ?? {})
    return context.store.settings.write(input)
  }),
  openUpload: os.openUpload.handler(async ({ context, input }) => ({
    handle: await context.uploads.open(input.name, input.bytes, context.page),
  })),
  discardUpload: os.discardUpload.handler(async ({ context, input }) => ({
    discarded: await context.uploads.discard(input.handle),
  })),
})
