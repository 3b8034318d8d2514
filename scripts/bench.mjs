import path from 'node:path'
import { build } from './setup/build.mjs'
import { become } from './setup/command.mjs'
import { underNode24 } from './setup/node.mjs'
import { installPackages } from './setup/packages.mjs'
import { endWith } from './setup/problem.mjs'
import { root } from './setup/root.mjs'
import { chromiumProgram } from './setup/system-packages.mjs'
import { setUpTensorflow } from './setup/tensorflow.mjs'

/** `npm run bench -- [name …] [--json] [--store]`: bundles the benchmarks and runs them where the application would run. */
try {
  await underNode24()
  await installPackages()
  await build()
  await setUpTensorflow()
  const vite = await import('vite')
  await vite.build({
    configFile: false,
    root,
    logLevel: 'warn',
    build: { ssr: 'test/bench/index.ts', outDir: 'out/bench', target: 'node20.18', emptyOutDir: true },
  })
  process.chdir(root)
  const chromium = chromiumProgram()
  // As src/main/jobs/worker-environment.ts starts the workers that train by gradient descent.
  const env = {
    GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1',
    MALLOC_MMAP_MAX_: '0',
    MALLOC_TRIM_THRESHOLD_: String(2 ** 40),
    MALLOC_TOP_PAD_: String(64 * 2 ** 20),
    TF_ONEDNN_USE_SYSTEM_ALLOCATOR: 'true',
    ...(chromium !== null && { VASP_E2E_CHROMIUM: chromium }),
  }
  await become(process.execPath, [path.join(root, 'out/bench/index.js'), ...process.argv.slice(2)], { env })
} catch (error) {
  endWith(error)
}
