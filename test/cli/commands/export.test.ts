import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { headerOf, recordOf, regionOf, writeRun } from '../../runs/runs.js';
import { folderOf } from '../../support/folder-of.js';
import { sample, sigbox } from '../../support/run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('of a run', () => {
  let folder: string;

  beforeEach(async () => {
    folder = join(await temporaryFolder(), 'run');
    const results = [
      recordOf('a.jpg', regionOf([1, 2, 30, 40], [2, 0.75], [3, 0.25]), regionOf([5, 5, 9, 9], [1, 0.5])),
      recordOf('a.png'),
    ];
    await writeRun(folder, { header: headerOf(), results });
  });

  const labels = async () => {
    const text = await readFile(join(folder, 'annotations.csv'), 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').slice(8).join(' '));
  };

  test.each([
    ['the run’s own score', [], ['car 0.75', 'person 0.5', ' ']],
    ['a higher one', ['--score', '0.6'], ['car 0.75', ' ']],
    [
      'one between the run’s and its floor, and a label’s own',
      ['--score', '0.2', '--score', 'car=0.8'],
      ['truck 0.25', 'person 0.5', ' '],
    ],
    ['only some labels', ['--score', '0.1', '--exclude', 'car,person'], ['truck 0.25', ' ']],
  ])('%s', async (_, args, expected) => {
    const { status, stdout, stderr } = await sigbox(['export', folder, '--format', 'csv', ...args]);
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: `2 images: ${folder}/annotations.csv\n`,
      stderr: '',
    });
    expect(await labels()).toEqual(expected);
  });

  test('what a format can’t hold is named, and the rest is written', async () => {
    const { status, stdout, stderr } = await sigbox(['export', folder, '--format', 'labelme,voc']);
    expect([status, stdout]).toEqual([3, `2 images: ${folder}/labelme/, ${folder}/voc/\n`]);
    expect(stderr).toBe(
      'sigbox: a.png: left out of labelme: a.json is that of another image\n' +
        'sigbox: a.png: left out of voc: Annotations/a.xml is that of another image\n',
    );
  });

  test.each([
    [
      'a score under the floor',
      ['--score', '0.01'],
      /^sigbox: --score: expected a number from 0\.05 on, received 0\.01\. .*--floor 0\.01\.\n$/,
    ],
    [
      'a label that there isn’t',
      ['--include', 'cat'],
      /^sigbox: labels: expected a label that occurs, received "cat"\./,
    ],
    ['another format', ['--format', 'kitti'], /^sigbox: --format: expected 'coco', .*, received "kitti"\.\n$/],
  ])('refused: %s', async (_, args, message) => {
    const { status, stderr } = await sigbox(['export', folder, '--format', 'csv', ...args]);
    expect(status).toBe(64);
    expect(stderr).toMatch(message);
  });
});

describe('of annotations', () => {
  test('YOLO to COCO and back, sizes from the images', async () => {
    const folder = await folderOf({
      'data.yaml': 'val: images\nnames: [person]\n',
      'images/street.jpg': await readFile(sample('street.jpg')),
      'labels/street.txt': '0 0.5 0.5 0.25 0.5\n',
    });
    const out = join(folder, 'out');
    expect(await sigbox(['export', folder, '--format', 'coco', '--out', out])).toMatchObject({ status: 0, stderr: '' });
    const back = await sigbox(['export', join(out, 'coco.json'), '--format', 'yolo', '--out', out]);
    expect(back).toMatchObject({ status: 0, stderr: '' });
    expect(await readFile(join(out, 'yolo/labels/street.txt'), 'utf8')).toBe('0 0.5 0.5 0.25 0.5\n');
  });

  test('COCO results need their dataset, and keep its numbers', async () => {
    const images = [{ id: 7, file_name: 'a.jpg', width: 9, height: 9 }];
    const results = [{ image_id: 7, category_id: 44, bbox: [1, 1, 2, 2], score: 0.5 }];
    const folder = await folderOf({
      'truth.json': JSON.stringify({ images, annotations: [], categories: [{ id: 44, name: 'bottle' }] }),
      'results.json': JSON.stringify(results),
    });
    const args = ['export', 'results.json', '--format', 'coco-results', '--out', '.'];
    const without = await sigbox(args, { cwd: folder });
    expect([without.status, without.stderr]).toEqual([
      64,
      expect.stringMatching(/^sigbox: results\.json: expected a dataset/),
    ]);
    expect(
      await sigbox([...args, '--dataset', 'truth.json', '--image-ids', 'truth.json'], { cwd: folder }),
    ).toMatchObject({ status: 0 });
    expect(JSON.parse(await readFile(join(folder, 'coco-results.json'), 'utf8'))).toEqual(results);
  });

  test.each([
    ['no folder to write to', ['a.json', '--format', 'coco'], 64, /^sigbox: --out is missing: name a folder/],
    ['no format', ['a.json', '--out', 'o'], 64, /^sigbox: export: --format is missing\./],
    ['no file', ['a.json', '--format', 'voc', '--out', 'o'], 66, /^sigbox: a\.json: cannot be read: ENOENT/],
  ])('refused: %s', async (_, args, status, message) => {
    const cwd = await temporaryFolder();
    const outcome = await sigbox(['export', ...args], { cwd });
    expect([outcome.status, outcome.stderr]).toEqual([status, expect.stringMatching(message)]);
    expect(await readdir(cwd)).toEqual([]);
  });
});
