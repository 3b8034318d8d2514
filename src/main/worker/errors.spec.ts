import { expect, it } from 'vitest'
import { StudioError } from '../../shared/errors'
import { workerError } from './errors'

it('tells the memory of a GPU from that of the machine', () => {
  const gpu = workerError(
    new Error(
      'Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[4096,20720] and type float on /job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc',
    ),
  )
  expect(gpu.code).toBe('OUT_OF_MEMORY')
  expect(gpu.message).toMatch(/^The GPU ran out of memory/)
  expect(gpu.next).toMatch(/accumulate.*--device cpu/)
  const machine = workerError(new Error('OOM when allocating tensor with shape[1,2] on device:CPU:0 by allocator cpu'))
  expect(machine.message).toMatch(/^The machine ran out of memory/)
  expect(machine.next).not.toContain('--device')
})

it('does not change other errors', () => {
  const own = { code: 'CONFLICT', message: 'OOM when allocating a name.', next: 'Choose another.' } as const
  expect(workerError(new StudioError(own))).toEqual(own)
  expect(workerError(new Error('no such op'))).toMatchObject({ code: 'INTERNAL', message: 'no such op' })
})
