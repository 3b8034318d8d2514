import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { allows } from '../../scripts/notices/allowed.mjs'
import { place } from '../../scripts/setup/cache.mjs'
import { shareWithCuda } from '../../scripts/setup/tensorflow.mjs'
import { packagesAreInstalled } from '../../scripts/setup/packages.mjs'
import { pins, root } from '../../scripts/setup/root.mjs'
import { countVitest, newTally } from '../../scripts/testing/tally.mjs'

let folder

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vasp-setup-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

/** A process id that no process has any more. */
const deadPid = () => spawnSync('true').pid

/** Sets TensorFlow up in a process of its own, with a cache and programs of its own; gives back the outcome that it kept. */
function setUpTensorflow(env) {
  const cache = path.join(folder, 'cache')
  const script = `await (await import(${JSON.stringify(path.join(root, 'scripts/setup/tensorflow.mjs'))})).setUpTensorflow()`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { HOME: folder, VASP_CACHE: cache, ...env },
  })
  expect(stderr).not.toMatch(/ {4}at /)
  expect(status).toBe(0)
  expect(fs.existsSync(path.join(cache, 'tensorflow', `${pins.tensorflow.version}-${pins.tensorflow.variant}`))).toBe(
    false,
  )
  return { outcome: JSON.parse(fs.readFileSync(path.join(cache, 'tensorflow/last-setup.json'), 'utf8')), stderr, cache }
}

/** A folder of programs that holds Python and nothing else. */
function onlyPython() {
  const bin = path.join(folder, 'bin')
  const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()
  fs.mkdirSync(bin)
  fs.writeFileSync(path.join(bin, 'python3'), `#!/bin/sh\nexec ${python} "$@"\n`, { mode: 0o755 })
  return bin
}

describe('native TensorFlow that cannot be set up', () => {
  it('is explained where there is no Python', () => {
    const { outcome } = setUpTensorflow({ PATH: folder })
    expect(outcome).toMatchObject({ ok: false, reason: expect.stringContaining('Python 3 with pip was not found') })
    expect(outcome.fix).toContain('apt-get install python3-pip')
  })

  it('is explained where there is no compiler', () => {
    const { outcome, stderr } = setUpTensorflow({ PATH: onlyPython() })
    expect(outcome).toMatchObject({ ok: false, reason: expect.stringContaining('no C++ compiler') })
    expect(stderr).toContain('The application works without it')
  })

  it('is not made from a damaged download', () => {
    const downloads = path.join(folder, 'cache/downloads')
    fs.mkdirSync(downloads, { recursive: true })
    fs.writeFileSync(path.join(downloads, pins.tensorflow.wheel), 'half of a wheel')
    const { outcome, stderr } = setUpTensorflow({
      PATH: `${onlyPython()}:/usr/bin:/bin`,
      CXX: '/usr/bin/g++',
      PIP_NO_INDEX: '1',
    })
    expect(stderr).toContain('damaged; fetching it again')
    expect(outcome).toMatchObject({ ok: false, reason: expect.stringContaining('the download failed') })
    expect(fs.readdirSync(downloads)).toEqual([])
  })
})

describe('the binding and kernels', () => {
  const write = (name, text) => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    fs.writeFileSync(path.join(folder, name), text)
  }
  const share = () => shareWithCuda(path.join(folder, 'cpu'), path.join(folder, 'cuda'))

  it('follow into a CUDA build that is there, and make none where it is not', () => {
    write('cpu/tensorflow/tfjs_binding.node', 'new')
    write('cpu/kernels/k.node', 'kernel')
    share()
    expect(fs.readdirSync(folder)).toEqual(['cpu'])
    write('cuda/tensorflow/tfjs_binding.node', 'old')
    fs.utimesSync(path.join(folder, 'cuda/tensorflow/tfjs_binding.node'), 0, 0)
    fs.mkdirSync(path.join(folder, 'cuda/kernels'))
    share()
    expect(fs.readFileSync(path.join(folder, 'cuda/tensorflow/tfjs_binding.node'), 'utf8')).toBe('new')
    expect(fs.readFileSync(path.join(folder, 'cuda/kernels/k.node'), 'utf8')).toBe('kernel')
    expect(fs.readdirSync(path.join(folder, 'cuda/tensorflow'))).toEqual(['tfjs_binding.node'])
    const before = fs.statSync(path.join(folder, 'cuda/kernels/k.node')).ino
    share()
    expect(fs.statSync(path.join(folder, 'cuda/kernels/k.node')).ino).toBe(before)
  })
})

describe('what is put into the cache', () => {
  it('has its name only when it is whole', async () => {
    const target = path.join(folder, 'runtime')
    const breaking = place(target, (temporary) => {
      fs.mkdirSync(temporary)
      throw new Error('interrupted')
    })
    await expect(breaking).rejects.toThrow('interrupted')
    expect(fs.readdirSync(folder)).toEqual([])
  })

  it('replaces what a killed set-up left, and leaves a running one alone', async () => {
    const left = path.join(folder, `.tmp-${deadPid()}-runtime`)
    const running = path.join(folder, `.tmp-${process.ppid}-runtime`)
    fs.mkdirSync(path.join(left, 'half'), { recursive: true })
    fs.mkdirSync(running)
    await place(path.join(folder, 'runtime'), (temporary) => fs.writeFileSync(temporary, 'whole'))
    expect(fs.readdirSync(folder).sort()).toEqual([path.basename(running), 'runtime'])
    expect(fs.readFileSync(path.join(folder, 'runtime'), 'utf8')).toBe('whole')
  })
})

describe('installed packages', () => {
  const write = (name, packages) => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    fs.writeFileSync(path.join(folder, name), JSON.stringify({ packages }))
  }
  const wanted = {
    '': {},
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-o', optional: true },
  }

  it.each([
    ['nothing was installed', null, false],
    ['all that this platform needs is there', { 'node_modules/a': wanted['node_modules/a'] }, true],
    ['a package is missing', {}, false],
    ['a package is another', { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-b' } }, false],
  ])('are recognised where %s', (_case, installed, complete) => {
    write('package-lock.json', wanted)
    if (installed !== null) write('node_modules/.package-lock.json', installed)
    expect(packagesAreInstalled(folder)).toBe(complete)
  })
})

describe('the count of all parts', () => {
  const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0, testResults: [] }

  it('takes a run that ended badly, or said nothing, as a failure', () => {
    expect(countVitest('unit', report, 0)).toEqual({ passed: 5, failed: 0, skipped: 1, failures: [] })
    expect(countVitest('unit', report, 1)).toMatchObject({ passed: 5, failed: 1, skipped: 1 })
    expect(countVitest('unit', null, 134)).toMatchObject({ failed: 1, failures: [{ name: 'unit' }] })
  })

  it('names at the end what failed, with the first lines of its message', () => {
    const failed = {
      status: 'failed',
      fullName: 'a sum is exact',
      failureMessages: ['\u001b[31mexpected 1\u001b[39m\nat x'],
    }
    const testResults = [
      { name: 'sum.spec.ts', status: 'failed', assertionResults: [failed, { status: 'passed' }] },
      { name: 'typo.spec.ts', status: 'failed', message: 'Unexpected token', assertionResults: [] },
      { name: 'fine.spec.ts', status: 'passed', assertionResults: [{ status: 'passed' }] },
    ]
    const tally = newTally(true)
    tally.add(countVitest('unit', { ...report, testResults }, 1))
    expect(tally.counts).toEqual({ passed: 5, failed: 2, skipped: 1 })
    expect(tally.failed()).toBe(
      '✗ sum.spec.ts: a sum is exact\n    expected 1\n    at x\n✗ typo.spec.ts\n    Unexpected token\n',
    )
  })

  it.each([
    [false, '5 passed, 0 failed, 1 skipped'],
    [true, '5 passed, 1 failed, 0 skipped'],
  ])('takes a part that cannot run as the strictness %s says', (strict, line) => {
    const tally = newTally(strict)
    tally.add({ passed: 5 })
    tally.cannotRun('e2e', 'There is no display.')
    expect(tally.lastLine()).toBe(line)
  })
})

describe('licences', () => {
  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0)', true],
    ['MIT AND GPL-3.0', false],
    ['GPL-3.0-only', false],
    ['unknown', false],
  ])('%s may be shipped: %s', (expression, expected) => expect(allows(expression)).toBe(expected))
})
