import { describe, expect, it } from 'vitest'
import { workerEnded } from './ended'

/**
 * Standard error of real processes: TensorFlow 2.21 without VASP Studio's TF_CPP_MIN_LOG_LEVEL, DuckDB 1.5, Node 24. Machines with a GPU say more: those
 * lines, and the older form with a date, are written after TensorFlow's sources, with the places that it names.
 */
const chatter = {
  TensorFlow: `WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1795857803.552732     306 port.cc:153] oneDNN custom operations are on. You may see slightly different numerical results due to floating-point round-off errors from different computation orders. To turn them off, set the environment variable \`TF_ENABLE_ONEDNN_OPTS=0\`.
I0000 00:00:1795857803.711710     306 cpu_feature_guard.cc:227] This TensorFlow binary is optimized to use available CPU instructions in performance-critical operations.
To enable the following instructions: AVX2 AVX512F AVX512_VNNI AVX512_BF16 AVX512_FP16 AVX_VNNI AMX_TILE AMX_INT8 AMX_BF16 FMA, in other operations, rebuild TensorFlow with the appropriate compiler flags.
`,
  'TensorFlow for GPUs': `W0000 00:00:1764306251.170216   13581 gpu_device.cc:2342] Cannot dlopen some GPU libraries. Please make sure the missing libraries mentioned above are installed properly if you would like to use GPU.
E0000 00:00:1764306251.170216   13581 cuda_dnn.cc:8579] Unable to register cuDNN factory: Attempting to register factory for plugin cuDNN when one has already been registered
`,
  'an older TensorFlow': `2026-11-28 05:04:11.120421: I external/local_xla/xla/tsl/cuda/cudart_stub.cc:31] Could not find cuda drivers on your machine, GPU will not be used.
2026-11-28 05:04:11.170216: I tensorflow/core/platform/cpu_feature_guard.cc:210] This TensorFlow binary is optimized to use available CPU instructions in performance-critical operations.
`,
  DuckDB:
    '\r  0% ▕                                      ▏ \r100% ▕██████████████████████████████████████▏ (00:00:02.21 elapsed)     \n',
  'process.abort of Node': `----- Native stack trace -----

 1: 0x931db0  [/opt/node/bin/node]
 2: 0x9eb6c2  [/opt/node/bin/node]
 3: 0x7fea07dcf08d

----- JavaScript stack trace -----

1: [eval]:1:9
2: runScriptInThisContext (node:internal/vm:219:10)
3: node:internal/process/execution:451:12


`,
}

const fullHeap = `
<--- Last few GCs --->

[13581:0x45114000]      355 ms: Mark-Compact 39.6 (72.5) -> 39.6 (72.5) MB, pooled: 0 MB, 37.67 / 0.00 ms  (average mu = 0.865, current mu = 0.759) allocation failure; scavenge might not succeed

FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory
----- Native stack trace -----

 1: 0x931db0  [/opt/node/bin/node]
 2: 0x75968e node::OOMErrorHandler(char const*, v8::OOMDetails const&) [/opt/node/bin/node]
 3: 0xc70d60  [/opt/node/bin/node]
`

const exit = (fields: Partial<Parameters<typeof workerEnded>[1]>) => ({
  code: null,
  signal: null,
  lastOutput: '',
  ...fields,
})

describe('workerEnded', () => {
  it('explains SIGKILL by its usual cause, however the host reports it', () => {
    for (const fields of [{ signal: 'SIGKILL' }, { code: 137 }, { code: 9 }]) {
      const error = workerEnded('Training Yew', exit(fields))
      expect(error.code).toBe('WORKER_ENDED')
      expect(error.message).toMatch(/^Training Yew stopped: .*ran out of memory/)
      expect(error.next).toMatch(/smaller model/)
    }
    expect(workerEnded('x', exit({ signal: 'SIGKILL' })).message).toContain('SIGKILL')
  })

  it('recognises an allocation that failed by its last words', () => {
    const lastOutput = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n'
    expect(workerEnded('x', exit({ signal: 'SIGABRT', lastOutput })).message).toMatch(/SIGABRT.*ran out of memory/)
  })

  it('tells a full GPU from a full machine', () => {
    const lastOutput =
      'E0000 cuda_driver.cc:1] failed to allocate 2.00GiB (2147483648 bytes) from device: CUDA_ERROR_OUT_OF_MEMORY\n'
    const error = workerEnded('Training Yew', exit({ signal: 'SIGABRT', lastOutput }))
    expect(error.message).toMatch(/^Training Yew stopped: .*SIGABRT, because the GPU ran out of memory/)
    expect(error.next).toContain('--device cpu')
    const machine = 'OOM when allocating tensor with shape[8] on device:CPU:0 by allocator cpu\n'
    expect(workerEnded('x', exit({ signal: 'SIGABRT', lastOutput: machine })).message).toContain('ran out of memory')
  })

  it('names exit code and the last lines that give a reason', () => {
    const lastOutput = [
      'Error: first',
      'Error: second',
      'TypeError: third',
      'Error [ERR_INVALID_ARG_TYPE]: fourth',
      'some library is happy to help',
      '    at run (file.js:1:1)',
      '',
    ].join('\n')
    const { message } = workerEnded('Importing', exit({ code: 7, lastOutput }))
    expect(message).toContain('exit code 7')
    expect(message).toMatch(
      /Its last output: Error: second · TypeError: third · Error \[ERR_INVALID_ARG_TYPE\]: fourth$/,
    )
  })

  it.each(Object.entries(chatter))('quotes nothing of what %s chats about', (_, lastOutput) => {
    for (const fields of [{ signal: 'SIGKILL' }, { signal: 'SIGABRT' }, { code: 1 }])
      expect(workerEnded('x', exit({ ...fields, lastOutput })).message).not.toContain('last output')
  })

  it('quotes the one line of a full heap that says so, as V8 prints it', () => {
    const { message } = workerEnded('x', exit({ signal: 'SIGABRT', lastOutput: fullHeap }))
    expect(message).toMatch(
      /Its last output: FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory$/,
    )
  })

  it('says so when there never was a process', () => {
    const { message } = workerEnded('Importing', exit({ lastOutput: 'spawn ENOENT' }))
    expect(message).toMatch(/before it could start.*ENOENT/)
  })
})
