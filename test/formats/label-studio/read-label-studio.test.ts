import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReadDatasetOptions } from '../../../src/formats/read-dataset.js';
import { readDataset } from '../../../src/formats/read-dataset.js';
import { complaint } from '../../support/complaint.js';
import { folderOf } from '../../support/folder-of.js';
import { remark } from '../remark.js';

const value = { x: 10, y: 20, width: 50, height: 25, rotation: 0, rectanglelabels: ['car', 'bus'] };
const size = { original_width: 200, original_height: 100 };
const region = { type: 'rectanglelabels', ...size, value };
const at = { box: [20, 20, 120, 45] };
const both = { ...at, labels: [{ label: 'car' }, { label: 'bus' }] };
const annotated = (...result: unknown[]) => ({ data: { image: 'a.jpg' }, annotations: [{ result }] });

describe('which annotation of a task', () => {
  const tasks = [
    {
      data: { image: '/data/local-files/?d=sub/a%20b.jpg' },
      annotations: [
        { was_cancelled: true, result: [] },
        { result: [region, { type: 'choices', value: { choices: ['day'] } }] },
      ],
      predictions: [{ result: [] }],
    },
    {
      data: { image: 'https://example.com/x/1a2b-b%.jpg', width: 9 },
      predictions: [{ result: [{ ...region, score: 0.5 }] }, { result: [] }],
    },
    {
      data: { picture: 's3://bucket/c.jpg', height: 8, width: 9 },
      annotations: [{ was_cancelled: true, result: [region] }],
    },
    { data: { image: 'd.jpg', width: 9, height: 8 }, annotations: [{ result: [] }], predictions: [17, 18] },
  ];

  test('people’s; tasks without one are skipped, whatever was predicted', async () => {
    const found = await read(tasks);
    expect(found).toEqual({
      labels: ['bus', 'car'],
      images: [
        { image: 'sub/a b.jpg', width: 200, height: 100, regions: [both] },
        { image: 'd.jpg', width: 9, height: 8, regions: [] },
      ],
      remarks: [remark('not-a-box', 1, /: 0: result 1: choices$/), remark('not-annotated', 2, /: 1$/)],
    });
    expect((await read(tasks, { role: 'ground-truth' })).images).toEqual(found.images);
  });

  test('predictions, as results or where nothing is annotated', async () => {
    const scored = {
      ...at,
      labels: [
        { label: 'car', score: 0.5 },
        { label: 'bus', score: 0.5 },
      ],
    };
    const results = await read(tasks, { role: 'results' });
    expect(results.images.map(({ regions }) => regions)).toEqual([[], [scored], [], []]);
    expect(results.remarks).toBeUndefined();
    const alone = await read([tasks[1]]);
    expect(alone.images.map(({ image, regions }) => [image, regions])).toEqual([['1a2b-b%.jpg', [scored]]]);
    expect(alone.remarks).toEqual([remark('predictions', 1)]);
    await expect(read([tasks[1]], { role: 'ground-truth' })).rejects.toThrow(
      complaint('E_ARGUMENT', /expected annotations as ground truth, received "predictions only"/),
    );
  });

  test('of several the one that is marked as ground truth', async () => {
    const other = { ...region, value: { ...value, rectanglelabels: ['van'] } };
    const marked = {
      data: { image: 'a.jpg' },
      annotations: [{ result: [other] }, { ground_truth: true, result: [region] }],
    };
    const found = await read([marked]);
    expect(found.labels).toEqual(['bus', 'car']);
    expect(found.remarks).toEqual([remark('several-annotations', 1)]);
  });
});

describe('shapes', () => {
  const x = 'x';
  test.each([
    [
      'a rectangle and its labels apart',
      [
        { id: x, type: 'rectangle', ...size, value: { ...value, rectanglelabels: undefined } },
        { id: x, type: 'labels', ...size, value: { labels: ['mug'] } },
      ],
      [20, 20, 120, 45],
    ],
    [
      'labels first',
      [
        { id: x, type: 'labels', ...size, value: { labels: ['mug'] } },
        { id: x, type: 'rectangle', ...size, value: { ...value, rectanglelabels: undefined } },
      ],
      [20, 20, 120, 45],
    ],
    [
      'a polygon',
      [
        {
          id: x,
          type: 'polygonlabels',
          ...size,
          value: {
            points: [
              [5, 90],
              [50, 10],
              [20, 40],
            ],
            polygonlabels: ['mug'],
          },
        },
      ],
      [10, 10, 100, 90],
    ],
    [
      'a polygon and its labels apart',
      [
        {
          id: x,
          type: 'polygon',
          ...size,
          value: {
            points: [
              [5, 90],
              [50, 10],
              [20, 40],
            ],
          },
        },
        {
          id: x,
          type: 'labels',
          ...size,
          value: {
            points: [
              [5, 90],
              [50, 10],
              [20, 40],
            ],
            labels: ['mug'],
          },
        },
      ],
      [10, 10, 100, 90],
    ],
    [
      'an ellipse',
      [
        {
          id: x,
          type: 'ellipselabels',
          ...size,
          value: { x: 50, y: 50, radiusX: 10, radiusY: 30, ellipselabels: ['mug'] },
        },
      ],
      [80, 20, 120, 80],
    ],
    [
      'an ellipse that is turned',
      [
        {
          id: x,
          type: 'ellipselabels',
          ...size,
          value: { x: 50, y: 50, radiusX: 10, radiusY: 30, rotation: 90, ellipselabels: ['mug'] },
        },
      ],
      [70, 30, 130, 70],
    ],
    [
      'a rectangle that is turned, about its corner',
      [{ id: x, ...region, value: { ...value, rotation: 90, rectanglelabels: ['mug'] } }],
      [-5, 20, 20, 120],
    ],
    [
      'a brush',
      [
        {
          id: x,
          type: 'brushlabels',
          original_width: 4,
          original_height: 3,
          value: {
            format: 'rle',
            rle: brushOf(4, 3, [
              [1, 1],
              [2, 1],
              [2, 2],
            ]),
            brushlabels: ['mug'],
          },
        },
      ],
      [1, 1, 3, 3],
    ],
  ])('%s', async (_, results, box) => {
    const { images } = await read([annotated(...results)]);
    expect(images[0].regions).toEqual([{ box, labels: [{ label: 'mug' }] }]);
  });

  test('what is no labelled box is skipped, the rest read', async () => {
    const odd = [
      { from_id: 'x', to_id: 'y', type: 'relation', direction: 'right' },
      { id: 'e', ...region, value: { ...value, rectanglelabels: [] } },
      { id: 'k', type: 'keypointlabels', ...size, value: { x: 1, y: 2, width: 0.5, keypointlabels: ['nose'] } },
      { id: 'v', ...region, value: { ...value, width: 'wide' } },
      { id: 't', type: 'textarea', value: { text: ['a car'] } },
      { id: 'b', type: 'brushlabels', ...size, value: { rle: [0, 0, 1], brushlabels: ['car'] } },
      { id: 's', ...region, original_width: undefined },
    ];
    const found = await read([annotated(...odd, { id: 'r', ...region })]);
    expect(found.images[0].regions).toEqual([both]);
    expect(found.remarks!.map(({ kind, count }) => [kind, count])).toEqual([
      ['not-a-box', 3],
      ['malformed', 4],
    ]);
  });
});

describe('other exports', () => {
  const min = [
    { image: '/data/upload/3/01234abc-a.jpg', id: 1, label: [{ ...value, ...size }], annotator: 1, annotation_id: 5 },
    { image: '/data/upload/3/89abcdef-b.jpg', id: 2, annotator: 1, annotation_id: 6 },
  ];
  const images = [
    { image: 'a.jpg', width: 200, height: 100, regions: [both] },
    { image: 'b.jpg', width: 0, height: 0, regions: [] },
  ];

  test('JSON-MIN', async () => {
    const folder = await folderOf({ 'project.json': JSON.stringify(min) });
    expect(await readDataset(join(folder, 'project.json'))).toEqual({ labels: ['bus', 'car'], images });
  });

  test('CSV', async () => {
    const cell = JSON.stringify(min[0].label).replaceAll('"', '""');
    const text = `annotation_id,annotator,created_at,id,image,label,lead_time,updated_at\n5,1,x,1,${min[0].image},"${cell}",2.5,y\n6,1,x,2,${min[1].image},,1.5,y\n`;
    expect(await readDataset(await folderOf({ 'project.csv': text }))).toEqual({ labels: ['bus', 'car'], images });
  });
});

describe('names', () => {
  test.each([
    ['another key', { photo: 'https://h/a.jpg?X-Amz-Date=1#t', note: 'seen/once' }, 'a.jpg'],
    ['an own file name', { file_name: 'x/y.jpg', image: 'https://h/a.jpg' }, 'x/y.jpg'],
    ['a text before it', { caption: 'a cup', link: 's3://bucket/k/c d%20.png' }, 'c d%20.png'],
    ['no ending', { image: 'gs://bucket/k/0042' }, '0042'],
    ['an upload', { image: '/data/upload/12/0f6142fb-IMG_1.jpg' }, 'IMG_1.jpg'],
    ['a folder of local files', { image: 'http://host:8080/data/local-files/?d=set/a%26b.jpg' }, 'set/a&b.jpg'],
  ])('%s', async (_, data, name) => {
    expect((await read([{ data, annotations: [{ result: [region] }] }])).images[0].image).toBe(name);
  });

  test('of two uploads of one name, and of two that collide, as much as is needed', async () => {
    const urls = ['s3://b/x/c.jpg', 's3://b/y/c.jpg', 's3://b/y/d.jpg'];
    const tasks = urls.map((image) => ({ data: { image }, annotations: [{ result: [region] }] }));
    expect((await read(tasks)).images.map(({ image }) => image)).toEqual(['x/c.jpg', 'y/c.jpg', 'd.jpg']);
  });
});

test.each([
  ['no data', [{}], /0: expected data to be an object/],
  [
    'no URL',
    [{ data: { width: 3 }, annotations: [{ result: [] }] }],
    /0: data: expected the URL of an image, received undefined/,
  ],
  ['no list', { tasks: [] }, /expected a list of tasks/],
])('refused: %s', async (_, tasks, message) => {
  await expect(read(tasks)).rejects.toThrow(complaint('E_IO', message));
});

async function read(tasks: unknown, options: ReadDatasetOptions = {}) {
  const path = join(await folderOf({ 'tasks.json': JSON.stringify(tasks) }), 'tasks.json');
  return readDataset(path, { from: 'label-studio', ...options });
}

/** Pixels as Label Studio packs a brush's mask: here every byte by itself, in runs of eight. */
function brushOf(width: number, height: number, painted: [x: number, y: number][]): number[] {
  const bytes = new Uint8Array(width * height * 4);
  for (const [x, y] of painted) bytes[4 * (y * width + x) + 3] = 255;
  let bits = (bytes.length >>> 0).toString(2).padStart(32, '0');
  bits += (7).toString(2).padStart(5, '0'); // words of eight bits
  bits += [2, 3, 7, 15].map((size) => size.toString(2).padStart(4, '0')).join('');
  for (let at = 0; at < bytes.length; at += 8) {
    bits += `000${'111'}`; // no run, the first size of three bits, eight words
    for (const byte of bytes.subarray(at, at + 8)) bits += byte.toString(2).padStart(8, '0');
  }
  bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
  return bits.match(/.{8}/g)!.map((octet) => Number.parseInt(octet, 2));
}
