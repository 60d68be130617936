import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { root } from '../support/run.js';

test('the page and its worker are less than 100 kB gzipped', () => {
  const files = ['index.html', 'page.js', 'worker.js', 'page.css', 'icon.svg'];
  const sizes = files.map((name) => gzipSync(readFileSync(join(root, 'dist', 'review', 'page', name))).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(100_000);
});
