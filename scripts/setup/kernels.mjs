import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { place } from './cache.mjs'
import { lastLine, run } from './command.mjs'
import { root } from './root.mjs'
import { say } from './say.mjs'

const folder = path.join(root, 'resources/native')
const source = path.join(folder, 'kernels.cc')
/** All that is compiled, in the order in which `src/main/compute/native-kernels.ts` hashes it: that of the names. */
const sources = fs
  .readdirSync(folder)
  .sort()
  .map((name) => path.join(folder, name))

/**
 * Levels of the x86-64 instruction set, each a file of its own, of which the application takes the best that its processor has: a cache that
 * moves to another machine stays right, as it would not with -march=native.
 */
const levels = ['x86-64-v4', 'x86-64-v3']

/** Files are named by their source, so that several versions of the application can share a cache. */
const fileOf = (runtime, level) => {
  const hash = createHash('sha256')
  for (const file of sources) hash.update(fs.readFileSync(file))
  return path.join(runtime, 'kernels', `${hash.digest('hex').slice(0, 16)}-${level}.node`)
}

export const kernelsAreThere = (runtime) => levels.every((level) => fs.existsSync(fileOf(runtime, level)))

/** Compiles our own kernels beside the runtime. Without them the application composes what they do of TensorFlow's ops: a failure is only said. */
export async function compileKernels(compiler, runtime) {
  say('Compiling our own kernels (about 10 s) …')
  const libraries = path.join(runtime, 'tensorflow')
  for (const level of levels) {
    const file = fileOf(runtime, level)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    const args = ['-std=c++17', '-O3', `-march=${level}`, '-fno-math-errno', '-fno-trapping-math', '-fPIC', '-shared']
    if (level === 'x86-64-v4') args.push('-mprefer-vector-width=512')
    args.push('-pthread', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION')
    args.push('-I', path.join(root, 'node_modules/node-api-headers/include'), '-I', path.join(libraries, 'include'))
    args.push(source, '-L', libraries, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2')
    await place(file, async (temporary) => {
      const { code, output } = await run(compiler, [...args, '-Wl,-rpath,$ORIGIN/../tensorflow', '-o', temporary])
      if (code === 0) return
      const firstError = output.split('\n').find((line) => /error/i.test(line)) ?? lastLine(output)
      say(`Our own kernels did not compile (${firstError.trim()}); TensorFlow's are used, which takes longer.`)
      // An empty file says that it was tried.
      fs.writeFileSync(temporary, '')
    })
  }
}
