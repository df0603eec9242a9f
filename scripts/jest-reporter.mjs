/**
 * One line per file of specs and every failure in full: what a person wants to see of some thousand tests. The counts go to the
 * file that `JEST_REPORT` names.
 */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

export default class CompactReporter {
  #root;

  constructor(globalConfig) {
    this.#root = globalConfig.rootDir;
  }

  onTestResult(test, result) {
    const { numFailingTests: failed, numPassingTests: passed, perfStats } = result;
    const skipped = result.numPendingTests + result.numTodoTests;
    const counts = [`${passed} passed`];
    if (failed > 0) counts.push(`${failed} failed`);
    if (skipped > 0) counts.push(`${skipped} skipped`);
    if (result.testExecError) counts.push('did not run');
    const broken = failed > 0 || Boolean(result.testExecError);
    const seconds = ((perfStats.end - perfStats.start) / 1000).toFixed(1);
    const file = relative(this.#root, test.path);
    process.stdout.write(`  ${broken ? '✗' : '✓'} ${file}: ${counts.join(', ')}, ${seconds} s\n`);
    if (broken && result.failureMessage) process.stdout.write(`${result.failureMessage}\n`);
  }

  onRunComplete(_contexts, results) {
    const tests = results.testResults.flatMap((file) => file.testResults);
    const left = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
    const counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: left.map((test) => test.fullName),
    };
    writeFileSync(process.env.JEST_REPORT, JSON.stringify(counts));
  }
}
