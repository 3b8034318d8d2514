/**
 * Frees unused JavaScript memory at once. Call it after large arrays are no longer needed and before matrices are allocated. Arrays and tensors are outside
 * V8's heap, which does not know their sizes and would free them much later: until then they add to a worker's peak, and small ones
 * that lie between freed matrices keep later matrices from using that memory. Does nothing if `gc` is not exposed
 * (`jobs/worker-environment.ts` exposes it to workers).
 */
export const collectGarbage = (): void => globalThis.gc?.()
