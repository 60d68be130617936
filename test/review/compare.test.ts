import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { chromiumPath } from '../support/chromium.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { madeRun, openReview } from './made-run.js';
import { closeBrowser, launch, listen, rowsShown, settled } from './open-page.js';

afterAll(closeBrowser);

describe.skipIf(chromiumPath === undefined)('two runs', { timeout: 60_000 }, () => {
  test('are shown side by side, the most different pictures first', async () => {
    const folder = await temporaryFolder();
    const one = await madeRun(folder);
    const other = await madeRun(join(folder, 'other'));
    // the second run lacks the best region of picture 2, and does not know picture 4
    const file = join(other.folder, 'unfiltered.jsonl');
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const record = JSON.parse(lines[2]!);
    const best = record.detections.shift();
    lines[2] = JSON.stringify(record);
    lines.splice(4, 1);
    await writeFile(file, `${lines.join('\n')}\n`);
    const server = await openReview('0.1.0', { runs: [one.folder, other.folder] });
    onTestFinished(() => server[Symbol.asyncDispose]());
    const context = await (await launch()).newContext({ viewport: { width: 1280, height: 2400 } });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const faults = listen(page);
    await page.goto(server.url);
    await settled(page);
    await page.waitForSelector('.card[data-row="4"] canvas[data-regions]:not([data-regions="0"])');
    const first = await rowsShown(page);
    expect(first.slice(0, 2).sort()).toEqual([2, 4]);
    await page.getByLabel('Outcome').selectOption('different');
    await settled(page);
    expect((await rowsShown(page)).sort()).toEqual([2, 4]);
    await page.click('.card[data-row="2"]');
    await page.waitForSelector('.region');
    const count = await page.locator('.region').count();
    await page.keyboard.press('b');
    await expect.poll(() => page.locator('.region').count()).toBe(count - 1);
    expect(best.score).toBeGreaterThan(0.35);
    expect(await page.getByRole('button', { name: 'Accept' }).count()).toBe(0);
    expect(faults).toEqual([]);
  });
});
