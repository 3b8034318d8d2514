/** Counts over all parts of the tests. Where `strict`, a part that could not run has failed. */
export function newTally(strict) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  return {
    counts,
    add(more) {
      for (const kind of Object.keys(counts)) counts[kind] += more[kind] ?? 0
    },
    /** A part that cannot run on this machine. */
    cannotRun(part, reason) {
      process.stdout.write(`${strict ? '✗' : '–'} ${part}: ${strict ? 'cannot run' : 'skipped'}. ${reason}\n`)
      counts[strict ? 'failed' : 'skipped'] += 1
    },
    lastLine: () => `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
  }
}

/**
 * Counts of one vitest run from its JSON report (null where none was written). A file that could not be loaded, and a run that ended
 * badly without a failing test, count as one failure each.
 */
export function countVitest(report, exitCode) {
  if (report === null) return { failed: 1 }
  const unloadable = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length
  const failed = report.numFailedTests + unloadable
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}
