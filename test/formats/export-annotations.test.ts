import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { OwnedFiles } from '../../src/files/owned-files.js';
import { annotationsOf } from '../../src/formats/annotations.js';
import { checkLabels, removeExports, writeFormats } from '../../src/formats/export-annotations.js';
import { FORMAT_NAMES } from '../../src/formats/format.js';
import { complaint } from '../support/complaint.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { predicted } from './street.js';

let out: string;

beforeEach(async () => {
  out = join(await temporaryFolder(), 'out');
});

/** Images without regions, by their names. */
const named = (...names: string[]) =>
  annotationsOf({ labels: ['x'], images: names.map((image) => ({ image, width: 9, height: 9, regions: [] })) });

test('every format at once; a second time gives the same bytes', async () => {
  const { written, refused } = await writeFormats(predicted, { out, formats: FORMAT_NAMES });
  expect(refused).toEqual([]);
  expect(written).toEqual([
    ...['coco.json', 'coco-results.json', 'yolo/', 'voc/', 'cvat.xml', 'label-studio.json', 'label-studio.xml'],
    ...['labelme/', 'annotations.csv', 'annotations.jsonl'],
  ]);
  const before = await contents();
  expect(before.size).toBe(8 + 5 + 4 + 3); // with a hidden list of files in each of the folders
  await writeFormats(predicted, { out, formats: FORMAT_NAMES });
  expect(await contents()).toEqual(before);
});

describe('a folder of files', () => {
  const labelme = (...names: string[]) => writeFormats(named(...names), { out, formats: ['labelme'] });

  test('what an earlier export left over goes, what is of others stays', async () => {
    await labelme('a.jpg', 'sub/b.jpg');
    await writeFile(join(out, 'labelme', 'a.jpg'), 'a picture');
    await writeFile(join(out, 'labelme', 'mine.json'), 'mine');
    await labelme('a.jpg', 'c.jpg');
    expect((await readdir(join(out, 'labelme'), { recursive: true })).sort()).toEqual([
      '.sigbox-export',
      'a.jpg',
      'a.json',
      'c.json',
      'mine.json',
      'sub',
    ]);
  });

  test('what is there already is not written again', async () => {
    await labelme('a.jpg', 'b.jpg');
    await rm(join(out, 'labelme', 'b.json'));
    const longAgo = new Date(1e12);
    await utimes(join(out, 'labelme', 'a.json'), longAgo, longAgo);
    const before = await contents();
    await labelme('a.jpg', 'b.jpg');
    expect((await stat(join(out, 'labelme', 'a.json'))).mtime).toEqual(longAgo);
    expect([...(await contents()).keys()]).toEqual([...before.keys(), join(out, 'labelme', 'b.json')]);
  });

  test('a file of somebody else is not written over', async () => {
    await mkdir(join(out, 'labelme'), { recursive: true });
    await writeFile(join(out, 'labelme', 'a.json'), 'mine');
    const { refused } = await labelme('a.jpg', 'b.jpg');
    expect(refused).toEqual([
      { format: 'labelme', image: 'a.jpg', reason: 'a.json is there, and not as an export wrote it' },
    ]);
    expect(await readFile(join(out, 'labelme', 'a.json'), 'utf8')).toBe('mine');
    expect(existsSync(join(out, 'labelme', 'b.json'))).toBe(true);
  });

  test('nor the file that all images share: then nothing is written', async () => {
    await mkdir(join(out, 'yolo'), { recursive: true });
    await writeFile(join(out, 'yolo', 'data.yaml'), 'mine');
    const written = writeFormats(predicted, { out, formats: ['yolo'] });
    await expect(written).rejects.toThrow(
      complaint('E_IO', /expected only files as an export has written them, received "data\.yaml"/),
    );
    expect(await readdir(join(out, 'yolo'))).toEqual(['data.yaml']);
  });

  test('nor one that was corrected by hand, also when its image is gone', async () => {
    await labelme('a.jpg', 'b.jpg');
    for (const name of ['a.json', 'b.json']) await writeFile(join(out, 'labelme', name), 'corrected');
    const { refused } = await labelme('a.jpg');
    expect(refused.map(({ reason }) => reason)).toEqual(['a.json is there, and not as an export wrote it']);
    expect(await readFile(join(out, 'labelme', 'b.json'), 'utf8')).toBe('corrected');
  });

  test('after a crash the next export takes up what was begun', async () => {
    await labelme('a.jpg', 'b.jpg');
    const list = join(out, 'labelme', '.sigbox-export');
    const [a, b] = (await readFile(list, 'utf8')).split('\n');
    // Of a second export that was killed: a.json is not there yet, b.json is the new one, c.json was not begun.
    await writeFile(list, [a, b.replace(/[0-9a-f]{16}/, '0123456789abcdef'), b, '["c.js'].join('\n'));
    await rm(join(out, 'labelme', 'a.json'));
    const { refused } = await labelme('b.jpg', 'c.jpg');
    expect(refused).toEqual([]);
    expect((await readdir(join(out, 'labelme'))).sort()).toEqual(['.sigbox-export', 'b.json', 'c.json']);
  });

  test.each([
    ['two that differ in their ends only', 'a.png', /^a\.json is that of another image$/],
    ['a way out of the folder', '../b.jpg', /^its name leads out of the folder$/],
    ['an absolute path', '/tmp/b.jpg', /^its name leads out of the folder$/],
    ['a hidden file', 'x/.b.jpg', /^its name is that of a hidden file/],
    ['a name that is too long', `${'é'.repeat(126)}.a`, /^its file’s name is too long: é/],
  ])('refused, and the rest goes on: %s', async (_, name, reason) => {
    const { refused } = await labelme('a.jpg', name, 'c.jpg');
    expect(refused).toEqual([{ format: 'labelme', image: name, reason: expect.stringMatching(reason) }]);
    expect((await readdir(join(out, 'labelme'))).sort()).toEqual(['.sigbox-export', 'a.json', 'c.json']);
  });

  test('what is refused is on no list', async () => {
    const { refused } = await writeFormats(named('a.jpg', 'a.png'), { out, formats: ['yolo', 'voc'] });
    expect(refused.map(({ format, image }) => [format, image])).toEqual([
      ['yolo', 'a.png'],
      ['voc', 'a.png'],
    ]);
    expect(await readFile(join(out, 'yolo', 'images.txt'), 'utf8')).toBe('./images/a.jpg\n');
    expect(await readFile(join(out, 'voc', 'ImageSets/Main/default.txt'), 'utf8')).toBe('a\n');
  });

  test('twins in NFC and NFD, capitals, one name in two folders', async () => {
    const names = ['\u00e9.jpg', 'e\u0301.jpg', 'A.jpg', 'a.jpg', 'x/a.jpg', 'y/a.jpg'];
    const { refused } = await writeFormats(named(...names), { out, formats: FORMAT_NAMES });
    expect(refused).toEqual([]);
    for (const folder of ['yolo/labels', 'voc/Annotations', 'labelme']) {
      const files = await readdir(join(out, folder), { recursive: true, withFileTypes: true });
      expect(files.filter((file) => file.isFile() && !file.name.startsWith('.'))).toHaveLength(names.length);
    }
  });
});

test('an export that fails leaves the earlier file', async () => {
  await writeFormats(predicted, { out, formats: ['coco'] });
  const before = await readFile(join(out, 'coco.json'), 'utf8');
  const images = async function* () {
    yield* (await import('./street.js')).predictions.images;
    if (++passes > 1) throw new Error('broken');
  };
  let passes = 0;
  const written = writeFormats({ ...predicted, images }, { out, formats: ['coco'] });
  await expect(written).rejects.toThrow(complaint('E_IO', /coco\.json: cannot be written: broken/));
  expect(await readFile(join(out, 'coco.json'), 'utf8')).toBe(before);
  expect((await readdir(out)).sort()).toEqual(['.sigbox-export', 'coco.json']);
  await rm(out, { recursive: true });
});

async function contents(): Promise<Map<string, string>> {
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as const)));
}

test('labels that a format can’t hold are told before there are images', async () => {
  await checkLabels(['a\u0001'], ['coco', 'yolo', 'labelme', 'csv', 'jsonl']);
  for (const format of ['voc', 'cvat', 'label-studio'] as const) {
    await expect(checkLabels(['a\u0001'], ['coco', format])).rejects.toThrow(
      complaint('E_ARGUMENT', /labels that XML can contain/),
    );
  }
});

test('removeExports: files of fixed names', async () => {
  await writeFormats(predicted, { out, formats: ['coco', 'csv', 'labelme'] });
  await removeExports(await OwnedFiles.open(out), ['coco', 'labelme', 'cvat']);
  expect((await readdir(out)).sort()).toEqual(['.sigbox-export', 'annotations.csv', 'labelme']);
});

describe('what annotations come from is not written over', () => {
  test.each([
    ['the file itself', 'coco.json', 'coco', 'out/coco.json'],
    ['the folder itself', 'yolo', 'yolo', 'out/yolo'],
    ['a folder inside', 'yolo/labels', 'yolo', 'out/yolo'],
    ['a link to the file', '../link.json', 'coco', 'out/coco.json'],
  ] as const)('%s, though sigbox wrote it', async (_, name, format, place) => {
    await writeFormats(predicted, { out, formats: ['coco', 'yolo'] });
    await symlink(join(out, 'coco.json'), join(out, '..', 'link.json'));
    const before = await contents();
    const message = new RegExp(
      `^export: expected an output that is not the input, received ".*${place}"\\. Use another --out`,
    );
    const again = writeFormats(named('a.jpg'), { out, formats: [format], sources: [join(out, name)] });
    await expect(again).rejects.toThrow(complaint('E_ARGUMENT', message));
    expect(await contents()).toEqual(before);
  });

  test('nor is a file that somebody else wrote', async () => {
    await mkdir(out);
    await writeFile(join(out, 'coco.json'), '{}');
    await expect(writeFormats(named('a.jpg'), { out, formats: ['csv', 'coco'] })).rejects.toThrow(
      complaint(
        'E_IO',
        /out: coco\.json would be replaced, and sigbox did not write it, or it was changed since\. Use/,
      ),
    );
    expect(await readdir(out)).toEqual(['coco.json']);
  });
});
