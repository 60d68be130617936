/**
 * Whether 95 % intervals of `compare` hold the true difference in 95 of 100 cases: 1,000 pairs of made-up models with a known
 * difference, in four settings. About ten minutes.
 *
 *     npx tsx test/by-hand/compare-coverage.ts
 */
import { coverage } from '../support/coverage.js';

const many = Array.from({ length: 40 }, () => 1 / 40);
const settings = [
  { name: '100 images, 4 labels', images: 100 },
  { name: '300 images, 4 labels', images: 300 },
  { name: '40 images, 4 labels', images: 40 },
  { name: '100 images, 40 labels with 6 objects each', images: 100, shares: many },
];
for (const { name, ...setting } of settings) {
  const share = coverage({ pairs: 1000, resamples: 400, population: 30_000, ...setting });
  console.log(
    `${name}: ${(100 * share).toFixed(1)} %${Math.abs(share - 0.95) <= 0.02 ? '' : ', not within 95 % ± 2 %'}`,
  );
}
