import sharp from 'sharp';
import { expect, test } from 'vitest';
import { drawContactSheet } from '../../src/render/draw-contact-sheet.js';
import { complaint } from '../support/complaint.js';

const red = { create: { width: 400, height: 100, channels: 3 as const, background: '#ff0000' } };
const picture = async () => sharp(red).png().toBuffer();

async function pixelsOf(sheet: Uint8Array) {
  const { data, info } = await sharp(sheet).raw().toBuffer({ resolveWithObject: true });
  return {
    ...{ width: info.width, height: info.height },
    at: (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)],
    isBlank: (left: number, top: number, width: number, height: number) => {
      for (let y = top; y < top + height; y++)
        for (let x = left; x < left + width; x++) if (data[(y * info.width + x) * 3]! < 200) return false;
      return true;
    },
  };
}

test('rows of pictures, each whole in the middle of its place, with its caption below', async () => {
  const pictures = await Promise.all(
    ['one.jpg', 'two <&> “three”', '三'].map(async (caption) => ({ image: await picture(), caption })),
  );
  const sheet = await pixelsOf(await drawContactSheet(pictures, { columns: 2, width: 100, format: 'png' }));
  expect(sheet).toMatchObject({ width: 8 + 2 * 108, height: 8 + 2 * (75 + 20 + 8) });
  for (const [left, top] of [
    [8, 8],
    [116, 8],
    [8, 111],
  ] as const) {
    expect(sheet.at(left + 50, top + 37)).toEqual([255, 0, 0]);
    expect(sheet.at(left + 50, top + 20)).toEqual([255, 255, 255]); // 400 × 100 is 100 × 25 here
    expect(sheet.isBlank(left, top + 76, 100, 19)).toBe(false);
  }
  expect(sheet.isBlank(116, 111, 100, 95)).toBe(true);
});

test('a picture that can’t be read leaves its place empty, but for the caption', async () => {
  const pictures = [{ image: 'nowhere.jpg', caption: 'gone' }];
  const sheet = await pixelsOf(await drawContactSheet(pictures, { width: 100, format: 'png' }));
  expect(sheet.isBlank(8, 8, 100, 75)).toBe(true);
  expect(sheet.isBlank(8, 84, 100, 19)).toBe(false);
});

test('without pictures there is no sheet', async () => {
  await expect(drawContactSheet([])).rejects.toThrow(complaint('E_ARGUMENT', /expected one or more pictures/));
});
