import { describe, expect, it } from 'vitest'
import { workerEnded } from './ended'

const exit = (fields: Partial<Parameters<typeof workerEnded>[1]>) => ({
  code: null,
  signal: null,
  lastWords: '',
  ...fields,
})

describe('workerEnded', () => {
  it('calls SIGKILL what it nearly always is, however the host reports it', () => {
    for (const fields of [{ signal: 'SIGKILL' }, { code: 137 }, { code: 9 }]) {
      const error = workerEnded('Training VASP', exit(fields))
      expect(error.code).toBe('WORKER_ENDED')
      expect(error.message).toMatch(/^Training VASP stopped: .*ran out of memory/)
      expect(error.next).toMatch(/smaller model/)
    }
    expect(workerEnded('x', exit({ signal: 'SIGKILL' })).message).toContain('SIGKILL')
  })

  it('recognises an allocation that failed by its last words', () => {
    const lastWords = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n'
    expect(workerEnded('x', exit({ signal: 'SIGABRT', lastWords })).message).toMatch(/SIGABRT.*ran out of memory/)
  })

  it('tells a full GPU from a full machine', () => {
    const lastWords =
      'E0000 cuda_driver.cc:1] failed to allocate 2.00GiB (2147483648 bytes) from device: CUDA_ERROR_OUT_OF_MEMORY\n'
    const error = workerEnded('Training VASP', exit({ signal: 'SIGABRT', lastWords }))
    expect(error.message).toMatch(/^Training VASP stopped: .*SIGABRT, because the GPU’s memory was not enough/)
    expect(error.next).toContain('--device cpu')
    const machine = 'OOM when allocating tensor with shape[8] on device:CPU:0 by allocator cpu\n'
    expect(workerEnded('x', exit({ signal: 'SIGABRT', lastWords: machine })).message).toContain('ran out of memory')
  })

  it('names exit code and the last lines that mean something', () => {
    const lastWords = [
      'first',
      'second',
      'third',
      'fourth',
      '2026-11-24 00:00:00.0: I tensorflow/core/util/port.cc:153] oneDNN custom operations are on.',
      '    at run (file.js:1:1)',
      '',
    ].join('\n')
    const { message } = workerEnded('Importing', exit({ code: 7, lastWords }))
    expect(message).toContain('exit code 7')
    expect(message).toContain('second · third · fourth')
    expect(message).not.toMatch(/oneDNN|first|file\.js/)
  })

  it('says so when there never was a process', () => {
    const { message } = workerEnded('Importing', exit({ lastWords: 'spawn ENOENT' }))
    expect(message).toMatch(/before it could start.*ENOENT/)
  })
})
