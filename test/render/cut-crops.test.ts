import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, expect, test } from 'vitest';
import { cutCrops } from '../../src/render/cut-crops.js';
import type { Box, DetectionResult } from '../../src/types/detections.js';
import { complaint } from '../support/complaint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let path: string;

/** 8 × 4 pixels; red is ten times the column, green ten times the row. */
beforeEach(async () => {
  path = join(await temporaryFolder(), 'a.png');
  const pixels = Uint8Array.from({ length: 8 * 4 * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % 8, Math.floor(i / 24)];
    return [10 * x, 10 * y, 0][i % 3]!;
  });
  await sharp(pixels, { raw: { width: 8, height: 4, channels: 3 } })
    .png()
    .toFile(path);
});

test.each<[string, Box, number[]]>([
  ['whole pixels', [2, 1, 5, 3], [20, 10, 3, 2]],
  ['parts of pixels count', [2.9, 1.9, 4.1, 2.1], [20, 10, 3, 2]],
  ['the whole picture', [0, 0, 8, 4], [0, 0, 8, 4]],
  ['less than a pixel', [7.2, 3.1, 7.3, 3.2], [70, 30, 1, 1]],
  ['nothing, at the edge', [8, 4, 8, 4], [70, 30, 1, 1]],
])('%s', async (_, box, [red, green, width, height]) => {
  const [crop] = await cutCrops(path, resultOf(box), { file: 'a.png' });
  const { data, info } = await sharp(crop).raw().toBuffer({ resolveWithObject: true });
  expect([data[0], data[1], info.width, info.height]).toEqual([red, green, width, height]);
});

test('one for each region, in their order, in the format of the name', async () => {
  const crops = await cutCrops(path, resultOf([0, 0, 1, 1], [0, 0, 2, 2], [0, 0, 3, 3]), { file: 'a.webp' });
  const found = await Promise.all(crops.map((crop) => sharp(crop).metadata()));
  expect(found.map(({ format, width }) => [format, width])).toEqual([1, 2, 3].map((width) => ['webp', width]));
  expect(await cutCrops(path, resultOf(), { file: 'a.png' })).toEqual([]);
});

test('a picture that is another one now', async () => {
  const cut = (result: DetectionResult) => cutCrops(path, result, { file: 'a.png' });
  const other = { ...resultOf([0, 0, 1, 1]), width: 9 };
  await expect(cut(other)).rejects.toThrow(complaint('E_IMAGE', /it is 8 × 4 now and was 9 × 4/));
  await writeFile(path, 'no picture');
  await expect(cut(resultOf([0, 0, 1, 1]))).rejects.toThrow(complaint('E_IMAGE', /^the picture cannot be drawn/));
});

function resultOf(...boxes: Box[]): DetectionResult {
  const label = { label: 'car', classId: 3, score: 0.9 };
  return { image: path, width: 8, height: 4, detections: boxes.map((box) => ({ box, ...label, labels: [label] })) };
}
