import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDataset } from '../../src/formats/read-dataset.js';
import { tellFormat } from '../../src/formats/tell-format.js';
import { complaint } from '../support/complaint.js';
import { folderOf } from '../support/folder-of.js';

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
  ['JSON Lines', 'results.jsonl', '', 'jsonl'],
  ['something else', 'a.txt', '', null],
])('a file: %s', async (_, name, content, format) => {
  expect(await tellFormat(join(await folderOf({ [name]: content }), name))).toBe(format);
});

test.each([
  ['a run', ['results.jsonl', 'coco.json'], 'jsonl'],
  ['VOC’s development kit', ['Annotations/a.xml', 'JPEGImages/a.jpg'], 'voc'],
  ['YOLO', ['data.yaml', 'labels/a.txt'], 'yolo'],
  ['labelImg', ['classes.txt', 'a.txt'], 'yolo'],
  ['something else', ['readme.md'], null],
])('a folder: %s', async (_, names, format) => {
  expect(await tellFormat(await folderOf(Object.fromEntries(names.map((name) => [name, '']))))).toBe(format);
});

test('folders whose files tell it', async () => {
  expect(await tellFormat(await folderOf({ 'sub/a.xml': '<annotation/>' }))).toBe('voc');
  expect(await tellFormat(await folderOf({ 'a.json': '{}', 'b.json': '{"shapes":[],"imagePath":""}' }))).toBe(
    'labelme',
  );
});

test('what can’t be told names the option; what isn’t there is named', async () => {
  const folder = await folderOf({});
  await expect(readDataset(folder)).rejects.toThrow(
    complaint('E_ARGUMENT', /format can be told.*Name the format \(format; .* --from\): coco, /),
  );
  await expect(readDataset(join(folder, 'a.json'))).rejects.toThrow(
    complaint('E_IO', /a\.json: cannot be read: ENOENT/),
  );
});
