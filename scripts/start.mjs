import path from 'node:path'
import { spawn } from 'node:child_process'
import { build } from './setup/build.mjs'
import { become } from './setup/command.mjs'
import { findElectron, whyNoWindow } from './setup/electron.mjs'
import { underNode24 } from './setup/node.mjs'
import { installPackages } from './setup/packages.mjs'
import { endWith } from './setup/problem.mjs'
import { root } from './setup/root.mjs'
import { say } from './setup/say.mjs'
import { setUpTensorflow } from './setup/tensorflow.mjs'

/** An Electron that ends this soon with an error has not shown a window. */
const startTime = 5_000

/** Resolves to the reason why Electron did not start; if it starts, this process ends with it. */
function openWindow(program, args) {
  const started = Date.now()
  const env = { ...process.env }
  // Set in some editors' terminals, it would turn Electron into plain Node.
  delete env.ELECTRON_RUN_AS_NODE
  const child = spawn(program, [root, ...args], { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(`Electron could not be started (${error.message})`))
    child.on('exit', (code, signal) => {
      const failedAtOnce = Date.now() - started < startTime && (code !== 0 || signal !== null)
      if (!failedAtOnce || signal === 'SIGINT' || signal === 'SIGTERM') process.exit(code ?? 1)
      resolve(`Electron ended at once (${signal ?? `exit code ${code}`})`)
    })
  })
}

async function whyBrowser(retry, args) {
  const noWindow = whyNoWindow()
  if (noWindow !== null) return noWindow
  const electron = await findElectron({ retry })
  return electron.program === undefined ? electron.reason : await openWindow(electron.program, args)
}

try {
  await underNode24()
  const retry = process.argv.includes('--retry')
  const args = process.argv.slice(2).filter((argument) => argument !== '--retry')
  await installPackages()
  await setUpTensorflow({ retry })
  await build()
  const reason = args.includes('--browser') ? 'As asked' : await whyBrowser(retry, args)
  say(`${reason}: opening VASP Studio in the browser instead.`)
  const serveArgs = args.filter((argument) => argument !== '--browser')
  await become(process.execPath, [path.join(root, 'out/main/cli.js'), 'serve', '--open', ...serveArgs])
} catch (error) {
  endWith(error)
}
