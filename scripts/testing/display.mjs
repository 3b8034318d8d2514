import { spawn } from 'node:child_process'

/** Starts a separate display for the windows of the tests: `{display, stop}`, or null without Xvfb. */
export function startDisplay() {
  return new Promise((resolve) => {
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    const stop = () => server.kill()
    process.on('exit', stop)
    server.on('error', () => resolve(null))
    server.on('exit', () => resolve(null))
    let number = ''
    server.stdio[3].setEncoding('utf8').on('data', (chunk) => {
      number += chunk
      if (number.includes('\n')) resolve({ display: `:${number.trim()}`, stop })
    })
  })
}
