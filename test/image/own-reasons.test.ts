import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { expect, test, vi } from 'vitest';
import { decodeImage } from '../../src/image/decode.js';
import * as resizing from '../../src/image/resize/resize.js';
import { complaint } from '../support/complaint.js';
import { inputSpec } from '../support/input-spec.js';
import { sample } from '../support/run.js';

// libvips keeps one list of errors for a whole process: what is decoded side by side must not mix its reasons.

const options = { background: '#ffffff', lenient: false };
const decode = (bytes: Uint8Array) =>
  decodeImage({ kind: 'bytes', bytes }, inputSpec(), options).then(
    () => 'decoded',
    (error) => error.message as string,
  );

/** A TIFF with a tag that nobody knows, as GeoTIFF writers leave them: libtiff remarks on it, and every pixel is there. */
async function tiffWithOwnTag(): Promise<Buffer> {
  const tiff = await sharp(sample('table.jpg')).resize(64, 48).tiff({ compression: 'none' }).toBuffer();
  const at = tiff.readUInt32LE(4);
  const entries = tiff.readUInt16LE(at);
  const own = Buffer.alloc(12);
  own.writeUInt16LE(65_000, 0);
  own.writeUInt16LE(3, 2);
  own.writeUInt32LE(1, 4);
  own.writeUInt16LE(7, 8);
  const directory = Buffer.concat([
    Buffer.of((entries + 1) & 255, (entries + 1) >> 8),
    tiff.subarray(at + 2, at + 2 + 12 * entries),
    own,
    Buffer.alloc(4),
  ]);
  const moved = Buffer.concat([tiff, directory]);
  moved.writeUInt32LE(tiff.length, 4);
  return moved;
}

test('verdicts and reasons are the same beside others as alone', async () => {
  const jpeg = readFileSync(sample('street.jpg'));
  const png = await sharp(jpeg).resize(200).png().toBuffer();
  const kinds = [
    await tiffWithOwnTag(),
    jpeg.subarray(0, jpeg.length / 2),
    jpeg.subarray(0, jpeg.length / 4),
    png.subarray(0, png.length / 2),
    Buffer.from('no picture at all'),
    jpeg,
  ];
  const alone: string[] = [];
  for (const kind of kinds) alone.push(await decode(kind));
  expect(alone[0]).toBe('decoded');
  expect(alone[1]).toMatch(/damaged one \(VipsJpeg: premature end/i);
  const many = Array.from({ length: 120 }, (_, i) => i % kinds.length);
  const beside = await Promise.all(many.map((kind) => decode(kinds[kind]!)));
  expect(beside).toEqual(many.map((kind) => alone[kind]));
});

test.each([
  'vips_malloc: out of memory -- size == 90MB',
  'Error creating thread: Resource temporarily unavailable',
  'unable to allocate bitmap',
  'std::bad_alloc',
])('%s: no verdict on the image', async (why) => {
  const failing = vi.spyOn(resizing, 'resize').mockRejectedValue(new Error(why));
  const bytes = readFileSync(sample('table.jpg'));
  const message =
    /^decode: this machine had too little memory, or too few threads, for the image \(.*\)\. Try it again\.$/;
  await expect(decodeImage({ kind: 'bytes', bytes }, inputSpec(), options)).rejects.toThrow(
    complaint('E_WORKER', message),
  );
  failing.mockRestore();
});
