import type { FreedMemory } from './worker-process'

const MIB = 2 ** 20

/** How glibc serves large blocks. */
const largeBlocks: Readonly<Record<FreedMemory, Record<string, string>>> = {
  kept: { MALLOC_MMAP_MAX_: '0' },
  returned: { MALLOC_MMAP_THRESHOLD_: String(4 * MIB) },
}

/**
 * The environment that workers start with; variables that this process has already set take precedence.
 *
 * A training step allocates and frees hundreds of activations of some megabytes. By default glibc maps each of them from the system and gives
 * it back, so that the kernel clears the pages anew every time: a third of a step's processor time. Kept on the heap instead (`kept`), they are
 * used again; measured on a training step of a compact model, 21 % less processor time for 15 % more memory. The heap is asked for in huge pages, so that
 * weights of a gigabyte are walked with far fewer look-ups. Other C libraries ignore these names, and so does Chromium's allocator, which Electron
 * puts in malloc's place.
 *
 * Solving a closed-form model allocates a few matrices of [items, items] and blocks of them in many sizes. On the heap, later ones rarely fit where
 * earlier ones were freed, and it grows to twice what is in use. Workers that solve therefore map blocks of 4 MiB and more and give them back
 * (`returned`): measured on a catalogue of 3,000 items, 800 instead of 1,550 MiB at the highest for a fifth more processor time.
 *
 * Where TensorFlow finds AVX-512 it allocates through oneDNN's pool, which grows by doubling: its fourth gigabyte asks for a block of 2 GiB at once.
 * Chromium's allocator ends the process at such a request, so the pool is left out.
 */
export const workerEnvironment = (freed: FreedMemory): Record<string, string | undefined> => ({
  GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1',
  ...largeBlocks[freed],
  MALLOC_TRIM_THRESHOLD_: String(2 ** 40),
  MALLOC_TOP_PAD_: String(64 * MIB),
  TF_ONEDNN_USE_SYSTEM_ALLOCATOR: 'true',
  ...process.env,
})

/**
 * How V8 runs workers. Every step leaves small arrays behind in JavaScript, which pin holes of TensorFlow's heap until they are collected: with the
 * usual young generation of 16 MiB a hundred steps may pass, and each takes fresh megabytes. Measured on 160 steps of 4 MiB activations: 607 instead
 * of 724 MiB at the highest, in the same time. `gc` is there for a worker to collect what preparing the data has left before it trains.
 */
export const workerFlags: string[] = ['--max-semi-space-size=4', '--expose-gc']
