import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { root } from '../setup/root.mjs'
import { countVitest } from './tally.mjs'

/** Runs a part of the tests, its output shown as it comes, and counts it. */
export async function runVitest(name, args, env = {}) {
  process.stdout.write(`\n${name}\n`)
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vasp-report-'))
  const file = path.join(folder, 'report.json')
  try {
    const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const exitCode = await new Promise((resolve) => {
      const child = spawn(process.execPath, [vitest, 'run', ...args, ...reporters], {
        cwd: root,
        env: { VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true', ...process.env, ...env },
        stdio: ['ignore', 'inherit', 'inherit'],
      })
      child.on('error', () => resolve(1))
      child.on('exit', (code) => resolve(code ?? 1))
    })
    return countVitest(name, fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null, exitCode)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}
