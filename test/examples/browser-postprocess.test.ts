import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postprocess } from '../../src/postprocess/index.js';
import { CHROMIUM_FLAGS, chromiumPath } from '../support/chromium.js';
import { root } from '../support/run.js';

const example = join(root, 'examples', 'browser-postprocess');
const recorded = JSON.parse(await readFile(join(example, 'street.json'), 'utf8'));

/** The same in Node: labels of each region, and scores. */
function expected(activation: 'sigmoid' | 'softmax', scoreThreshold: number): string[][] {
  const { image, outputs, spec } = recorded;
  const parents = [{ label: 'vehicle', below: ['car', 'bus', 'truck', 'bicycle'], score: 'maximum' }];
  const model = { ...spec, head: { ...spec.head, activation }, parents };
  const { detections } = postprocess(outputs, model, { image, scoreThreshold, regionIou: 0.6 });
  return detections.map(({ labels }) => [
    labels.map(({ label }) => label).join(' · '),
    labels.map(({ score }) => score.toFixed(2)).join(' · '),
  ]);
}

test('what is recorded gives regions with several labels by sigmoids, and fewer labels by softmax', () => {
  const [sigmoids, softmax] = [expected('sigmoid', 0.06), expected('softmax', 0.06)];
  expect(sigmoids.map(([labels]) => labels)).toContain('bus · vehicle · truck');
  expect(softmax.map(([labels]) => labels)).toContain('bus · vehicle');
  expect(softmax.length).toBeLessThan(sigmoids.length / 2);
});

describe.skipIf(chromiumPath === undefined)('examples/browser-postprocess in Chromium', () => {
  let server: ChildProcess;
  let url: string;

  beforeAll(async () => {
    const folder = join(root, 'coverage', 'browser-postprocess'); // inside the package, which may import itself by name
    await mkdir(folder, { recursive: true });
    await cp(example, folder, { recursive: true, filter: (path) => !path.endsWith('package.json') });
    server = spawn(process.execPath, [join(folder, 'serve.mjs')], { env: { ...process.env, PORT: '0' } });
    const [line] = await once(server.stdout!, 'data');
    url = String(line).trim();
  });
  afterAll(() => server?.kill());

  test('the page shows what Node computes, and the switch works', async () => {
    const browser = await chromium.launch({ executablePath: chromiumPath!, args: CHROMIUM_FLAGS });
    try {
      const page = await browser.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('response', (response) => response.ok() || faults.push(response.url()));
      await page.goto(url);
      await page.waitForSelector('#regions tr');
      expect(await rows(page)).toEqual(expected('sigmoid', 0.06));
      await page.getByLabel('softmax').check();
      expect(await rows(page)).toEqual(expected('softmax', 0.06));
      await page.getByLabel('Threshold').fill('0.5');
      expect(await rows(page)).toEqual(expected('softmax', 0.5));
      await page.getByLabel('vehicle above').uncheck();
      expect((await rows(page)).flat().join(' ')).not.toContain('vehicle');
      expect(await page.locator('svg rect').count()).toBe(expected('softmax', 0.5).length);
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  }, 60_000);

  test('nothing but the page and what it needs is served', async () => {
    for (const path of ['/sigbox/package.json', '/../../package.json', '/%2e%2e/%2e%2e/package.json', '/none.js']) {
      expect((await fetch(new URL(path, url))).status, path).toBe(404);
    }
  });
});

function rows(page: Page): Promise<string[][]> {
  return page.$$eval('#regions tr', (found) => found.map((row) => [...row.children].map((cell) => cell.textContent!)));
}
