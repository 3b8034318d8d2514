import path from 'node:path'
import { run } from '../setup/command.mjs'
import { root } from '../setup/root.mjs'

const cache = 'node_modules/.cache'
const program = (file, ...args) => [process.execPath, [path.join(root, 'node_modules', file), ...args]]
const dependencyCruiser = (config) =>
  program('dependency-cruiser/bin/dependency-cruiser.mjs', 'src', '--config', config, '--output-type', 'err')

/** What is checked without running the product; the longest first. */
export const gates = [
  {
    name: 'lint',
    command: program(
      'eslint/bin/eslint.js',
      '.',
      '--cache',
      '--cache-location',
      `${cache}/eslint/`,
      '--max-warnings=0',
    ),
  },
  {
    name: 'types',
    command: program(
      'vue-tsc/bin/vue-tsc.js',
      '-p',
      '.',
      '--noEmit',
      '--incremental',
      '--tsBuildInfoFile',
      `${cache}/types.tsbuildinfo`,
    ),
  },
  {
    name: 'formatting',
    command: program('prettier/bin/prettier.cjs', '--check', '.', '--cache', '--cache-location', `${cache}/prettier`),
  },
  { name: 'import rules', command: dependencyCruiser('.dependency-cruiser.cjs') },
  { name: 'what each process loads', command: dependencyCruiser('.dependency-cruiser.processes.cjs') },
  { name: 'dead files and exports', command: program('knip/bin/knip.js', '--no-progress') },
  { name: 'licences', command: [process.execPath, [path.join(root, 'scripts/notices.mjs'), '--check']] },
]

/** Runs tasks two at a time and gives back `{name, passed, output, seconds}` of each, in the order of the list. */
export async function runTwoAtATime(tasks, onDone) {
  const results = new Array(tasks.length)
  let next = 0
  const lane = async () => {
    for (let index = next++; index < tasks.length; index = next++) {
      const { name, command, env } = tasks[index]
      const started = Date.now()
      const { code, output } = await run(command[0], command[1], { cwd: root, env: { FORCE_COLOR: '0', ...env } })
      results[index] = { name, passed: code === 0, output, seconds: (Date.now() - started) / 1000 }
      onDone(results[index])
    }
  }
  await Promise.all([lane(), lane()])
  return results
}

/** One line for a gate, and its output if it failed. */
export const report = ({ name, passed, output, seconds }) =>
  process.stdout.write(
    `${passed ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)\n${passed ? '' : output.replace(/\n*$/, '\n')}`,
  )
