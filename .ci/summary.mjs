// Prints "N passed, N failed" from what vitest wrote; a run that wrote nothing counts as one failure.
import { readFileSync } from 'node:fs';

try {
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(
    readFileSync('coverage/tests.json', 'utf8'),
  );
  console.log(`${numPassedTests} passed, ${Math.max(numFailedTests, Math.min(numFailedTestSuites, 1))} failed`);
} catch {
  console.log('0 passed, 1 failed');
}
