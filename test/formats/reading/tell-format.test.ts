import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDataset } from '../../../src/formats/read-dataset.js';
import { tellFormat } from '../../../src/formats/reading/tell-format.js';
import { complaint } from '../../support/complaint.js';
import { folderOf } from '../../support/folder-of.js';

test.each([
  ['COCO', 'a.json', '{"annotations":[],"images":[],"categories":[]}', 'coco'],
  ['COCO results', 'a.json', '[{"image_id":1,"category_id":1,"bbox":[0,0,1,1],"score":1}]', 'coco-results'],
  ['Label Studio', 'a.json', '[{"data":{"image":"a.jpg"},"predictions":[]}]', 'label-studio'],
  ['LabelMe', 'a.json', '{"shapes":[],"imagePath":"a.jpg"}', 'labelme'],
  ['other JSON', 'a.json', '{"shapes":[]}', null],
  ['an empty list', 'a.json', '[]', null],
  ['CVAT', 'a.XML', '\ufeff<?xml version="1.0"?>\n<!-- <annotation> --><annotations>', 'cvat'],
  ['VOC', 'a.xml', '<annotation verified="yes">', 'voc'],
  ['other XML', 'a.xml', '<svg/>', null],
  ['YOLO', 'data.yaml', '', 'yolo'],
  ['CSV', 'a.csv', '', 'csv'],
  ['JSON Lines', 'unfiltered.jsonl', '', 'jsonl'],
  ['something else', 'a.txt', '', null],
])('a file: %s', async (_, name, content, format) => {
  expect(await formatAt(join(await folderOf({ [name]: content }), name))).toBe(format);
});

test.each([
  ['a run', ['unfiltered.jsonl', 'coco.json'], 'jsonl'],
  ['VOC’s development kit', ['Annotations/a.xml', 'JPEGImages/a.jpg'], 'voc'],
  ['YOLO', ['data.yaml', 'labels/a.txt'], 'yolo'],
  ['labelImg', ['classes.txt', 'a.txt'], 'yolo'],
  ['something else', ['readme.md'], null],
])('a folder: %s', async (_, names, format) => {
  expect(await formatAt(await folderOf(Object.fromEntries(names.map((name) => [name, '']))))).toBe(format);
});

test('folders whose files tell it', async () => {
  expect(await formatAt(await folderOf({ 'sub/a.xml': '<annotation/>' }))).toBe('voc');
  expect(await formatAt(await folderOf({ 'a.json': '{}', 'b.json': '{"shapes":[],"imagePath":""}' }))).toBe('labelme');
});

test('what can’t be told names the option; what isn’t there is named', async () => {
  const folder = await folderOf({});
  await expect(readDataset(folder)).rejects.toThrow(
    complaint('E_ARGUMENT', /in a recognisable format.*Name the format \(from; .* --from\): coco, /),
  );
  await expect(readDataset(join(folder, 'a.json'))).rejects.toThrow(
    complaint('E_IO', /a\.json: cannot be read: ENOENT/),
  );
});

describe('several formats in one folder', () => {
  const labelme = '{"version":"5","shapes":[],"imagePath":"a.jpg"}';
  const voc = '<annotation><filename>a.jpg</filename></annotation>';
  const coco = '{"info":{},"images":[{"id":1,"file_name":"a.jpg"}],"annotations":[],"categories":[]}';

  test.each([
    ['a list of classes beside LabelMe', { 'classes.txt': 'cup', 'a.json': labelme }, 'labelme'],
    ['a list of classes beside VOC', { 'classes.txt': 'cup', 'a.xml': voc }, 'voc'],
    ['a list of classes and notes', { 'classes.txt': 'cup', 'a.xml': voc, 'notes.txt': 'third shelf, 2 cups' }, 'voc'],
    ['a list of classes among the labels', { 'labels/classes.txt': 'cup', 'labels/a.txt': '0 .5 .5 1 1' }, 'yolo'],
    ['a list of classes alone', { 'classes.txt': 'cup' }, 'yolo'],
    ['settings beside VOC', { 'compose.yaml': 'services: {}', 'a.xml': voc }, 'voc'],
    ['a COCO file under any name', { 'train/_annotations.coco.json': coco, 'package.json': '{"name":"x"}' }, 'coco'],
    [
      'COCO results beside their data set',
      { 'truth.json': coco, 'found.json': '[{"image_id":1,"category_id":1}]' },
      'coco',
    ],
    ['a table alone', { 'a/_annotations.csv': 'filename,width' }, 'csv'],
  ])('told: %s', async (_, files, format) => {
    expect(await formatAt(await folderOf(files as Record<string, string>))).toBe(format);
  });

  test.each([
    [
      'YOLO and LabelMe',
      { 'classes.txt': 'cup', 'a.txt': '0 .5 .5 1 1', 'a.json': labelme },
      /yolo \(classes\.txt, a\.txt\) and labelme \(a\.json\)".*--from\): yolo or labelme\.$/,
    ],
    [
      'YOLO and COCO',
      { 'data.yaml': 'names: [cup]', 'x/coco.json': coco },
      /yolo \(data\.yaml\) and coco \(x\/coco\.json\)/,
    ],
    ['VOC and LabelMe', { 'a.xml': voc, 'b.json': labelme }, /voc \(a\.xml\) and labelme \(b\.json\)/],
    [
      'two COCO files',
      { 'a.json': coco, 'b.json': coco },
      /coco \(a\.json\) and coco \(b\.json\)"\. Name the file itself\.$/,
    ],
  ])('not told: %s', async (_, files, message) => {
    await expect(readDataset(await folderOf(files as Record<string, string>))).rejects.toThrow(
      complaint('E_ARGUMENT', message),
    );
  });

  test('the one that is named is read', async () => {
    const folder = await folderOf({ 'a.txt': '0 .5 .5 1 1', 'classes.txt': 'cup', 'a.json': labelme, 'c.json': coco });
    expect((await readDataset(folder, { from: 'labelme' })).images.map(({ image }) => image)).toEqual(['a.jpg']);
  });
});

async function formatAt(path: string) {
  return (await tellFormat(path))?.format ?? null;
}
