import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { annotationsOf } from '../../src/formats/annotations.js';
import { writeFormats } from '../../src/formats/export-annotations.js';
import { FORMAT_NAMES, type FormatName, type WriteOptions } from '../../src/formats/format.js';
import { readDataset } from '../../src/formats/read-dataset.js';
import { joinRows, type Row } from '../../src/formats/rows.js';
import type { Dataset } from '../../src/types/annotations.js';
import type { Box } from '../../src/types/detections.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writtenFiles } from './written-files.js';

const [A, B]: Box[] = [
  [16, 8, 48, 40],
  [0, 0, 64, 32],
];
const LABELS = ['car', 'vehicle', 'red "x"', 'score'];

function sets(score: (label: number) => { score?: number }): Dataset {
  const labelled = (...numbers: number[]) => numbers.map((n) => ({ label: LABELS[n]!, ...score(n) }));
  return {
    labels: LABELS,
    images: [
      {
        ...{ image: 'a.png', width: 128, height: 64 },
        regions: [
          { box: A, labels: labelled(0, 1, 2, 3) },
          { box: B, labels: labelled(0) },
          { box: [64, 0, 128, 64], labels: labelled(1, 2) },
        ],
      },
    ],
  };
}

const SCORED = sets((label) => ({ score: [0.875, 0.75, 0.5, 0.25][label]! }));
const GROUND_TRUTH = sets(() => ({}));

const FILES: Record<FormatName, string> = {
  ...{ coco: 'coco.json', 'coco-results': 'coco-results.json', yolo: 'yolo', voc: 'voc', cvat: 'cvat.xml' },
  ...{ 'label-studio': 'label-studio.json', labelme: 'labelme', csv: 'annotations.csv', jsonl: 'annotations.jsonl' },
};

async function throughFile(dataset: Dataset, format: FormatName, options: WriteOptions = {}) {
  const out = await temporaryFolder();
  await writeFormats(annotationsOf(dataset), { out, formats: [format, 'coco'], confidence: true, ...options });
  const picture = join(out, 'yolo/images/a.png');
  await mkdir(dirname(picture), { recursive: true });
  await writeFile(picture, '');
  const { images } = await readDataset(join(out, FILES[format]), {
    from: format,
    imageSize: async () => ({ width: 128, height: 64 }),
    ...(format === 'coco-results' && { dataset: await readDataset(join(out, 'coco.json')) }),
  });
  return images[0]!.regions.map(({ box, labels }) => ({ box, labels }));
}

describe('label sets survive', () => {
  test.each(FORMAT_NAMES)('%s, with scores', async (format) => {
    expect(await throughFile(SCORED, format)).toEqual(SCORED.images[0]!.regions);
  });

  test.each(FORMAT_NAMES.filter((format) => format !== 'coco-results'))('%s, ground truth', async (format) => {
    const found = await throughFile(GROUND_TRUTH, format, { confidence: false });
    expect(found).toEqual(GROUND_TRUTH.images[0]!.regions);
  });

  test.each([
    ['scores', SCORED],
    ['ground truth', GROUND_TRUTH],
  ])('cvat with attributes, %s', async (_, dataset) => {
    expect(await throughFile(dataset, 'cvat', { labelsAs: 'attributes' })).toEqual(dataset.images[0]!.regions);
  });
});

test('cvat: further labels are checkboxes, declared where they occur; names of other attributes are boxes', async () => {
  const [[, text]] = (await writtenFiles('cvat', annotationsOf(SCORED), { labelsAs: 'attributes' })) as [
    [string, string],
  ];
  expect(text.match(/<box label="[^"]*"/g)).toEqual(
    ['car', 'score', 'car', 'vehicle'].map((label) => `<box label="${label}"`),
  );
  expect(text.match(/<attribute name=.*/g)!.slice(0, 5)).toEqual([
    '<attribute name="score">0.875</attribute>',
    '<attribute name="vehicle">true</attribute>',
    '<attribute name="score of vehicle">0.75</attribute>',
    '<attribute name="red &quot;x&quot;">true</attribute>',
    '<attribute name="score of red &quot;x&quot;">0.5</attribute>',
  ]);
  const declared = text
    .slice(0, text.indexOf('<image '))
    .split('<label>')
    .slice(1)
    .map((label) => [...label.matchAll(/<name>(.*?)<\/name>/g)].map(([, name]) => name));
  expect(declared).toEqual([
    ['car', 'score', 'red &quot;x&quot;', 'score of red &quot;x&quot;', 'vehicle', 'score of vehicle'],
    ['vehicle', 'score', 'red &quot;x&quot;', 'score of red &quot;x&quot;'],
    ['red &quot;x&quot;', 'score'],
    ['score', 'score'],
  ]);
});

describe('rows are joined', () => {
  const row = (label: string, box: Box, more: Partial<Row> = {}): Row => ({ label, box, ...more });
  const joined = (...rows: Row[]) => joinRows(rows).map(({ box, labels }) => [box, labels.map(({ label }) => label)]);

  test('wherever they stand, as in files that are sorted by label', () => {
    const rows = [row('car', A), row('car', B), row('vehicle', A), row('vehicle', B)];
    expect(joined(...rows)).toEqual([
      [A, ['car', 'vehicle']],
      [B, ['car', 'vehicle']],
    ]);
    expect(joined(...rows.map((each, i) => ({ ...each, score: 0.9 - i / 10 })))).toHaveLength(2);
  });

  test('not one label twice, other marks, or scores with ground truth', () => {
    expect(joined(row('car', A), row('car', A), row('vehicle', A))).toEqual([
      [A, ['car']],
      [A, ['car', 'vehicle']],
    ]);
    expect(joined(row('car', A), row('vehicle', A, { crowd: true }))).toHaveLength(2);
    expect(joined(row('car', A), row('vehicle', A, { score: 0.5 }))).toHaveLength(2);
    expect(joined(row('car', A), row('vehicle', [16, 8, 48, 40.001]))).toHaveLength(2);
  });

  test('scored rows of one label keep their order; ground truth is joined all the same', () => {
    const rows = [row('car', A), row('vehicle', B), row('vehicle', A)];
    const whole = [
      [A, ['car', 'vehicle']],
      [B, ['vehicle']],
    ];
    expect(joined(...rows)).toEqual(whole);
    expect(joined(...rows.map((each) => ({ ...each, score: 0.5 })))).toEqual([
      [A, ['car']],
      [B, ['vehicle']],
      [A, ['vehicle']],
    ]);
  });
});

describe('files of others', () => {
  test('YOLO: duplicate lines with other classes, apart from each other', async () => {
    const folder = await temporaryFolder();
    for (const [name, content] of [
      ['data.yaml', 'path: .\ntrain: images\nnames: [car, vehicle]\n'],
      ['images/a.png', ''],
      ['labels/a.txt', '0 0.25 0.5 0.25 0.5\n0 0.75 0.5 0.25 0.5\n1 0.25 0.5 0.25 0.5\n'],
    ] as const) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    const imageSize = async () => ({ width: 64, height: 32 });
    const { images } = await readDataset(join(folder, 'data.yaml'), { imageSize });
    expect(images[0]!.regions).toEqual([
      { box: [8, 8, 24, 24], labels: [{ label: 'car' }, { label: 'vehicle' }] },
      { box: [40, 8, 56, 24], labels: [{ label: 'car' }] },
    ]);
  });

  test('CVAT: a checkbox that is no label, or not ticked, says nothing', async () => {
    const file = join(await temporaryFolder(), 'task.xml');
    const labels = ['car', 'vehicle', 'truck'].map((name) => `<label><name>${name}</name></label>`).join('');
    const attributes = '<attribute name="vehicle">true</attribute><attribute name="truck">false</attribute>';
    const box = `<box label="car" xtl="1" ytl="2" xbr="3" ybr="4">${attributes}<attribute name="parked">true</attribute></box>`;
    const image = `<image id="0" name="a.jpg" width="9" height="9">${box}</image>`;
    await writeFile(file, `<annotations><meta><job><labels>${labels}</labels></job></meta>${image}</annotations>`);
    const { images } = await readDataset(file);
    expect(images[0]!.regions).toEqual([{ box: [1, 2, 3, 4], labels: [{ label: 'car' }, { label: 'vehicle' }] }]);
  });
});
