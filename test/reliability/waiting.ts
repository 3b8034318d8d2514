import { setTimeout as pause } from 'node:timers/promises'

export { pause }

/** Asks every 20 ms until it is so; @returns false where `patience` milliseconds have passed before. */
export async function waitUntil(isSo: () => boolean, patience: number): Promise<boolean> {
  const end = performance.now() + patience
  while (!isSo()) {
    if (performance.now() > end) return false
    await pause(20)
  }
  return true
}

/** The answer, or a message about one that did not arrive in time. */
export async function within<T>(work: Promise<T>, patience: number, what: string): Promise<T> {
  const clock = new AbortController()
  try {
    return await Promise.race([
      work,
      pause(patience, undefined, { signal: clock.signal }).then(() => {
        throw new Error(`${what} did not come within ${patience / 1000} s.`)
      }),
    ])
  } finally {
    clock.abort()
  }
}
