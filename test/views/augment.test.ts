import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { createDetector, type Detector } from '../../src/detector.js';
import type { HeadSpec } from '../../src/heads/index.js';
import { planOf } from '../../src/options/plan.js';
import { findCandidates } from '../../src/postprocess/select/find-candidates.js';
import type { DetectionResult } from '../../src/types/detections.js';
import type { Tensors } from '../../src/types/model.js';
import type { Geometry } from '../../src/types/pictures.js';
import type { View } from '../../src/types/views.js';
import { augmentationOf } from '../../src/views/augment-options.js';
import { cropView } from '../../src/views/crop-view.js';
import { isOneLook, planViews } from '../../src/views/plan-views.js';
import { countedCandidates, rowsThatCount } from '../../src/views/rows-that-count.js';
import type { ViewCandidates } from '../../src/views/seen-candidates.js';
import { suppressViews } from '../../src/views/suppress-views.js';
import { complaint } from '../support/complaint.js';
import { sample } from '../support/run.js';

interface AugmentationGolden {
  name: string;
  input: [number, number];
  /** Of each view: how many rows, and the number and the values of those that found something. */
  outputs: { rows: number; found: number[][] }[];
  /** Class, score and box. */
  detections: number[][];
}

const url = new URL('../fixtures/goldens/augmentation.json', import.meta.url);
const goldens = (JSON.parse(readFileSync(url, 'utf8')) as { cases: AugmentationGolden[] }).cases;

const CLASSES = 3;
const head: HeadSpec = {
  family: 'yolo',
  output: 'out',
  layout: 'columns',
  objectness: false,
  activation: 'none',
  boxFormat: 'cxcywh',
  boxUnit: 'input-pixels',
  suppress: true,
};

function tensorsOf({ rows, found }: AugmentationGolden['outputs'][number]): Tensors {
  const data = new Float32Array((4 + CLASSES) * rows);
  for (const [row, ...values] of found) for (const [k, value] of values.entries()) data[k * rows + row!] = value;
  return { out: { dims: [1, 4 + CLASSES, rows], data } };
}

/** Of an image of the size of the whole input, at a scale, padded to a multiple of 32. */
function geometryOf([width, height]: [number, number], { augmentation }: View): Geometry {
  const { scale = 1 } = augmentation ?? {};
  const [fittedWidth, fittedHeight] = [width * scale, height * scale];
  const padded = (side: number) => 32 * Math.ceil(side / 32);
  const fitted = { imageWidth: width, imageHeight: height, fittedWidth, fittedHeight, offsetX: 0, offsetY: 0 };
  return { ...fitted, inputWidth: padded(fittedWidth), inputHeight: padded(fittedHeight) };
}

test.each(goldens)('$name: the boxes and scores of augment=True', ({ input, outputs, detections }) => {
  const [width, height] = input;
  const options = { augment: ['0.83:flip', 0.67], scoreThreshold: 0.1, maxDetections: 1000 };
  const { views: how } = planOf({ labels: ['a', 'b', 'c'], head }, options);
  const [look] = how!.looks;
  const views = planViews({ width, height }, look!.tiles, look!.augment);
  const seen = views.map((view, i): ViewCandidates => {
    const [geometry, tensors] = [geometryOf(input, view), tensorsOf(outputs[i]!)];
    const budget = { max: Infinity, countAbove: Infinity };
    const found = findCandidates(tensors, head, geometry, look!.candidates, budget);
    return {
      view,
      geometry,
      candidates: countedCandidates(found, rowsThatCount(view, { outputs: tensors, geometry })),
    };
  });
  const { candidates, survivors } = suppressViews([seen], how!, geometryOf(input, views[0]!));
  const { keep, scores, boxes } = survivors;
  expect(keep.length).toBe(detections.length);
  for (const [i, [classId, score, ...box]] of detections.entries()) {
    expect([candidates.classIds[keep[i]!], scores[i]]).toEqual([classId, Math.fround(score!)]);
    // Pixels. Ultralytics computes in float32, at offsets by class of thousands of pixels.
    for (const [k, side] of box.entries()) expect(Math.abs(boxes[4 * i + k]! - side)).toBeLessThan(2e-3);
  }
});

test.each<[string | number, object | null]>([
  ['flip', { scale: 1, flip: 'horizontal' }],
  ['flip-vertical', { scale: 1, flip: 'vertical' }],
  [0.83, { scale: 0.83, flip: 'none' }],
  ['0.83:flip', { scale: 0.83, flip: 'horizontal' }],
  ['flip:0.5', { scale: 0.5, flip: 'horizontal' }],
  [0, null],
  ['-1', null],
  ['flop', null],
  ['', null],
  ['flip:flip', null],
  ['flip:', null],
  ['0.5:flip:1', null],
  [Number.NaN, null],
  [Number.POSITIVE_INFINITY, null],
])('%j', (look, expected) => {
  expect(augmentationOf(look)).toEqual(expected);
});

test('views: each part as it is, then augmented; the largest and the smallest leave out a level', () => {
  const looks = ['flip', 0.5].map((look) => augmentationOf(look)!);
  const views = planViews({ width: 100, height: 50 }, null, looks);
  expect(views.map(({ augmentation, without }) => [augmentation?.scale, augmentation?.flip, without])).toEqual([
    [undefined, undefined, 'coarsest'],
    [1, 'horizontal', 'coarsest'],
    [0.5, 'none', 'finest'],
  ]);
  expect(isOneLook(views)).toBe(false);
  expect(isOneLook(planViews({ width: 100, height: 50 }, null))).toBe(true);
});

test('mirrored pixels', () => {
  const image = { data: Uint8Array.from([1, 2, 3, 4, 5, 6]), width: 3, height: 2, channels: 1 as const };
  const whole: View = { kind: 'whole', left: 0, top: 0, width: 3, height: 2, inner: 0 };
  const flipped = (flip: 'horizontal' | 'vertical', view = whole) => [
    ...cropView(image, { ...view, augmentation: { scale: 1, flip } }).data,
  ];
  expect(flipped('horizontal')).toEqual([3, 2, 1, 6, 5, 4]);
  expect(flipped('vertical')).toEqual([4, 5, 6, 1, 2, 3]);
  expect(flipped('horizontal', { ...whole, kind: 'tile', left: 1, width: 2 })).toEqual([3, 2, 6, 5]);
});

describe('the built-in model', () => {
  let detector: Detector;
  const street = sample('street.jpg');
  beforeAll(async () => {
    detector = await createDetector({ workers: 0, threads: 1 });
    return () => detector.close();
  });

  const best = ({ detections }: DetectionResult) => detections.slice(0, 3);

  test('finds in a mirrored image what it finds in the image, mirrored', async () => {
    const mirrored = await sharp(street).flop().png().toBuffer();
    const [one, other] = [
      await detector.detect(street, { augment: ['flip'] }),
      await detector.detect(mirrored, { augment: ['flip'] }),
    ];
    for (const { box, label } of best(one)) {
      const expected = [one.width - box[2], box[1], one.width - box[0], box[3]];
      const same = other.detections.filter((found) => found.label === label);
      const apart = same.map((found) => Math.max(...found.box.map((side, k) => Math.abs(side - expected[k]!))));
      expect(Math.min(...apart)).toBeLessThan(1); // pixels: the same two pictures were looked at
    }
  });

  test('with tiles, and any suppression', async () => {
    for (const suppression of ['nms', 'wbf', 'nmw', 'soft-gaussian'] as const) {
      const { detections } = await detector.detect(street, { augment: ['flip', 0.67], tiles: 400, suppression });
      expect(detections.map(({ label }) => label)).toContain('person');
    }
  });

  test.each<[string, object, RegExp]>([
    ['a word', { augment: ['flop'] }, /expected options\.augment\.0 to be a scale above 0, 'flip', .*"flop"/],
    ['a scale of 0', { augment: [0] }, /expected options\.augment\.0 to be a scale above 0/],
    ['no list', { augment: 'flip' }, /expected options\.augment to be an array of scales and flips/],
    [
      'a scale above the input’s',
      { augment: [1.5] },
      /^augment: expected scales up to 1, as .* fixed at \d+ × \d+, received 1\.5\. Tiles/,
    ],
    ['too many looks', { tiles: 16, augment: ['flip'] }, /would be looked at \d+ times/],
  ])('refused: %s', async (_, options, message) => {
    await expect(detector.detect(street, options)).rejects.toThrow(complaint('E_ARGUMENT', message));
  });
});
