import { expect, it } from 'vitest'
import { sessionEndInfo, sessionStartInfo, sessionStartRecord, summaryRecord, versionRecord } from './event-records'

/** Bytes of TensorBoard 2.21's own RecordWriter for the same events, and with them the checksums of both parts of a record. */
const golden = {
  version:
    '2700000000000000bbe1b14609000010e04eacda411a0d627261696e2e4576656e743a32520d0a0b766173702d73747564696f88244484',
  start: '0f000000000000006d532b0909000010e04eacda4110033a02080174b89b08',
  scalars:
    '3c00000000000000c8b7a35209000010e04eacda4110072a2f0a110a0a6c6f73732f666f63616c15cdcccc3d0a1a0a1376616c69646174696f6e2f6e64636740313030150000c03ed21cc8b5',
  startInfo:
    '620000000000000079fd606f09000010e04eacda412a570a550a1c5f68706172616d735f2f73657373696f6e5f73746172745f696e666f42060801120212004a2d0a2b0a0768706172616d7312201a1e0a130a066c6174656e74120911000000000000304029000010e04eacda41e20481b3',
  endInfo:
    '4d000000000000003d63d4a609000010e04eacda412a420a400a1a5f68706172616d735f2f73657373696f6e5f656e645f696e666f42060801120212004a1a0a180a0768706172616d73120d220b080111000010e04eacda417f2a898d',
}
const at = 1_790_000_000_250
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const plugin = (tag: string, content: Uint8Array) => [{ tag, plugin: 'hparams', content }]

it('writes the records that TensorBoard writes', () => {
  expect(hex(versionRecord(at))).toBe(golden.version)
  expect(hex(sessionStartRecord(at, 3))).toBe(golden.start)
  const scalars = [
    { tag: 'loss/focal', number: 0.1 },
    { tag: 'validation/ndcg@100', number: 0.375 },
  ]
  expect(hex(summaryRecord(at, 7, scalars))).toBe(golden.scalars)
  const start = sessionStartInfo([['latent', 16]], at)
  expect(hex(summaryRecord(at, 0, plugin('_hparams_/session_start_info', start)))).toBe(golden.startInfo)
  const end = sessionEndInfo('success', at)
  expect(hex(summaryRecord(at, 0, plugin('_hparams_/session_end_info', end)))).toBe(golden.endInfo)
})

it('writes a number beyond the range of a float32 as infinite', () => {
  const infinite = summaryRecord(at, 1, [{ tag: 'x', number: 1e300 }])
  expect(infinite).toEqual(summaryRecord(at, 1, [{ tag: 'x', number: Infinity }]))
})
