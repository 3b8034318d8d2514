import { describe, expect, it } from 'vitest'
import { answers } from '../../../test/fixtures/fake-driver'
import type { GpuObstacle } from '../../shared/devices'
import { atLeast } from './driver-version'
import { parseGpus, type DriverReport } from './nvidia-smi'
import { gpuVerdict, type GpuFacts } from './verdict'

const driver = (csv: string): DriverReport => ({ state: 'answers', gpus: parseGpus(csv) ?? [] })
const ready: GpuFacts = {
  offered: true,
  otherBackend: null,
  device: 'auto',
  driver: driver(answers.one),
  hardware: true,
  listed: undefined,
  installed: true,
  selected: true,
  missing: [],
  found: null,
}

describe('a GPU is used', () => {
  it('where driver, build and choice allow it', () => {
    expect(gpuVerdict(ready)).toMatchObject({
      gpu: { name: 'NVIDIA L4' },
      obstacle: null,
      isProblem: false,
      reason: '',
    })
    expect(gpuVerdict({ ...ready, found: true }).gpu).not.toBeNull()
  })

  it('the one with most free memory, or the one that was chosen, of those that may be seen', () => {
    const two = { ...ready, driver: driver(answers.two) }
    expect(gpuVerdict(two).gpu?.index).toBe(1)
    expect(gpuVerdict({ ...two, device: '0' }).gpu?.index).toBe(0)
    expect(gpuVerdict({ ...two, device: 'GPU-aaaa0000-0000-0000-0000-000000000000' }).gpu?.index).toBe(0)
    expect(gpuVerdict({ ...two, listed: '0' }).gpu?.index).toBe(0)
    expect(gpuVerdict({ ...two, listed: 'GPU-bbbb' }).gpu?.index).toBe(1)
  })

  it('another GPU if the chosen one is gone, with a message', () =>
    expect(gpuVerdict({ ...ready, device: '3' })).toMatchObject({
      gpu: { index: 0 },
      isProblem: true,
      reason: 'The selected GPU “3” was not found; NVIDIA L4 is used instead.',
    }))
})

const cases: [GpuObstacle, Partial<GpuFacts>, boolean, RegExp, RegExp | ''][] = [
  ['platform', { offered: false }, false, /linux-x64/, /Linux x64/],
  ['other-backend', { otherBackend: 'wasm' }, false, /VASP_BACKEND selects wasm/, /Remove it/],
  ['chosen-cpu', { device: 'cpu' }, false, /processor is selected/, /--device auto/],
  ['no-gpu', { driver: { state: 'absent' }, hardware: false }, false, /No NVIDIA GPU/, ''],
  ['no-gpu', { driver: { state: 'absent' }, hardware: null }, false, /No NVIDIA GPU/, ''],
  ['no-gpu', { driver: driver('') }, false, /finds no GPU/, ''],
  ['no-driver', { driver: { state: 'absent' } }, true, /driver is not installed/, /apt-get install nvidia-driver/],
  ['no-driver', { driver: { state: 'unreachable', words: 'It failed.' } }, true, /It failed\./, /Restart/],
  ['driver-silent', { driver: { state: 'silent', seconds: 8 } }, true, /within 8 seconds/, /Restart/],
  ['driver-unreadable', { driver: { state: 'unreadable', words: '<html>' } }, true, /<html>/, /PATH/],
  ['hidden', { listed: '' }, true, /hides all GPUs/, /Remove it/],
  [
    'driver-too-old',
    { driver: driver(answers.old) },
    true,
    /470\.256\.02 is too old.* 525\.60\.13/,
    /Update the driver/,
  ],
  [
    'not-installed',
    { installed: false, selected: false },
    true,
    /NVIDIA L4 is not used.*not installed/,
    /vasp setup --cuda.* GiB/,
  ],
  ['not-selected', { selected: false }, true, /CPU build is in use/, /vasp setup --cuda/],
  [
    'library-missing',
    { missing: ['nvidia/cudnn/lib/libcudnn.so.9', 'b'] },
    true,
    /libcudnn\.so\.9 and 1 more/,
    /vasp setup --cuda/,
  ],
  ['refused', { found: false }, true, /TensorFlow could not use it/, /Close programs/],
]

it.each(cases)('no GPU is used: %s %o', (obstacle, facts, isProblem, reason, fix) => {
  const verdict = gpuVerdict({ ...ready, ...facts })
  expect(verdict).toMatchObject({ gpu: null, obstacle, isProblem })
  expect(verdict.reason).toMatch(reason)
  if (fix === '') expect(verdict.fix).toBe('')
  else expect(verdict.fix).toMatch(fix)
})

it('the driver is checked before the build, so that nobody downloads gigabytes for a driver that is too old', () =>
  expect(gpuVerdict({ ...ready, installed: false, driver: driver(answers.old) }).obstacle).toBe('driver-too-old'))

it.each([
  ['525.60.13', true],
  ['525.60', false],
  ['525.147.05', true],
  ['525.59.99', false],
  ['470.256.02', false],
  ['1000.1', true],
])('driver %s is new enough: %s', (version, expected) => expect(atLeast(version, '525.60.13')).toBe(expected))
