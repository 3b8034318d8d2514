/** What the summary says below a benchmark's table: where the time goes, what was tried, and what that leaves of a target. */
export const explanations: Readonly<Record<string, string>> = {
  step: `A step is matrix products, which run by oneDNN at the machine's peak, and passes over memory. Focal loss, swish with LayerNorm and the optimiser make one pass each, by kernels of our own
(\`resources/native/kernels.cc\`). What is left beside the products is the optimiser's traffic, seven times the size of every weight, and the dense gradient of the two sparse layers, which is
written and read once although few of its rows hold anything. Joining that sum with the optimiser, so that it is never written, has not been built. Keras runs its products by the same library: what
can be gained on it is what its own passes cost, and its sparse layers as dense products. That bfloat16 keeps validation NDCG@100 within one standard error is not measured here.`,
  import: `DuckDB alone reads the types that it told itself and leaves lists in memory. An import reads every cell as text, since an id is what is written (\`007\` is not 7) and a row that cannot be
used is kept with its reason; reads the file once before for its encoding and line ends; numbers ids in their order; and checks, orders, hashes and stores each history. A profile of 20 million ratings
(\`node --cpu-prof\`, two busy cores, 12.6 processor seconds in all, 26 before) gives 0.7 s to the first look, 4.0 s to reading and casting (DuckDB alone: 2.6 s for reading and grouping), 0.8 s to numbering,
3.1 s to joining and collecting, and 4.0 s to the histories: ordering 1.3 s, SQLite 1.6 s, SHA-256 0.2 s. DuckDB's part uses all processors; collecting and storing use one, because a library has one writer. The
processor time alone is 4.8 times that of DuckDB's lists in any order and twice that of its lists in the order of time (6.1 s), so 1.5 is out of reach for the first and near for the second. What was tried: DuckDB's own sort of all rows (6.8 processor seconds, and it spills); ids as
integers where writing them back gives the same text (the comparison costs 1.5 s and saves less); larger buffers of its results (a third more processor time). What has not been built: storing one part while the next is read. The
table was measured beside other programs on both cores; it is to be measured anew on a quiet machine.`,
  load: `Other programs kept both cores busy, so the figures per processor second are nearest to what an idle machine does; by them SQLite → CSR is above 20 million at every size. Most of it goes to fetching rows (SQLite's step, an object and a
buffer for each BLOB), not to their contents, by a profile. What comes on top for
a run is one pass each for threshold, catalogue counts and catalogue, a random cut of each measured user, and copies of what is kept between them, all on one thread. Fewer and larger BLOBs, of many users each, would be the
next step; they would make one user's history dearer to read.`,
  epoch:
    'Batches are prepared between steps, on the thread that computes: their share is the ratio in the table. A worker thread of its own would gain no more than that.',
  ease: `Nearly all of the inverse is products of large blocks at the machine's peak, of which the symmetric ones are computed by little more than half: 1.1 n³ operations, where NumPy factorises and
solves for 2.7 n³. At 20,000 items the room for it is 8 times the matrix (13 GB). The float64 solution is checked at 5,000 items: at 20,000 it would take longer than everything else.`,
  score: `A batch's lists are made in one pass over its scores where TensorFlow holds them (\`resources/native/top-unseen.h\`): only 100 item numbers of a user reach JavaScript. TensorFlow's own TopKV2, which needs
a masked copy of the scores, took about as long as the heap in JavaScript that was there before.`,
  memory: `The estimate counts what a model's shapes say and is fitted to these peaks. Beyond that, workers keep what they free, and small arrays of JavaScript hold holes of TensorFlow's heap open until they are
collected: that is why the numbers of arrays in it are larger than what a step needs at once. With users a run's memory grows by what is kept of each: a number per metric.`,
}
