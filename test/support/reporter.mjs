/**
 * Ends a run with one line that other programs can read: `N passed, N failed, N skipped`.
 * A test file that could not even run counts as a failure.
 */
export default class TotalsReporter {
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests, numTodoTests } = results;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const line = `${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`;
    // Jest prints its own summary after every reporter, and this line has to be the last.
    process.once('exit', () => process.stdout.write(`${line}\n`));
  }
}
