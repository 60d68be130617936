import { describe, expect, test } from 'vitest';
import { openUpright } from '../../src/image/decode.js';
import { missingCodec, unreadableKind } from '../../src/image/unreadable.js';
import { complaint } from '../support/complaint.js';
import { flat } from './pictures.js';
import { tiffOf } from './tiff.js';

const box = (major: string, ...brands: string[]) => {
  const names = `${major}\0\0\0\0${brands.join('')}`;
  return Buffer.from(`\0\0\0${String.fromCharCode(8 + names.length)}ftyp${names}${'\0'.repeat(40)}`, 'latin1');
};

describe('kinds of pictures that are whole, and not for this build', () => {
  test.each([
    [
      'HEIC',
      box('heic', 'mif1', 'heic'),
      /kind HEIC .* this build of sharp cannot read\. Convert it first, .*heif-convert/,
    ],
    ['HEIC of another maker', box('mif1', 'mif1', 'heix'), /kind HEIC/],
    ['BMP', Buffer.from('BM\x36\x10\0\0\0\0\0\0', 'latin1'), /kind BMP/],
    ['Photoshop', Buffer.from('8BPS\0\x01'), /kind Photoshop/],
    ['JPEG XL', Buffer.from([0xff, 0x0a, 0, 0]), /kind JPEG XL/],
    ['JPEG 2000', Buffer.from('\0\0\0\x0cjP  \r\n', 'latin1'), /kind JPEG 2000/],
    ['OpenEXR', Buffer.from([0x76, 0x2f, 0x31, 0x01]), /kind OpenEXR/],
  ])('%s', async (_, bytes, message) => {
    await expect(openUpright({ kind: 'bytes', bytes }, { background: '#ffffff', lenient: true })).rejects.toThrow(
      complaint('E_IMAGE', message),
    );
  });

  test('AVIF, and other pictures, are for it', async () => {
    for (const bytes of [box('avif', 'mif1'), box('mif1', 'avif', 'heic'), await flat([9, 9, 9]).png().toBuffer()]) {
      expect(unreadableKind(bytes)).toBeNull();
    }
  });
});

test.each([
  ['LZMA', 34925],
  ['Old-style JPEG', 6],
  ['ISO JBIG', 34661],
  ['34712', 34712],
])('a TIFF whose compression the build lacks is not called damaged: %s', async (name, compression) => {
  const bytes = tiffOf({ kind: 'uint8', data: new Uint8Array(256) }, { width: 16, height: 16, compression });
  const { why } = await openUpright({ kind: 'bytes', bytes }, { background: '#ffffff', lenient: false })
    .then((picture) => picture.raw().toBuffer())
    .then(
      () => ({ why: '' }),
      (error) => ({ why: String(error.message) }),
    );
  expect(missingCodec(why)).toEqual(
    complaint('E_IMAGE', new RegExp(`with a compression \\(${name}\\) that this build`)),
  );
});

test('damage is no missing codec', () => {
  expect(missingCodec('tiff2vips: Not enough data for scanline 0')).toBeNull();
});
