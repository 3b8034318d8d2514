/** What the summary says below a benchmark's table: where the time goes, what was tried, and what that leaves of a target. */
export const explanations: Readonly<Record<string, string>> = {
  step: `Where a step's processor time goes (H=4096, L=2048, 3,499 items, 512 rows; profile of every op on two AMD EPYC cores): before our own kernels 4.09 s,
of which 3.20 s were matrix products, at the machine's peak (208 GFLOP per processor second, oneDNN), 0.33 s the two fused optimiser ops, and 0.4 s the passes of
focal loss, swish and LayerNorm. With kernels that make one pass each (\`resources/native/kernels.cc\`) focal loss takes 0.010 s and swish with LayerNorm 0.05 s;
the optimiser reads and writes 7 times a weight's size instead of 11. Huge pages for the heap took another 8 %.

What is left beside the products is memory traffic: the optimiser's 7 passes, and the dense gradient of the two sparse layers, which is written and read once although
few of its rows hold anything. Joining that sum with the optimiser, so that it is never written, has not been built. Keras runs its products by the same library:
what can be gained on it is what its own passes cost, and its sparse layers as dense products, 12 % of the others at 3,499 items. That bfloat16 keeps validation
NDCG@100 within one standard error is not measured here.`,
  epoch:
    'Batches are prepared between steps, on the thread that computes: their share is the ratio in the table. A worker thread of its own would gain no more than that.',
}
