import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { drawPicture } from '../../src/render/draw-picture.js';
import { labelColour, type Rgb } from '../../src/render/label-colour.js';
import type { Box, DetectionResult } from '../../src/types/detections.js';
import { flat } from '../image/pictures.js';
import { complaint } from '../support/complaint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const WIDTH = 320;
const HEIGHT = 240;
const box: Box = [60, 80, 260, 200];

describe('drawPicture', () => {
  test('draws the outline in the label’s colour, and nothing inside or outside', async () => {
    const pixels = await drawn([['car', 0.9]]);
    for (const [x, y] of [
      [60, 150],
      [259, 150],
      [160, 199],
    ]) {
      expect(pixels.at(x, y)).toEqual(labelColour('car'));
    }
    for (const [x, y] of [
      [160, 150],
      [20, 150],
      [300, 20],
    ]) {
      expect(pixels.at(x, y)).toEqual([128, 128, 128]);
    }
  });

  test('every label of a region has a tag of its own, side by side above the box', async () => {
    const pixels = await drawn([
      ['car', 0.9],
      ['truck', 0.5],
    ]);
    const row = Array.from({ length: WIDTH }, (_, x) => pixels.at(x, 78).join());
    const first = row.indexOf(labelColour('car').join());
    const second = row.indexOf(labelColour('truck').join());
    expect(first).toBe(60);
    expect(second).toBeGreaterThan(first + 20);
  });

  test.each(['car', '歩行者', 'عابر سبيل', 'पैदल यात्री', 'คนเดินเท้า', '보행자'])(
    '%s is written, not left out',
    async (label) => {
      const pixels = await drawn([[label, 0.9]]);
      const ink = new Set<string>();
      for (let y = 62; y < 80; y++) for (let x = 62; x < 85; x++) ink.add(pixels.at(x, y).join());
      expect(ink.size).toBeGreaterThan(3); // its colour and the shades of its letters
    },
  );

  test('letters of different scripts look different: no placeholder boxes', async () => {
    const pictures = await Promise.all(['歩', '行', '者', 'ก', 'ह'].map((label) => encoded([[label, 0.9]], 'a.png')));
    const tags = await Promise.all(
      pictures.map((png) =>
        sharp(png).extract({ left: 62, top: 62, width: 12, height: 16 }).greyscale().raw().toBuffer(),
      ),
    );
    const shapes = tags.map((tag) =>
      [...tag].map((value) => (value > (tag[0] ?? 0) + 30 || value < (tag[0] ?? 0) - 30 ? 1 : 0)).join(''),
    );
    expect(new Set(shapes).size).toBe(5);
  });

  test.each(['<b>&"\'</b>', '\u0000\u001b[31m', '\ud800', '   ', 'x'.repeat(500)])(
    'label %j is drawn',
    async (label) => {
      await expect(encoded([[label, 0.5]], 'a.png')).resolves.toBeInstanceOf(Uint8Array);
    },
  );

  test.each([
    ['a.JPG', 'jpeg', '4:4:4'],
    ['a.png', 'png', undefined],
    ['a.webp', 'webp', undefined],
  ])('%s', async (file, format, chromaSubsampling) => {
    const { width, height, ...meta } = await sharp(await encoded([['car', 0.9]], file)).metadata();
    expect([width, height, meta.format]).toEqual([WIDTH, HEIGHT, format]);
    if (chromaSubsampling !== undefined) expect(meta.chromaSubsampling).toBe(chromaSubsampling);
  });

  test('upright, over the background, in 8 bits', async () => {
    const file = join(await temporaryFolder(), 'a.png');
    await flat([255, 0, 0], 0, 40, 20).withMetadata({ orientation: 6 }).png().toFile(file);
    const result: DetectionResult = { image: file, width: 20, height: 40, detections: [] };
    const { data, info } = await sharp(await drawPicture(file, result, { file, background: '#00ff00' }))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([20, 40, 3]);
    expect([...data.subarray(0, 3)]).toEqual([0, 255, 0]);
  });

  test.each([
    [10, [10, 5]],
    [1, [1, 1]],
    [40, [40, 20]],
    [99, [40, 20]],
  ])('with a longest side of %i pixels', async (size, shape) => {
    const file = join(await temporaryFolder(), 'a.png');
    await flat([255, 0, 0], 1, 40, 20).png().toFile(file);
    const label = { label: 'car', classId: 3, score: 0.9 };
    const detections = [{ box: [20, 0, 40, 20] as Box, ...label, labels: [label] }];
    const picture = await drawPicture(file, { image: file, width: 40, height: 20, detections }, { file, size });
    const { width, height } = await sharp(picture).metadata();
    expect([width, height]).toEqual(shape);
  });

  test('a picture of another size than the result', async () => {
    const file = join(await temporaryFolder(), 'a.png');
    await flat([255, 0, 0], 1, 40, 20).png().toFile(file);
    const result: DetectionResult = { image: file, width: 30, height: 20, detections: [] };
    await expect(drawPicture(file, result, { file })).rejects.toThrow(
      complaint('E_IMAGE', /cannot be drawn: it is 40 × 20 now and was 30 × 20\.$/),
    );
  });

  test('a picture that is gone, or none', async () => {
    const file = join(await temporaryFolder(), 'a.png');
    const result: DetectionResult = { image: file, width: 30, height: 20, detections: [] };
    await expect(drawPicture(file, result, { file })).rejects.toThrow(complaint('E_IO', /^no such file$/));
    await writeFile(file, 'no picture');
    await expect(drawPicture(file, result, { file })).rejects.toThrow(
      complaint('E_IMAGE', /^the picture cannot be drawn/),
    );
  });
});

async function encoded(labels: [label: string, score: number][], name: string): Promise<Uint8Array> {
  const file = join(await temporaryFolder(), 'a.png');
  await flat([128, 128, 128], 1, WIDTH, HEIGHT).png().toFile(file);
  const scored = labels.map(([label, score], classId) => ({ label, score, classId }));
  const result = { image: file, width: WIDTH, height: HEIGHT, detections: [{ box, ...scored[0], labels: scored }] };
  return drawPicture(file, result, { file: name });
}

async function drawn(labels: [label: string, score: number][]) {
  const data = await sharp(await encoded(labels, 'a.png'))
    .raw()
    .toBuffer();
  const at = (x: number, y: number) => [...data.subarray(3 * (y * WIDTH + x), 3 * (y * WIDTH + x) + 3)] as Rgb;
  return { at };
}
