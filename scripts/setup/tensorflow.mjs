import fs from 'node:fs'
import path from 'node:path'
import { alone, cacheRoot, place } from './cache.mjs'
import { canRun, lastLine, run } from './command.mjs'
import { hashFile, hashTree } from './hash.mjs'
import { ageOfOutcome, readOutcome, writeOutcome } from './outcome.mjs'
import { compileKernels, kernelsAreThere } from './kernels.mjs'
import { SetupProblem } from './problem.mjs'
import { pins, root } from './root.mjs'
import { mebibytes, say, whileSaying } from './say.mjs'

const pin = pins.tensorflow
const hour = 3_600_000

const runtimeFolder = () => path.join(cacheRoot(), 'tensorflow', `${pin.version}-${pin.variant}`)
const cudaFolder = () => path.join(cacheRoot(), 'tensorflow', `${pin.version}-${pins.cuda.variant}`)
const bindingFile = () => path.join(runtimeFolder(), 'tensorflow', 'tfjs_binding.node')
const outcomeFile = () => path.join(cacheRoot(), 'tensorflow', 'last-setup.json')

/** The binding belongs to the tfjs sources it was compiled from. */
const sourcesHash = () =>
  hashTree(root, ['node_modules/@tensorflow/tfjs-node-gpu/binding', 'node_modules/node-api-headers/package.json'])

const runtimeIsThere = () =>
  fs.existsSync(bindingFile()) && readOutcome(path.join(runtimeFolder(), 'runtime.json'))?.sources === sourcesHash()

const isReady = () => runtimeIsThere() && kernelsAreThere(runtimeFolder())

/**
 * Makes sure that native TensorFlow is in the cache: downloads the official wheel (hash checked), takes the libraries out,
 * compiles tfjs's own binding against them and multiplies two matrices with it. Gives back `{ok, reason, fix}` instead of
 * throwing, because the application also runs without it.
 */
export async function setUpTensorflow({ retry = false } = {}) {
  if (process.env.VASP_BACKEND && process.env.VASP_BACKEND !== 'tensorflow') {
    return {
      ok: false,
      reason: `VASP_BACKEND asks for ${process.env.VASP_BACKEND}.`,
      fix: 'Unset it to use TensorFlow.',
    }
  }
  if (isReady()) {
    shareWithCuda(runtimeFolder(), cudaFolder())
    return { ok: true, reason: '', fix: '' }
  }
  const last = readOutcome(outcomeFile())
  if (!retry && last?.ok === false && last.waitHours > 0 && ageOfOutcome(last) < last.waitHours * hour) return last
  return alone('tensorflow', async () => {
    if (isReady()) return { ok: true, reason: '', fix: '' }
    const outcome = await attempt()
    if (outcome.ok) shareWithCuda(runtimeFolder(), cudaFolder())
    writeOutcome(outcomeFile(), outcome)
    if (!outcome.ok) say(`${outcome.reason} The application works without it, only slower. ${outcome.fix}`)
    return outcome
  })
}

/**
 * The CUDA build, where the application has set one up (src/main/provisioning), uses the same binding and kernels, copied with their times:
 * newer ones follow.
 */
export function shareWithCuda(own, cuda) {
  if (!fs.existsSync(path.join(cuda, 'tensorflow/tfjs_binding.node'))) return
  const kernels = fs.existsSync(path.join(own, 'kernels')) ? fs.readdirSync(path.join(own, 'kernels')) : []
  for (const name of ['tensorflow/tfjs_binding.node', ...kernels.map((kernel) => `kernels/${kernel}`)]) {
    const source = path.join(own, name)
    const target = path.join(cuda, name)
    // Copied times are not exact to the nanosecond.
    const age = fs.statSync(source).mtimeMs - (fs.statSync(target, { throwIfNoEntry: false })?.mtimeMs ?? 0)
    if (Math.abs(age) < 2) continue
    const temporary = `${target}.${process.pid}`
    fs.cpSync(source, temporary, { preserveTimestamps: true })
    fs.renameSync(temporary, target)
  }
}

async function attempt() {
  try {
    const python = pythonWithPip()
    const compiler = findCompiler()
    checkPlatform()
    if (runtimeIsThere()) {
      await compileKernels(compiler, runtimeFolder())
      return { ok: true, reason: '', fix: '' }
    }
    const wheel = await downloadWheel(python)
    await place(runtimeFolder(), async (folder) => {
      await unpackWheel(python, wheel, folder)
      await compileBinding(compiler, folder)
      await compileKernels(compiler, folder)
      await verify(folder)
      fs.writeFileSync(path.join(folder, 'runtime.json'), JSON.stringify({ wheel: pin.sha256, sources: sourcesHash() }))
    })
    say(`TensorFlow ${pin.version} is ready.`)
    return { ok: true, reason: '', fix: '' }
  } catch (error) {
    if (error.code === 'ENOSPC') {
      return {
        ok: false,
        reason: 'Native TensorFlow was not set up: the disk is full.',
        fix: 'Free 1.5 GB and start again.',
      }
    }
    if (!(error instanceof SetupProblem)) throw error
    return { ok: false, reason: error.reason, fix: error.fix, waitHours: error.waitHours ?? 0 }
  }
}

function checkPlatform() {
  const platform = `${process.platform}-${process.arch}`
  if (platform !== pin.platform) {
    throw new SetupProblem(
      `Native TensorFlow is not available for ${platform}.`,
      `It runs on ${pin.platform}; here the WebAssembly backend is used.`,
    )
  }
  if (process.report.getReport().header.glibcVersionRuntime === undefined) {
    throw new SetupProblem(
      'Native TensorFlow needs the GNU C library, which this system does not have.',
      'Use a Debian-like system.',
    )
  }
}

function pythonWithPip() {
  const python = ['python3', 'python'].find((program) => canRun(program, ['-m', 'pip', '--version']))
  if (python !== undefined) return python
  throw new SetupProblem(
    'Native TensorFlow was not set up: Python 3 with pip was not found.',
    'Install it (Debian: apt-get install python3-pip) and start again.',
  )
}

function findCompiler() {
  const compiler = [process.env.CXX, 'g++', 'clang++'].find((program) => program && canRun(program))
  if (compiler !== undefined) return compiler
  throw new SetupProblem(
    'Native TensorFlow was not set up: no C++ compiler was found.',
    'Install one (Debian: apt-get install g++) and start again.',
  )
}

/** The wheel's path in the cache; one whose hash is wrong is fetched again. */
async function downloadWheel(python) {
  const wheel = path.join(cacheRoot(), 'downloads', pin.wheel)
  if (fs.existsSync(wheel)) {
    if ((await hashFile(wheel)) === pin.sha256) return wheel
    say('The downloaded TensorFlow is damaged; fetching it again.')
    fs.rmSync(wheel)
  }
  say(`Downloading TensorFlow ${pin.version} (${mebibytes(pin.bytes)}, once) …`)
  await place(wheel, async (temporary) => {
    const folder = `${temporary}.pip`
    try {
      const args = [
        '-m',
        'pip',
        'download',
        '--no-deps',
        '--only-binary=:all:',
        '--no-cache-dir',
        '--disable-pip-version-check',
      ]
      args.push('--retries', '2', '--timeout', '30', '--implementation', 'cp', '--python-version', pin.pipPython)
      args.push('--platform', pin.pipPlatform, '--dest', folder, `${pin.package}==${pin.version}`)
      const showBar = process.stderr.isTTY === true
      const { code, output } = await whileSaying('Downloading TensorFlow', () => run(python, args, { show: showBar }))
      const fetched = path.join(folder, pin.wheel)
      if (code !== 0 || !fs.existsSync(fetched)) {
        const problem = new SetupProblem(
          `Native TensorFlow was not set up: the download failed${showBar ? '' : ` (${lastLine(output)})`}.`,
          'Check the network connection and run npm start -- --retry.',
        )
        problem.waitHours = 1
        throw problem
      }
      if ((await hashFile(fetched)) !== pin.sha256) {
        throw new SetupProblem(
          'Native TensorFlow was not set up: the downloaded file is not the one that was pinned (its SHA-256 differs).',
          'Start again; if it stays so, something between here and PyPI changes files.',
        )
      }
      fs.renameSync(fetched, temporary)
    } finally {
      fs.rmSync(folder, { recursive: true, force: true })
    }
  })
  return wheel
}

async function unpackWheel(python, wheel, folder) {
  say('Unpacking TensorFlow (850 MB) …')
  const script = path.join(import.meta.dirname, 'unpack-wheel.py')
  const { code, output } = await whileSaying('Unpacking', () => run(python, [script, wheel, folder]))
  if (code === 0) return
  const full = output.includes('No space left')
  throw new SetupProblem(
    `Native TensorFlow was not set up: ${full ? 'the disk is full' : `unpacking failed (${lastLine(output)})`}.`,
    full ? 'Free 1.5 GB and start again.' : `Remove ${wheel} and start again.`,
  )
}

async function compileBinding(compiler, folder) {
  say('Compiling the TensorFlow binding (about 15 s) …')
  const modules = path.join(root, 'node_modules')
  const binding = path.join(modules, '@tensorflow/tfjs-node-gpu/binding')
  const libraries = path.join(folder, 'tensorflow')
  const args = ['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION']
  args.push('-I', path.join(modules, 'node-api-headers/include'), '-I', path.join(libraries, 'include'))
  args.push('-I', path.dirname(binding), path.join(binding, 'tfjs_backend.cc'), path.join(binding, 'tfjs_binding.cc'))
  args.push('-L', libraries, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', '-Wl,-rpath,$ORIGIN')
  const { code, output } = await run(compiler, [...args, '-o', path.join(libraries, 'tfjs_binding.node')])
  if (code === 0) return
  const firstError = output.split('\n').find((line) => /error/i.test(line)) ?? lastLine(output)
  throw new SetupProblem(
    `Native TensorFlow was not set up: its binding did not compile (${firstError.trim()}).`,
    'Install a C++17 compiler (Debian: apt-get install g++) and start again.',
  )
}

async function verify(folder) {
  const binding = path.join(folder, 'tensorflow', 'tfjs_binding.node')
  const { code, signal, output } = await run(
    process.execPath,
    [path.join(import.meta.dirname, 'verify-tensorflow.mjs'), binding],
    { env: { TF_CPP_MIN_LOG_LEVEL: '2' }, timeout: 120_000 },
  )
  if (code === 0) return
  const cause = signal === null ? lastLine(output) : `ended by ${signal}`
  throw new SetupProblem(
    `Native TensorFlow was not set up: it does not run on this machine (${cause}).`,
    'It needs a processor with AVX; here the WebAssembly backend is used.',
  )
}
