import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { CHROMIUM_FLAGS, chromiumPath } from './support/chromium.js';
import { randomNumbers } from './support/random.js';
import { serve } from './support/serve.js';

// sigbox/postprocess as it is built: dist/postprocess.js is one file for the web, dist/postprocess/index.js its parts.

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const support = fileURLToPath(new URL('support/', import.meta.url));
const BUNDLE = 'postprocess.js';
const PARTS = 'postprocess/index.js';

test('the part for browsers is one file of less than 40 kB gzipped', () => {
  const bundle = readFileSync(join(dist, BUNDLE));
  expect(importsOf(bundle.toString())).toEqual([]);
  expect(gzipSync(bundle).length).toBeLessThan(40_000);
  expect(bundle.toString()).not.toContain('LABEL=N'); // help of the command line
});

test('no part of it imports a module of Node’s, nor a package but the one for checks', () => {
  const seen = new Set<string>();
  const left = [join(dist, PARTS)];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const targets = importsOf(readFileSync(file, 'utf8'));
    expect(
      targets.filter((target) => !target.startsWith('.') && target !== 'valibot'),
      file,
    ).toEqual([]);
    left.push(...targets.filter((target) => target.startsWith('.')).map((target) => join(dirname(file!), target)));
  }
  expect(seen.size).toBeGreaterThan(20);
});

describe.skipIf(chromiumPath === undefined)('in Chromium', () => {
  test.each([BUNDLE])(
    // its parts import a package, which a browser cannot find by name
    '%s gives the bytes that it gives in Node',
    async (module) => {
      await using server = await serve([dist, support]);
      const browser = await chromium.launch({ executablePath: chromiumPath!, args: CHROMIUM_FLAGS });
      try {
        const page = await browser.newPage();
        const faults: string[] = [];
        page.on('pageerror', (error) => faults.push(error.message));
        page.on('requestfailed', (request) => faults.push(request.url()));
        await page.goto(server.url);
        const [url, numbers] = [`${server.url}/${module}`, JSON.stringify(given())];
        const inBrowser = await page.evaluate(
          `import('/calculation.mjs').then(({ calculate }) => calculate('${url}', ${numbers}))`,
        );
        const { calculate } = (await import(pathToFileURL(join(support, 'calculation.mjs')).href)) as Calculation;
        const inNode = await calculate(pathToFileURL(join(dist, module)).href, given());
        expect(inBrowser).toEqual(inNode);
        expect(faults).toEqual([]);
        const { detections, sigmoid } = JSON.parse(inNode);
        expect(detections.map(({ length }: unknown[]) => length)).toEqual(new Array(8).fill(expect.any(Number)));
        expect(Math.min(...detections.map(({ length }: unknown[]) => length))).toBeGreaterThan(3);
        expect(sigmoid).toHaveLength(500);
      } finally {
        await browser.close();
      }
    },
    60_000,
  );
});

interface Calculation {
  calculate(url: string, given: { values: number[]; logits: number[] }): Promise<string>;
}

/** Raw outputs of a YOLO, [1, 4 + 3, 400], and logits. */
function given() {
  const random = randomNumbers(17);
  const column = (low: number, high: number) => Array.from({ length: 400 }, () => low + (high - low) * random());
  const boxes = [column(0, 64), column(0, 64), column(8, 24), column(8, 24)].flat();
  const scores = [column(-6, 2), column(-6, 2), column(-6, 2)].flat();
  return { values: [...boxes, ...scores], logits: Array.from({ length: 500 }, () => 240 * random() - 120) };
}

function importsOf(source: string): string[] {
  return [...source.matchAll(/\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map(([, target]) => target!);
}
