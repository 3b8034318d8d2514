import type { Usage } from '../../shared/jobs'

const EVERY = 2000

/** Reports what this process uses of the machine, every two seconds, for as long as it lives. Steps that block the thread delay a report. */
export function reportUsage(report: (usage: Usage) => void): void {
  const began = performance.now()
  let [before, spent] = [began, process.cpuUsage()]
  setInterval(() => {
    const now = performance.now()
    const { user, system } = process.cpuUsage(spent)
    report({
      seconds: (now - began) / 1000,
      memory: process.memoryUsage.rss(),
      // Microseconds of processor time in milliseconds of time.
      processors: (user + system) / 1000 / (now - before),
    })
    before = now
    spent = process.cpuUsage()
  }, EVERY).unref()
}
