/**
 * Takes the pictures of docs/review.md: the review page on a run of samples/. Needs a Chromium.
 *
 *     npm run build && npx tsx scripts/docs/review.ts
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, chromiumPath } from '../../test/support/chromium.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { openReview } = (await import(
  join(root, 'dist/review/review.js')
)) as typeof import('../../src/review/review.js');
const folder = await mkdtemp(join(tmpdir(), 'sigbox-docs-'));
const run = join(folder, 'annotated');
const annotate = ['annotate', 'samples', '--out', run, '--candidates'];
execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), ...annotate], { cwd: root, stdio: 'inherit' });
process.chdir(folder); // the page shows the run's path as it was given
const browser = await chromium.launch({ executablePath: chromiumPath!, args: CHROMIUM_FLAGS });
try {
  await using server = await openReview('', { runs: ['annotated'] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 560 } });
  const take = (name: string) => page.screenshot({ path: join(root, 'docs', name), type: 'jpeg', quality: 82 });
  await page.goto(server.url);
  await page.waitForSelector('.summary[aria-busy="false"]');
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(500);
  await take('review-gallery.jpg');
  await page.setViewportSize({ width: 1280, height: 640 });
  await page.click('.card >> nth=1');
  await page.waitForSelector('.region');
  await page.keyboard.press('c');
  await page.click('.region .choose >> nth=0');
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(500);
  await take('review-picture.jpg');
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}
