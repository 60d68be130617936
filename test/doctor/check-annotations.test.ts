import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { CocoDataset, CocoResult } from '../../src/columns/parsed-coco.js';
import { checkAnnotations } from '../../src/doctor/check-annotations.js';
import { sample } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A COCO dataset of one image; its annotations are [category, bbox]. */
function dataset(annotations: [number, number[]][], labels = ['cat', 'dog']): CocoDataset {
  return {
    images: [{ id: 1, file_name: 'a.jpg', width: 100, height: 100 }],
    annotations: annotations.map(([category_id, bbox], i) => ({ id: i + 1, image_id: 1, category_id, bbox })),
    categories: labels.map((name, i) => ({ id: i + 1, name })),
  };
}

/** The places of each kind of finding. */
async function kinds(groundTruth: CocoDataset, results?: CocoResult[]): Promise<Record<string, number>> {
  const { findings } = await checkAnnotations([{ name: 'a', groundTruth }], results && { results });
  return Object.fromEntries(findings.map(({ kind, places }) => [kind, places.length]));
}

const cat = (bbox: number[]): [number, number[]] => [1, bbox];
const plain = [cat([0, 0, 10, 10]), cat([50, 50, 20, 20]), [2, [0, 0, 30, 30]], [2, [60, 0, 30, 30]]] as [
  number,
  number[],
][];

describe('annotations', () => {
  test.each([
    ['nothing wrong', plain, {}],
    ['an empty box', [...plain, cat([5, 5, 0, 10])], { 'empty-box': 1 }],
    ['a box outside', [...plain, cat([95, 95, 10, 10])], { 'box-outside': 1 }],
    ['a pixel outside, which tools round to', [...plain, cat([90, 90, 11, 11])], {}],
    ['a box twice', [...plain, cat([0, 0, 10, 10])], { 'duplicate-box': 1 }],
    ['nearly twice: IoU 0.9', [...plain, cat([0, 0, 10, 9])], {}],
    ['the same box with another label', [...plain, [2, [0, 0, 10, 10]]], {}],
    ['a label once', plain.slice(0, 3), { 'label-used-once': 1 }],
    ['a label never', plain.slice(0, 2), { 'label-not-used': 1 }],
  ] as [string, [number, number[]][], object][])('%s', async (_, annotations, expected) => {
    expect(await kinds(dataset(annotations))).toEqual(expected);
  });

  test.each([
    ['Car', 'car', true],
    ['traffic light', 'traffic_light', true],
    ['dogs', 'dog', true],
    ['bus', 'bu', false],
    ['cat', 'car', false],
    ['1', '2', false],
  ])('%s and %s', async (a, b, alike) => {
    expect('similar-labels' in (await kinds(dataset(plain, [a, b])))).toBe(alike);
  });
});

test('a run contradicts annotations', async () => {
  const detections: CocoResult[] = [
    { image_id: 1, category_id: 2, bbox: [0, 0, 10, 10], score: 0.95 }, // a dog where a cat is annotated
    { image_id: 1, category_id: 1, bbox: [50, 50, 20, 20], score: 0.9 },
    { image_id: 1, category_id: 1, bbox: [10, 60, 30, 30], score: 0.9 }, // nothing is annotated
    { image_id: 1, category_id: 2, bbox: [10, 60, 30, 30], score: 0.85 }, // the same place again
    { image_id: 1, category_id: 2, bbox: [60, 0, 30, 30], score: 0.1 },
    { image_id: 1, category_id: 2, bbox: [80, 80, 10, 10], score: 0.5 }, // not confident
  ];
  const { findings } = await checkAnnotations([{ name: 'a', groundTruth: dataset(plain) }], { results: detections });
  expect(findings.map(({ kind, places }) => [kind, places.map(({ box }) => box)])).toEqual([
    ['wrong-label', [[0, 0, 10, 10]]],
    ['missing-annotation', [[10, 60, 40, 90]]],
    ['spurious-annotation', [[0, 0, 30, 30]]],
  ]);
  expect(findings[0].places[0]).toMatchObject({ note: 'detected as dog, score 0.95', mistakenness: 0.975 });
});

test('files: missing, of another size, copied, and leaked between splits', async () => {
  const folder = await temporaryFolder();
  const street = sample('street.jpg');
  const { width = 0, height = 0 } = await sharp(street).metadata();
  await copyFile(street, join(folder, 'a.jpg'));
  await copyFile(street, join(folder, 'b.jpg'));
  await sharp(street).resize(640).jpeg({ quality: 60 }).toFile(join(folder, 'smaller.jpg'));
  await writeFile(join(folder, 'broken.jpg'), 'no picture');
  const names = (list: string[], size = { width, height }) => ({
    ...dataset(plain),
    images: list.map((file_name, i) => ({ id: i + 1, file_name, ...size })),
  });
  const { findings } = await checkAnnotations([
    { name: 'train', groundTruth: names(['a.jpg', 'b.jpg', 'none.jpg', 'broken.jpg']), images: folder },
    { name: 'val', groundTruth: names(['smaller.jpg'], { width: 1, height: 1 }), images: folder },
  ]);
  const images = (kind: string) => findings.find((each) => each.kind === kind)?.places.map(({ image }) => image);
  expect(images('missing-image')).toEqual(['none.jpg']);
  expect(images('unreadable-image')).toEqual(['broken.jpg']);
  expect(images('duplicate-image')).toEqual(['b.jpg']);
  expect(images('leaked-image')).toEqual(['smaller.jpg']);
  const other = await checkAnnotations([
    { name: 'train', groundTruth: names(['a.jpg'], { width: 9, height: 9 }), images: folder },
  ]);
  expect(other.findings.map(({ kind }) => kind)).toContain('image-size');
});
