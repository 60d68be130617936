import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { chromiumPath } from '../support/chromium.js';
import { root } from '../support/run.js';
import { closeBrowser, openPage } from './open-page.js';

// The rules of axe-core, which comes with what builds the site of docs/.

const axe = join(root, 'site/node_modules/axe-core/axe.min.js');
if (!existsSync(axe))
  console.warn('Skipped: accessibility of the review page. `npm ci --prefix site` installs axe-core.');

afterAll(closeBrowser);

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(axe, 'utf8'));
  // The name of a card counts its regions; its tags, which are many, are read out in the picture's own list.
  const options = { rules: { 'label-content-name-mismatch': { enabled: false } } };
  const found = (await page.evaluate(`axe.run(${JSON.stringify(options)})`)) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 3)}`);
}

describe.skipIf(!existsSync(axe) || chromiumPath === undefined)('the review page is accessible', () => {
  test.each(['light', 'dark'] as const)(
    '%s: all pictures, and one',
    async (colorScheme) => {
      const { page } = await openPage();
      await page.emulateMedia({ colorScheme });
      await page.waitForSelector('[data-regions]');
      expect(await violations(page)).toEqual([]);
      await page.click('.card >> nth=0');
      await page.waitForSelector('.region');
      expect(await violations(page)).toEqual([]);
    },
    120_000,
  );
});
