/** What the summary says below a benchmark's table: where the time goes, what was tried, and what that leaves of a target. */
export const explanations: Readonly<Record<string, string>> = {
  step: `A step is matrix products, which run by oneDNN at the machine's peak, and passes over memory. Focal loss, swish with LayerNorm and the optimiser make one pass each, by kernels of our own
(\`resources/native/kernels.cc\`). What is left beside the products is the optimiser's traffic, seven times the size of every weight, and the dense gradient of the two sparse layers, which is
written and read once although few of its rows hold anything. Joining that sum with the optimiser, so that it is never written, has not been built. Keras runs its products by the same library: what
can be gained on it is what its own passes cost, and its sparse layers as dense products. That bfloat16 keeps validation NDCG@100 within one standard error is not measured here.`,
  epoch:
    'Batches are prepared between steps, on the thread that computes: their share is the ratio in the table. A worker thread of its own would gain no more than that.',
}
