import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { chromiumPath } from '../support/chromium.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { exportReview, madeRun } from './made-run.js';
import { closeBrowser, launch, listen, rowsShown, settled, type } from './open-page.js';

afterAll(closeBrowser);

describe.skipIf(chromiumPath === undefined)('an exported page', { timeout: 60_000 }, () => {
  test('opens from file:// with live knobs, and cannot save anything', async () => {
    const made = await madeRun(await temporaryFolder());
    const out = join(await temporaryFolder(), 'page');
    const groundTruth = { input: made.groundTruth, path: '/truth.json' };
    expect(await exportReview('0.1.0', { runs: [made.folder], out, groundTruth })).toEqual({ failed: 0 });
    const context = await (await launch()).newContext({ viewport: { width: 1280, height: 2000 }, offline: true });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const faults = listen(page);
    await page.goto(pathToFileURL(join(out, 'index.html')).href);
    await settled(page);
    const before = await page.textContent('.summary');
    await type(page, 'Score', 0.7);
    expect(await page.textContent('.summary')).not.toBe(before);
    expect(await page.textContent('#f1')).toMatch(/^0\.\d{3}$/);
    expect(await rowsShown(page)).toHaveLength(12);
    await page.click('.card >> nth=0');
    await page.waitForSelector('.viewer .region, .viewer .stage img');
    expect(await page.getByRole('button', { name: 'Accept' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Save thresholds' }).count()).toBe(0);
    expect(faults).toEqual([]);
  });
});

test('with anonymous no file has a name or path of the run', async () => {
  const made = await madeRun(await temporaryFolder(), { images: 3 });
  const out = join(await temporaryFolder(), 'page');
  await exportReview('0.1.0', { runs: [made.folder], out, anonymous: true });
  const files = await readdir(out, { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile())) {
    const text = await readFile(join(file.parentPath, file.name), 'latin1');
    expect([file.name, /picture-\d\d\d|sigbox test|small\.onnx/.test(text)]).toEqual([file.name, false]);
  }
});

test('an image that is gone is counted, and the page is written all the same', async () => {
  const made = await madeRun(await temporaryFolder(), { images: 3 });
  const out = join(await temporaryFolder(), 'page');
  const errors: string[] = [];
  const onImage = ({ error }: { error: Error | null }) => void (error !== null && errors.push(error.message));
  const options = { runs: [made.folder], images: await temporaryFolder(), out, onImage };
  expect(await exportReview('0.1.0', options)).toEqual({ failed: 2 });
  expect(errors).toEqual(['no such file', 'no such file']);
  expect(await readdir(out)).toContain('index.html');
});

test('a folder with another page is left alone', async () => {
  const made = await madeRun(await temporaryFolder(), { images: 2 });
  const out = await temporaryFolder();
  await writeFile(join(out, 'index.html'), 'mine');
  await expect(exportReview('0.1.0', { runs: [made.folder], out })).rejects.toThrow(
    /an empty folder, or one with an exported page, received "a folder with index\.html"/,
  );
  expect(await readFile(join(out, 'index.html'), 'utf8')).toBe('mine');
});
