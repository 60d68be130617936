import { expect, test } from 'vitest';
import { findImages } from '../../../src/evaluate/tables/find-images.js';
import { complaint } from '../../support/complaint.js';

const imagesOf = (names: string[]) => names.map((name, id) => ({ name, id, width: 9, height: 9 }));

test.each([
  ['the whole name wins', ['a/1.jpg', 'b/1.jpg'], ['b/1.jpg', 'a/1.jpg'], [1, 0]],
  [
    'absolute names against names below a folder, file names repeat',
    ['/data/train/1.jpg', '/data/val/1.jpg'],
    ['train/1.jpg', 'val/1.jpg'],
    [0, 1],
  ],
  [
    'roots that differ, file names repeat',
    ['old/train/1.jpg', 'old/val/1.jpg'],
    ['new/val/1.jpg', 'new/train/1.jpg'],
    [1, 0],
  ],
  ['Windows names', ['C:\\set\\train\\1.jpg', 'C:\\set\\val\\1.jpg'], ['train/1.jpg', 'val/1.jpg'], [0, 1]],
  ['label files have no extension', ['train/1', 'val/1'], ['train/1.png', 'val/1.jpg'], [0, 1]],
  ['uploads to Label Studio', ['0f6142fb-a.jpg', 'images/12345678-b.jpg'], ['x/b.jpg', 'a.jpg'], [1, 0]],
  [
    'two uploads of one name are not told apart',
    ['0f6142fb-a.jpg', '12345678-a.jpg', 'c.jpg'],
    ['a.jpg', 'c.jpg'],
    [-1, 2],
  ],
  ['accents that are stored apart', ['Fu\u0308\u00dfe.jpg'], ['F\u00fc\u00dfe.jpg'], [0]],
  ['accents of both kinds are two images', ['\u00e9.jpg', 'e\u0301.jpg'], ['e\u0301.jpg', '\u00e9.jpg'], [1, 0]],
  ['one file name for two images is none', ['a/1.jpg', 'b/2.jpg'], ['1.jpg', 'x/1.jpg', 'b/2.jpg'], [-1, -1, 1]],
])('%s', (_, groundTruth, results, numbers) => {
  expect(findImages(results, imagesOf(groundTruth)).numbers).toEqual(numbers);
});

test('no name in common shows two of each side', () => {
  expect(() => findImages(['x/1.jpg', 'x/2.jpg', 'x/3.jpg'], imagesOf(['a.jpg', 'b.jpg']))).toThrow(
    complaint(
      'E_ARGUMENT',
      /expected images of the ground truth: a\.jpg, b\.jpg, received "x\/1\.jpg, x\/2\.jpg and 1 more"/,
    ),
  );
});
