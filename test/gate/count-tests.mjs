// @ts-check
/**
 * @typedef {{ status: string, assertionResults: { status: string }[] }} FileReport
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * What a vitest JSON report says, as counts. A file that fails without a failed test, because it cannot be loaded or set up, counts as one.
 * @param {{ testResults: FileReport[] }} report
 * @returns {Counts}
 */
export function countTests(report) {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const count = (/** @type {string} */ status) => tests.filter((test) => test.status === status).length;
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const [passed, failed] = [count('passed'), count('failed')];
  return { passed, failed: failed + brokenFiles, skipped: tests.length - passed - failed };
}

/**
 * The counts of a run that also had an exit code: a run without a single test, or one that failed without saying which test did, has failed.
 * @param {Counts} counts
 * @param {number | string} exitCode a number, or the signal that ended it
 * @returns {Counts}
 */
export function withExitCode(counts, exitCode) {
  const isSilentFailure = counts.failed === 0 && (exitCode !== 0 || counts.passed === 0);
  return isSilentFailure ? { ...counts, failed: 1 } : counts;
}
