import { mkdir, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { built } from '../support/built.js';
import { complaint } from '../support/complaint.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { annotate, at, images, useFolders } from './folder-run.js';

useFolders();

const exported = async (out: string, linkImages: boolean | string = true) => {
  return built.exportAnnotations(await built.readRun(at.out), { formats: ['yolo'], out, linkImages });
};

test('YOLO with linked pictures: each listed image is there, and its labels where trainers look for them', async () => {
  await images({ 'a.jpg': 'street.jpg', 'sub/b.jpg': 'table.jpg' });
  await annotate({ formats: ['csv'] });
  const out = await temporaryFolder();
  for (let i = 0; i < 2; i++) await exported(out);
  const folder = join(out, 'yolo');
  expect(await realpath(join(folder, 'images'))).toBe(await realpath(at.input));
  const listed = (await readFile(join(folder, 'images.txt'), 'utf8')).trimEnd().split('\n');
  expect(listed).toEqual(['./images/a.jpg', './images/sub/b.jpg']);
  for (const image of listed) {
    await readFile(join(folder, image));
    await readFile(join(folder, image.replace('/images/', '/labels/').replace(/\.jpg$/, '.txt')));
  }
  await annotate({ formats: ['csv'], out: join(out, 'again') }); // beside it nothing of the pictures is touched
  expect((await readdir(at.input)).sort()).toEqual(['a.jpg', 'sub']);
});

test('what a user has under that name stays', async () => {
  await images({ 'a.jpg': 'street.jpg' });
  await annotate({ formats: ['csv'] });
  const out = await temporaryFolder();
  await mkdir(join(out, 'yolo'));
  await symlink('/somewhere', join(out, 'yolo', 'images'));
  await expect(exported(out)).rejects.toThrow(complaint('E_IO', /images: something else is there than a link to /));
  await rm(join(out, 'yolo', 'images'));
  await writeFile(join(out, 'yolo', 'images'), 'mine');
  await expect(exported(out)).rejects.toThrow(complaint('E_IO', /Move it away, or leave out --link-images/));
});

test('annotations that know no folder of their pictures need one', async () => {
  const dataset = { labels: ['car'], images: [] };
  const out = await temporaryFolder();
  const wanted = built.exportAnnotations(dataset, { formats: ['yolo'], out, linkImages: true });
  await expect(wanted).rejects.toThrow(
    complaint('E_ARGUMENT', /expected the folder of the pictures .*--images names it/),
  );
});
