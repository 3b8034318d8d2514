/** Messages of the scripts go to standard error: standard output belongs to the command that is run. */
export const say = (sentence) => process.stderr.write(`vasp-studio: ${sentence}\n`)

export const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MB`

/** Prints every 15 seconds that `what` is still running, so that a silent download does not look like a hang. */
export async function whileSaying(what, work) {
  const started = Date.now()
  const timer = setInterval(() => say(`${what}: ${Math.round((Date.now() - started) / 1000)} s so far`), 15_000)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
