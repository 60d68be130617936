import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OwnedFiles } from '../../../src/files/owned-files.js';
import { IndexPages } from '../../../src/runs/outputs/index-page/write-index.js';
import { HOSTILE_NAMES } from '../../support/hostile-names.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { annotate, at, images, useFolders } from '../folder-run.js';
import { headerOf, recordOf, regionOf } from '../runs.js';

useFolders();

const summary = {
  ...{ images: 2, empty: 1, damaged: 0, notBegun: 0, otherFiles: 0, failures: [], labels: [], rules: [] },
  ...{ done: 0, seconds: 0 },
};

async function pagesOf(files: OwnedFiles, names: readonly string[], changes: object = {}): Promise<void> {
  const index = new IndexPages(files, { header: headerOf(changes), images: names });
  for (const name of names) await index.add(recordOf(name, regionOf([0, 0, 9, 9], [1, 0.9], [2, 0.1])));
  await index.finish({ ...summary, images: names.length }, ['csv']);
}

test('10,000 images: a hundred pages that lead to each other; more are not shown, and the first page says so', async () => {
  const files = await OwnedFiles.open(await temporaryFolder());
  const read = (file: string) => readFile(join(files.folder, file), 'utf8');
  await pagesOf(
    files,
    Array.from({ length: 10_001 }, (_, i) => `${i}.jpg`),
  );
  const first = await read('index.html');
  expect(first).toContain('The first 10,000 of 10,001 images are shown here');
  expect(first.match(/<figure>/g)).toHaveLength(100);
  expect(first).toContain('href="pages/2.html"');
  expect(await readdir(join(files.folder, 'pages'))).toHaveLength(99);
  expect(await read('pages/2.html')).toMatch(/href="\.\.\/index\.html".*href="\.\.\/pages\/3\.html"/);
  const last = await read('pages/100.html');
  expect(last).toContain('9999.jpg');
  expect(last).not.toMatch(/10000\.jpg|Next page/);

  await pagesOf(files, ['a.jpg']);
  expect(await readdir(join(files.folder, 'pages'))).toEqual([]);
  expect(await read('index.html')).not.toContain('<nav');
});

test('counts what reaches the thresholds of a run for evaluation from the usual score on', async () => {
  const files = await OwnedFiles.open(await temporaryFolder());
  await pagesOf(files, ['a.jpg'], { thresholds: { scoreThreshold: 0.001, labelThresholds: {} } });
  expect(await readFile(join(files.folder, 'index.html'), 'utf8')).toContain('<p>person 1</p>');
});

test('hostile names: escaped, without any script, and every picture is found', async () => {
  await images(
    Object.fromEntries([...HOSTILE_NAMES, '<script>alert(1)<／script>.jpg'].map((name) => [name, 'table.jpg'])),
  );
  await annotate({ pictures: true, pictureSize: 64 });
  const page = await readFile(join(at.out, 'index.html'), 'utf8');
  expect(page).not.toMatch(/<script|\son\w+=/i);
  expect(page).toContain("default-src 'none'".replaceAll("'", '&#39;'));
  expect(page).toContain('&#60;script&#62;alert(1)');
  const pictures = [...page.matchAll(/<img src="([^"]*)"/g)].map(([, url]) => url!.replaceAll('&#39;', "'"));
  expect(pictures).toHaveLength((await readdir(join(at.out, 'pictures'), { recursive: true })).length - 2); // two folders
  const base = 'file:///run/index.html';
  for (const url of pictures) {
    const { pathname, search, hash } = new URL(url, base);
    expect([search, hash]).toEqual(['', '']);
    await access(join(at.out, decodeURIComponent(pathname).replace(/^\/run\//, '')));
  }
});

test('the same results give the same pages; those of somebody else are not written over', async () => {
  await images({ 'a.jpg': 'table.jpg' });
  await annotate();
  const page = await readFile(join(at.out, 'index.html'), 'utf8');
  await annotate({ restart: true });
  expect(await readFile(join(at.out, 'index.html'), 'utf8')).toBe(page);
});
