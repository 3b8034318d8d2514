/** What the summary says below a benchmark's table: where the time goes, what was tried, and what that leaves of a target. */
export const explanations: Readonly<Record<string, string>> = {
  paper: `The largest case of the paper as it is trained there, 1,024 rows a step; every step is shown other histories. In the first of
them the system still clears pages. The dense part lies within a hundredth of its target on both sides from run to run: what is left beside it is the optimiser's pass over 792 million weights and their moments.`,
  step: `A step is matrix products, which run by oneDNN at the machine's peak, and passes over memory. Focal loss, swish with LayerNorm and the optimiser make one pass each, by kernels of our own
(\`resources/native\`). The gradient of NEASE and of the first layer is never a matrix: the optimiser adds it up from the few rows that hold anything while it steps. A profile (\`perf record\`, 3,499 items) gives
oneDNN's products 88 % of a step's processor time, the optimiser 4 %, the other kernels of ours 1 %. From run to run the dense part lies a few hundredths above or below its target, 0.85 of a plain product. At 20,720 items and
512 rows the optimiser's pass over 835 million weights and their moments (six times 3.3 GB read or written) falls on few rows; with the paper's 1,024 rows it weighs half as much (\`paper\` above). Keras is run in float32, with the same threads, before ours, since both at
a time need more than 24 GiB; it runs its products by the same library, so what is gained on it is what its passes cost, and its sparse layers as dense products. What bfloat16 does to NDCG@100 stands under \`precision\`.`,
  import: `DuckDB alone reads the types that it detected itself and leaves lists in memory. An import reads every cell as text, since an id is what is written (\`007\` is not 7) and a row that cannot be
used is kept with its reason; reads the file once before for its encoding and line ends; looks at every value of a column for what speaks for or against its meaning; numbers ids in their order; and
checks, orders, hashes and stores each history. On this machine the code of 2026-11-25, which recognised less, takes 1.84 times DuckDB's own time at 6 million ratings and 1.31 times at 20 million
(commit 0e69bed, measured in the same hour). A profile of that code at 20 million ratings (\`node --cpu-prof\`, two cores of another machine, 12.6 processor seconds in all) gave 0.7 s to the first look, 4.0 s to reading
and converting types (DuckDB alone: 2.6 s for reading and grouping), 0.8 s to numbering, 3.1 s to joining and collecting, and 4.0 s to the histories: ordering 1.3 s, SQLite 1.6 s, SHA-256 0.2 s. DuckDB's part uses
all processors; collecting and storing use one, because a library has one writer. A history is stored in the order of its times, so DuckDB's lists in that order are the fair comparison: against them the target is met
from 6 million ratings on. Against lists in any order, which DuckDB makes in less than a third of the time, it is not. What was tried: DuckDB's own sort of all rows (6.8 processor seconds, and it spills); ids as
integers where writing them back gives the same text (the comparison costs 1.5 s and saves less); larger buffers of its results (a third more processor time). DuckDB joins a table with the values of an \`IN\` of more than a
few constants, which took 2.4 of 5.4 processor seconds at 6 million ratings before it was written otherwise. What has not been built: storing one part while the next is read.
Two million ratings take as long as starting a worker and its first look at the file let them.`,
  load: `SQLite → CSR is above 20 million interactions a second at every size; with threshold, catalogue and split it is not. Most of reading goes to fetching rows (SQLite's step, an object and a
buffer for each BLOB), not to their contents, by a profile. What comes on top for
a run is one pass each for threshold, catalogue counts and catalogue, a random cut of each measured user, and copies of what is kept between them, all on one thread. Fewer and larger BLOBs, of many users each, would be the
next step; they would make one user's history dearer to read.`,
  epoch: `A thread of the worker makes the next batch while a step computes. For a model of this size that is worth nothing measurable: making the batches takes less than half a per cent of an epoch, and the waiting
is the start of the thread, once in a training. It matters where a step is as short as making its rows.`,
  ease: `Nearly all of the inverse is products of large blocks at the machine's peak, of which the symmetric ones are computed by little more than half: 1.1 n³ operations, where NumPy factorises and
solves for 2.7 n³. This process keeps what it frees, and so took a little over 7 times the matrix at 20,000 items; a worker returns it and is estimated at 4 times (\`memory\`). The float64 solution is checked at 5,000 items: at 20,000 it would take longer than everything else.`,
  score: `A batch's lists are made in one pass over its scores where TensorFlow holds them (\`resources/native/top-unseen.h\`): only 100 item numbers of a user reach JavaScript. TensorFlow's own TopKV2, which needs
a masked copy of the scores, took about as long as the heap in JavaScript that was there before.`,
  memory: `The estimate counts what a model's shapes say and is fitted to these peaks. Workers that train by gradient descent keep what they free, and small arrays of JavaScript hold holes of TensorFlow's heap open until
they are collected: that is why the numbers of arrays in it are larger than what a step needs at once. Workers that solve a model in closed form return large blocks to the system, so that for them it counts the arrays that
exist at the same time. With users a run's memory grows by what is kept of each: a number per metric.`,
}
