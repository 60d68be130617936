import { expect, test } from 'vitest';
import { coverage } from '../support/coverage.js';

// test/by-hand/compare-coverage.ts has 1,000 pairs; of 60, 53 to 60 hold the truth in all but one of a thousand such tests
test('95 % intervals hold the true difference', () => {
  const share = coverage({ pairs: 60, images: 60, resamples: 120, population: 5000 });
  expect(60 * share).toBeGreaterThanOrEqual(52);
});
