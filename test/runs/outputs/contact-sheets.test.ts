import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { complaint } from '../../support/complaint.js';
import { annotate, at, images, useFolders } from '../folder-run.js';

useFolders();

const sheets = { pictures: true, pictureSize: 64, contactSheet: true };
const there = () => readdir(join(at.out, 'contact-sheets'));

test('48 drawn pictures on a sheet; no sheet is taken for an image', async () => {
  await images(Object.fromEntries(Array.from({ length: 49 }, (_, i) => [`${i}.jpg`, 'table.jpg'])));
  await annotate(sheets);
  expect(await there()).toEqual(['1.jpg', '2.jpg']);
  at.input = at.out; // a run draws none of its own pictures again
  await expect(annotate({ ...sheets, restart: true })).rejects.toThrow(
    complaint('E_IO', /expected pictures, received/),
  );
  expect(await there()).toEqual(['1.jpg', '2.jpg']);
});

test('a file of a user under a sheet’s name is refused before the first inference', async () => {
  await images({ 'a.jpg': 'table.jpg' });
  await mkdir(join(at.out, 'contact-sheets'), { recursive: true });
  await writeFile(join(at.out, 'contact-sheets', '1.jpg'), 'mine');
  await expect(annotate(sheets)).rejects.toThrow(complaint('E_IO', /contact-sheets\/1\.jpg would be replaced/));
  expect(await readdir(at.out)).not.toContain('unfiltered.jsonl');
});

test('without pictures there are none', async () => {
  await expect(annotate({ contactSheet: true })).rejects.toThrow(
    complaint('E_ARGUMENT', /expected options\.pictures to be true with options\.contactSheet/),
  );
});
