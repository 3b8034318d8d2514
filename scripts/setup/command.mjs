import { spawn, spawnSync } from 'node:child_process'

/** Signals that are meant for whatever runs at the moment. */
const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs a program and returns its exit code and the end of its output (both streams together).
 * With `show` the program writes directly to our standard error; then no output is returned.
 */
export function run(program, args, { cwd, env, show = false, timeout } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: show ? ['ignore', process.stderr, process.stderr] : ['ignore', 'pipe', 'pipe'],
      timeout,
      killSignal: 'SIGKILL',
    })
    let output = ''
    const keep = (chunk) => {
      output = (output + chunk).slice(-1_000_000)
    }
    child.stdout?.setEncoding('utf8').on('data', keep)
    child.stderr?.setEncoding('utf8').on('data', keep)
    child.on('error', (error) => resolve({ code: 127, signal: null, output: `${output}${error.message}` }))
    child.on('close', (code, signal) => resolve({ code: code ?? 1, signal, output }))
  })
}

/** Becomes the given program as far as that is possible: same streams, its signals and its exit code are ours. Never returns. */
export function become(program, args, { cwd, env } = {}) {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' })
  for (const signal of passedOn) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`vasp-studio: ${program} could not be started: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    for (const name of passedOn) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
  return new Promise(() => {})
}

/** Whether a program can be run at all. */
export const canRun = (program, args = ['--version']) =>
  spawnSync(program, args, { stdio: 'ignore', timeout: 30_000 }).status === 0

/** The last line that says something, for quoting a foreign program's failure. */
export const lastLine = (output) =>
  output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/notice|warning/i.test(line))
    .at(-1) ?? 'it said nothing'
