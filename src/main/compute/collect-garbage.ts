/**
 * Frees what JavaScript no longer uses, at once. Call it where large arrays have just been given up and matrices follow. Arrays and tensors lie outside
 * V8's heap, which hardly sees how large they are and would free them much later: until then they add to the peak of a worker, and small ones
 * that lie between freed matrices keep later matrices from using that memory. Does nothing where `gc` is not exposed
 * (`jobs/worker-environment.ts` exposes it to workers).
 */
export const collectGarbage = (): void => globalThis.gc?.()
