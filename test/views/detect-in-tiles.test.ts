import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { createDetector, type Detector } from '../../src/detector.js';
import type { DetectionResult } from '../../src/types/detections.js';
import { complaint } from '../support/complaint.js';
import { sample } from '../support/run.js';

// The built-in model, on a picture that is put together from the samples: its objects are small in it.

let detector: Detector;
let large: Uint8Array;
let alone: DetectionResult;
const street = sample('street.jpg');

beforeAll(async () => {
  detector = await createDetector({ workers: 0, threads: 1 });
  const { width, height } = await sharp(street).metadata();
  const canvas = sharp({ create: { width: 3 * width, height: 2 * height, channels: 3, background: '#888888' } });
  large = await canvas
    .composite([{ input: street, left: width, top: height }])
    .png({ compressionLevel: 1 })
    .toBuffer();
  alone = await detector.detect(street);
  return () => detector.close();
});

const labels = ({ detections }: DetectionResult) => detections.map(({ label }) => label).sort();

describe('tiles', () => {
  test('find what a look at the whole image misses, where it is', async () => {
    const whole = await detector.detect(large);
    const tiled = await detector.detect(large, { tiles: 800 });
    expect(labels(tiled).length).toBeGreaterThan(labels(whole).length);
    const { width, height } = alone;
    expect([tiled.width, tiled.height]).toEqual([3 * width, 2 * height]);
    const person = alone.detections.find(({ label }) => label === 'person')!;
    const found = tiled.detections.filter(({ label }) => label === 'person').map(({ box }) => box);
    const [x1, y1, x2, y2] = person.box;
    const moved = [x1 + width, y1 + height, x2 + width, y2 + height];
    expect(found.some((box) => box.every((side, k) => Math.abs(side - moved[k]!) < 0.1 * height))).toBe(true);
  });

  test('an image that fits into one tile gives what it gives without', async () => {
    expect(await detector.detect(street, { tiles: 5000 })).toEqual(alone);
  });

  test('a threshold is only a filter', async () => {
    const low = await detector.detect(large, { tiles: 800, scoreThreshold: 0.1 });
    const high = await detector.detect(large, { tiles: 800, scoreThreshold: 0.5 });
    const expected = low.detections.filter(({ score }) => score >= 0.5);
    expect(high.detections.map(({ box, label, score }) => ({ box, label, score }))).toEqual(
      expected.map(({ box, label, score }) => ({ box, label, score })),
    );
  });

  test('a label that is not wanted, and sizes, count for the joined boxes', async () => {
    const result = await detector.detect(large, { tiles: 800, exclude: ['person'], minSide: 60 });
    expect(labels(result)).not.toContain('person');
    for (const { box } of result.detections)
      expect(Math.min(box[2] - box[0], box[3] - box[1])).toBeGreaterThanOrEqual(60);
  });
});

test.each<[string, object, RegExp]>([
  ['no size', { tiles: 'big' }, /expected options\.tiles to be a side in pixels, .* received "big"/],
  ['a size of nothing', { tiles: 0 }, /expected options\.tiles to be a side/],
  ['three sides', { tiles: [1, 2, 3] }, /expected options\.tiles to be a side/],
  ['an overlap of all', { tiles: 640, tileOverlap: 640 }, /tileOverlap .* received 640\. Use 0\.2\./],
  ['a negative overlap', { tiles: 640, tileOverlap: -1 }, /expected options\.tileOverlap to be a number from 0/],
  ['too many', { tiles: 20 }, /would be looked at \d+ times in tiles of 20 × 20/],
])('refused: %s', async (_, options, message) => {
  await expect(detector.detect(large, options)).rejects.toThrow(complaint('E_ARGUMENT', message));
});
