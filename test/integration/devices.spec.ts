import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { kernelFile } from '../../src/main/compute/native-kernels'
import { accelerator } from '../../src/shared/devices'
import { doctorReport, type BackendState, type DoctorCheck } from '../../src/shared/system'
import { answers, fakeDriver } from '../fixtures/fake-driver'
import pins from '../../resources/native-runtime.json'
import { defaultPreparation, defaultSplit } from '../../src/shared/runs'
import { importSample, startStudio } from './studio.fixture'
import { newDesk, type Desk } from './vasp.fixture'

const { VASP_CACHE: ownCache, XDG_CACHE_HOME: shared } = process.env
const realCache = ownCache ?? join(shared ?? join(homedir(), '.cache'), 'vasp-studio')
const runtime = `tensorflow/${pins.tensorflow.version}-${pins.tensorflow.variant}`
const realRuntime = join(realCache, runtime)
const withTensorflow = existsSync(join(realRuntime, 'tensorflow/tfjs_binding.node'))

let desk: Desk
let cache: string
beforeEach(() => {
  desk = newDesk()
  cache = join(desk.folder, 'cache')
  mkdirSync(join(cache, runtime), { recursive: true })
  if (withTensorflow) symlinkSync(join(realRuntime, 'tensorflow'), join(cache, runtime, 'tensorflow'))
  vi.stubEnv('VASP_CACHE', cache)
  vi.stubEnv('VASP_DEVICE', '')
})
afterEach(() => {
  vi.unstubAllEnvs()
  desk.remove()
})

const driver = (output: string, code?: number): void => {
  vi.stubEnv('PATH', fakeDriver(desk.folder, output, code))
}
async function gpuCheck(...args: string[]): Promise<DoctorCheck | undefined> {
  const report = await desk.json(doctorReport, 'doctor', ...args)
  return report.checks.find(({ name }) => name === 'gpu')
}

describe.skipIf(!withTensorflow)('vasp doctor on a machine with an NVIDIA driver', () => {
  it('says that the GPU build is not installed, and how it is', async () => {
    driver(answers.one)
    const check = await gpuCheck()
    expect(check).toMatchObject({ ok: false, value: 'not in use' })
    expect(check?.reason).toBe('NVIDIA L4 is not used: TensorFlow for CUDA 12 is not installed.')
    expect(check?.fix).toMatch(/vasp setup --cuda.*3\.1 GiB to download/)
    const { stdout } = await desk.vasp('doctor')
    expect(stdout).toMatch(/✗ GPU: not in use\n {4}NVIDIA L4 is not used/)
  })

  it('says that the driver is too old, or does not run', async () => {
    driver(answers.old)
    expect((await gpuCheck())?.reason).toContain('The NVIDIA driver 470.256.02 is too old')
    driver(answers.broken, 9)
    expect((await gpuCheck())?.reason).toContain("couldn't communicate with the NVIDIA driver")
  })

  it('reports no problem if the processor was chosen', async () => {
    driver(answers.one)
    expect(await gpuCheck('--device', 'cpu')).toMatchObject({ ok: true, reason: 'The processor is selected.' })
  })
})

describe.skipIf(!withTensorflow)('a selected CUDA build', () => {
  /** Finished as far as its record says, with a binding of this content. */
  function selectBuild(binding: string): void {
    const folder = join(cache, `tensorflow/${pins.tensorflow.version}-${pins.cuda.variant}`)
    mkdirSync(join(folder, 'tensorflow'), { recursive: true })
    writeFileSync(join(folder, 'tensorflow/tfjs_binding.node'), binding)
    writeFileSync(
      join(folder, 'cuda.json'),
      JSON.stringify(Object.fromEntries(pins.cuda.wheels.map((w) => [w.sha256, {}]))),
    )
    writeFileSync(join(cache, 'machine.json'), JSON.stringify({ runtime: 'cuda12' }))
  }

  it('compares a run’s need with the free memory of the GPU', async () => {
    driver(answers.two)
    selectBuild('no library')
    const studio = await startStudio()
    try {
      const { engine } = studio
      const dataset = await importSample(engine)
      const request = {
        dataset,
        model: 'nease',
        preset: null,
        overrides: {},
        seed: 1,
        preparation: defaultPreparation,
        split: defaultSplit,
        name: null,
      } as const
      const need = await engine.client.runs.estimate(request)
      expect(need).toMatchObject({ usable: (40960 - 512) * 2 ** 20, gpu: 'GPU 1: NVIDIA A100-SXM4-40GB' })
      await engine.client.system.chooseDevice({ device: 'cpu' })
      expect((await engine.client.runs.estimate(request)).gpu).toBeNull()
    } finally {
      await studio.remove()
    }
  })

  it('that does not load leaves the CPU build in use, and doctor says why', async () => {
    driver(answers.one)
    selectBuild('no library')
    const report = await desk.json(doctorReport, 'doctor')
    const [tensorflow] = report.backends
    expect(tensorflow).toMatchObject({ name: 'tensorflow', available: true, inUse: true })
    expect(tensorflow?.reason).toMatch(/^The GPU build is selected, but .*tfjs_binding\.node/)
    expect(tensorflow?.fix).toContain('vasp setup --cuda')
    expect(report.checks.find(({ name }) => name === 'gpu')).toMatchObject({
      ok: false,
      reason: 'NVIDIA L4 was found, but TensorFlow could not use it.',
    })
  })
})

describe('a device', () => {
  it('is refused if it is not a device, or does not exist', async () => {
    driver(answers.two)
    expect(await desk.failure('runs', '--device', 'tpu')).toMatchObject({ code: 'BAD_INPUT', exit: 2 })
    const gone = await desk.failure('runs', '--device', '2')
    expect(gone).toMatchObject({ exit: 2, message: 'This machine has no GPU “2”.' })
    expect(gone.next).toContain('0 (NVIDIA A100-SXM4-40GB), 1 (NVIDIA A100-SXM4-40GB)')
    expect(await desk.json(z.object({ runs: z.array(z.unknown()) }), 'runs', '--device', '1')).toEqual({ runs: [] })
  })

  it('is stored for this machine, not for a library', async () => {
    driver(answers.two)
    const first = await startStudio()
    const second = await startStudio()
    try {
      const { client } = first.engine
      expect(await client.system.gpus()).toMatchObject([{ utilisation: 0.99 }, { utilisation: 0 }])
      await expect(client.system.chooseDevice({ device: '7' })).rejects.toThrow('no GPU “7”')
      expect(await client.system.chooseDevice({ device: '1' })).toMatchObject({ device: '1', deviceFrom: 'remembered' })
      expect(accelerator.parse(await second.engine.client.system.accelerator())).toMatchObject({
        device: '1',
        verdict: { gpu: null, obstacle: 'not-installed' },
        cuda: { installed: false, selected: false, keptBytes: 0 },
      })
    } finally {
      await first.remove()
      await second.remove()
    }
  })
})

describe.skipIf(!withTensorflow)('vasp doctor without our own kernels', () => {
  const tensorflow = async (): Promise<BackendState | undefined> =>
    (await desk.json(doctorReport, 'doctor')).backends.find(({ name }) => name === 'tensorflow')
  const kernels = (): string => join(cache, runtime, 'kernels')

  it('says why they are not there, and that training still works', async () => {
    const lacking = await tensorflow()
    expect(lacking).toMatchObject({ available: true, inUse: true })
    expect(lacking?.reason).toBe(
      'The fused training kernels are not used: they are not set up. Training gives the same results, but is slower.',
    )
    expect(lacking?.fix).toContain('with g++ installed')
  })

  it('says that they did not compile if set-up recorded only that', async () => {
    const file = kernelFile(join(cache, runtime))
    if (file === null) throw new Error('this processor has no kernels')
    mkdirSync(kernels())
    writeFileSync(file, '')
    expect((await tensorflow())?.reason).toContain('not used: they did not compile.')
  })

  it('repeats the loader’s message about broken ones, and has none about those that work', async () => {
    mkdirSync(kernels())
    const names = readdirSync(join(realRuntime, 'kernels'))
    for (const name of names) writeFileSync(join(kernels(), name), 'no library')
    expect((await tensorflow())?.reason).toMatch(/not used: .*kernels\/.*\.node/)
    for (const name of names) writeFileSync(join(kernels(), name), readFileSync(join(realRuntime, 'kernels', name)))
    expect(await tensorflow()).toMatchObject({ reason: '', fix: '' })
  })
})
