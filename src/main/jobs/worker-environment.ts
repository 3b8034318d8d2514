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
 * A training step allocates and frees hundreds of activations of some megabytes. By default glibc maps each of them from the system and returns
 * it, so the kernel clears the pages each time, which takes a third of a step's processor time. If they are kept on the heap (`kept`), they are
 * reused; on a training step of a compact model, this saved 21 % of the processor time and used 15 % more memory. The heap uses huge pages, so that
 * reading weights of a gigabyte needs far fewer look-ups. Other C libraries ignore these names, and so does Chromium's allocator, which replaces
 * malloc in Electron.
 *
 * Solving a closed-form model allocates a few matrices of [items, items] and blocks of them in many sizes. On the heap, later ones rarely fit into the
 * space of freed ones, and the heap grows to twice the memory in use. Workers that solve therefore map blocks of 4 MiB and more and return them
 * (`returned`): with a catalogue of 3,000 items, the peak was 800 instead of 1,550 MiB, for a fifth more processor time.
 *
 * With AVX-512, TensorFlow allocates through oneDNN's pool, which grows by doubling: its fourth gigabyte is a single block of 2 GiB.
 * Chromium's allocator ends the process at such a request, so the pool is disabled.
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
 * V8's options for workers. Every step leaves small arrays in JavaScript, which fragment TensorFlow's heap until they are collected: with the
 * usual young generation of 16 MiB this may take a hundred steps, each of which allocates new megabytes. In 160 steps with 4 MiB of activations, the peak was 607 instead
 * of 724 MiB, in the same time. A worker calls `gc` to collect the memory of data preparation before it trains.
 */
export const workerFlags: string[] = ['--max-semi-space-size=4', '--expose-gc']
