import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { built } from '../support/built.js';
import { chromiumPath } from '../support/chromium.js';
import { sample } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { openReview } from './made-run.js';
import { closeBrowser, launch, listen, settled } from './open-page.js';

afterAll(closeBrowser);

test.skipIf(chromiumPath === undefined)(
  'the page says which rules a region violated, and what they changed',
  async () => {
    const out = join(await temporaryFolder(), 'run');
    const map = { rules: { excludes: [['cup', 'vase']], implies: { laptop: ['keyboard'] } } };
    const options = { out, map, regionIou: 0.6, scoreThreshold: 0.12, workers: 0, pictures: false };
    for await (const _ of built.annotate(sample('table.jpg'), options));
    const server = await openReview('0.1.0', { runs: [out] });
    try {
      const page = await (await launch()).newPage({ viewport: { width: 1280, height: 2000 } });
      const faults = listen(page);
      await page.goto(server.url);
      await settled(page);
      await page.click('.card >> nth=0');
      await page.waitForSelector('.region');
      const laptop = page.locator('.region', { hasText: 'laptop' });
      expect(await laptop.textContent()).toMatch(/laptop.*keyboard\s*by rule/);
      await page.locator('.region', { hasText: 'cup' }).locator('button.choose').click();
      expect(await page.textContent('.region.chosen .details')).toMatch(
        /Violated: cup excludes vase\. Without vase 0\.\d\d\./,
      );
      expect(faults).toEqual([]);
      await page.close();
    } finally {
      await server[Symbol.asyncDispose]();
    }
  },
  60_000,
);
