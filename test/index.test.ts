import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type Dataset,
  type Detection,
  type DetectionResult,
  drawDetections,
  exportAnnotations,
  mergeRuns,
  readDataset,
  readRun,
} from '../src/index.js';
import { headerOf, recordOf, regionOf, writeRun } from './runs/runs.js';
import { complaint } from './support/complaint.js';
import { sample } from './support/run.js';
import { temporaryFolder } from './support/temporary-folder.js';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

const dataset: Dataset = {
  labels: ['car', 'person'],
  images: [
    {
      ...{ image: 'a.jpg', width: 64, height: 48 },
      regions: [
        { box: [4, 4, 20, 20], labels: [{ label: 'car', score: 0.9 }] },
        { box: [24, 4, 40, 20], labels: [{ label: 'person', score: 0.3 }] },
      ],
    },
  ],
};

const detection = (label: string, score: number, box: Detection['box']): Detection => {
  return { box, label, classId: 2, score, labels: [{ label, classId: 2, score }] };
};

describe('exportAnnotations and readDataset', () => {
  test('a dataset there and back, with the labels that are wanted', async () => {
    const { written, images, refused } = await exportAnnotations(dataset, {
      ...{ out: folder, formats: ['coco', 'csv'], scoreThreshold: 0.5 },
    });
    expect({ written, images, refused }).toEqual({ written: ['coco.json', 'annotations.csv'], images: 1, refused: [] });
    const read = await readDataset(join(folder, 'coco.json'));
    expect(read.images[0]!.regions.map(({ labels }) => labels[0]!.label)).toEqual(['car']);
  });

  test('under a label map', async () => {
    await exportAnnotations(dataset, {
      out: folder,
      formats: ['coco'],
      map: { labels: { car: 'vehicle', person: null } },
    });
    const { labels, images } = await readDataset(join(folder, 'coco.json'));
    expect([labels, images[0]!.regions]).toEqual([['vehicle'], [expect.objectContaining({ box: [4, 4, 20, 20] })]]);
  });

  test('results of detect, whose images need names', async () => {
    const result: DetectionResult = {
      image: 'a.jpg',
      width: 64,
      height: 48,
      detections: [detection('car', 0.9, [4, 4, 20, 20])],
    };
    await exportAnnotations([result], { out: folder, formats: ['coco'] });
    expect((await readDataset(join(folder, 'coco.json'))).labels).toEqual(['car']);
    await expect(exportAnnotations([{ ...result, image: null }], { out: folder, formats: ['coco'] })).rejects.toThrow(
      complaint('E_ARGUMENT', /expected a name for the image of result 0, received null/),
    );
  });

  test('a run: over its thresholds, into its folder; a score below its floor is refused', async () => {
    const out = join(folder, 'run');
    const header = headerOf({ thresholds: { scoreThreshold: 0.5, labelThresholds: {} } });
    await writeRun(out, {
      header,
      results: [recordOf('a.jpg', regionOf([0, 0, 9, 9], [2, 0.9]), regionOf([20, 0, 29, 9], [1, 0.4]))],
    });
    const run = await readRun(out);
    expect((await exportAnnotations(run, { formats: ['coco'] })).written).toEqual(['coco.json']);
    const { annotations } = JSON.parse(await readFile(join(out, 'coco.json'), 'utf8'));
    expect(annotations).toHaveLength(1);
    await expect(exportAnnotations(run, { formats: ['coco'], scoreThreshold: 0.001 })).rejects.toThrow(
      complaint('E_ARGUMENT', /expected a number from 0\.05 on, received 0\.001/),
    );
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'exportAnnotations',
      () => exportAnnotations(dataset, { formats: ['coco'], folder: 'x' } as never),
      /received "folder"/,
    ],
    [
      'exportAnnotations without a folder',
      () => exportAnnotations(dataset, { formats: ['coco'] }),
      /options\.out is missing/,
    ],
    [
      'exportAnnotations without formats',
      () => exportAnnotations(dataset, { out: '.' } as never),
      /options\.formats to be/,
    ],
    ['readDataset', () => readDataset('x.json', { form: 'coco' } as never), /received "form"\. Did you mean "from"\?/],
    [
      'mergeRuns',
      () => mergeRuns(['a'], { out: 'x', restat: true } as never),
      /received "restat"\. Did you mean "restart"\?/,
    ],
    [
      'drawDetections',
      () => drawDetections('x.jpg', [], { sizes: 1 } as never),
      /received "sizes"\. Did you mean "size"\?/,
    ],
  ])('%s refuses options that it does not know, or lacks', async (_, call, message) => {
    await expect(call()).rejects.toThrow(complaint('E_ARGUMENT', message));
  });
});

test('mergeRuns joins runs that readRun then reads', async () => {
  const folders = [join(folder, '1'), join(folder, '2')];
  for (const [i, part] of folders.entries()) {
    await mkdir(part);
    await writeRun(part, { header: headerOf(), results: [recordOf(`${i}.jpg`, regionOf([0, 0, 9, 9], [2, 0.9]))] });
  }
  const { summary, warnings } = await mergeRuns(folders, { out: join(folder, 'out') });
  expect([summary.images, warnings]).toEqual([2, []]);
  const run = await readRun(join(folder, 'out'));
  const names: string[] = [];
  for await (const { image } of run.results()) names.push(image);
  expect(names).toEqual(['0.jpg', '1.jpg']);
  expect(await readdir(join(folder, 'out'))).toContain('summary.txt');
});

describe('drawDetections', () => {
  const boxes = [detection('car', 0.9, [8, 8, 56, 40])];
  const blank = () =>
    sharp({ create: { width: 64, height: 48, channels: 3, background: '#808080' } })
      .png()
      .toBuffer();

  test('draws into any image, and leaves the rest as it is', async () => {
    const png = await drawDetections(await blank(), boxes, { format: 'png' });
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([64, 48, 3]);
    const at = (x: number, y: number) => [...data.subarray(3 * (64 * y + x), 3 * (64 * y + x) + 3)];
    expect(at(62, 46)).toEqual([128, 128, 128]);
    expect(at(32, 24)).toEqual([128, 128, 128]);
    expect(at(56, 30)).not.toEqual([128, 128, 128]);
  });

  test('as JPEG, smaller, and without detections the image itself', async () => {
    const { format, width } = await sharp(await drawDetections(sample('street.jpg'), [], { size: 320 })).metadata();
    expect([format, width]).toEqual(['jpeg', 320]);
    const plain = await sharp(await drawDetections(await blank(), [], { format: 'png' }))
      .raw()
      .toBuffer();
    expect(plain.every((value) => value === 128)).toBe(true);
  });

  test('what is no image is refused', async () => {
    const file = join(folder, 'a.jpg');
    await writeFile(file, 'no image');
    await expect(drawDetections(file, [])).rejects.toThrow(complaint('E_IMAGE', /the image cannot be decoded/));
  });
});
