import { stripVTControlCharacters } from 'node:util'

/**
 * Counts over all parts of the tests, and what failed: `{name, message}` each. Where `strict`, a part that could not run has failed.
 */
export function newTally(strict) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const failures = []
  return {
    counts,
    add(more) {
      for (const kind of Object.keys(counts)) counts[kind] += more[kind] ?? 0
      failures.push(...(more.failures ?? []))
    },
    /** A part that cannot run on this machine. */
    cannotRun(part, reason) {
      process.stdout.write(`${strict ? '✗' : '–'} ${part}: ${strict ? 'cannot run' : 'skipped'}. ${reason}\n`)
      counts[strict ? 'failed' : 'skipped'] += 1
      if (strict) failures.push({ name: part, message: reason })
    },
    /** All failures together, because often only the end of a long record is kept. Empty if nothing failed. */
    failed: () => failures.map(({ name, message }) => `✗ ${name}\n${message.replace(/^/gm, '    ')}\n`).join(''),
    lastLine: () => `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
  }
}

/** The lines of a failure that are repeated at the end. */
const shownLines = 25

/**
 * Counts of one vitest run from its JSON report (null if none was written), with the tests that failed. A file that could not be
 * loaded, and a run that ended badly without a failing test, count as one failure each.
 */
export function countVitest(part, report, exitCode) {
  const ended = { name: part, message: `It ended with the exit code ${exitCode}; what it said stands above.` }
  if (report === null) return { failed: 1, failures: [ended] }
  const failures = report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter((test) => test.status === 'failed')
    if (failed.length > 0)
      return failed.map((test) => ({
        name: `${file.name}: ${test.fullName}`,
        message: firstLines(test.failureMessages.join('\n')),
      }))
    return file.status === 'failed' ? [{ name: file.name, message: firstLines(file.message) }] : []
  })
  if (failures.length === 0 && exitCode !== 0) failures.push(ended)
  return {
    passed: report.numPassedTests,
    failed: failures.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  }
}

const firstLines = (text) => stripVTControlCharacters(text).split('\n').slice(0, shownLines).join('\n')

/** The end of a program's output, where programs report errors. */
export const lastLines = (text) => stripVTControlCharacters(text).trimEnd().split('\n').slice(-shownLines).join('\n')
