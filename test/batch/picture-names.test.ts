import { expect, test } from 'vitest';
import { pictureNames } from '../../src/batch/picture-names.js';

test.each([
  [
    'formats that can be written keep their name',
    ['a.jpg', 'b/c.JPEG', 'd.png', 'e.webp'],
    ['a.jpg', 'b/c.JPEG', 'd.png', 'e.webp'],
  ],
  [
    'graphics become PNG',
    ['a.gif', 'b.svg', 'c.svgz', 'd.apng'],
    ['a.gif.png', 'b.svg.png', 'c.svgz.png', 'd.apng.png'],
  ],
  ['the rest becomes JPEG', ['a.tiff', 'b.avif', 'c', 'd.e/f'], ['a.tiff.jpg', 'b.avif.jpg', 'c.jpg', 'd.e/f.jpg']],
  ['letters of another case', ['a.jpg', 'A.JPG', 'a.Jpg'], ['a.jpg', 'A-2.JPG', 'a-3.Jpg']],
  ['a folder of another case', ['x/a.jpg', 'X/a.jpg'], ['x/a.jpg', 'X/a-2.jpg']],
  ['a name that another becomes', ['a.bmp', 'a.bmp.jpg'], ['a.bmp.jpg', 'a.bmp-2.jpg']],
  ['a name that a number makes', ['a.jpg', 'A.jpg', 'a-2.jpg'], ['a.jpg', 'A-2.jpg', 'a-2-2.jpg']],
  ['one letter or two marks', ['caf\u00e9.jpg', 'cafe\u0301.jpg'], ['caf\u00e9.jpg', 'cafe\u0301-2.jpg']],
  ['the same name in two folders', ['a/c.jpg', 'b/c.jpg'], ['a/c.jpg', 'b/c.jpg']],
  ['none', [], []],
])('%s', (_, images, names) => {
  expect([...pictureNames(images)]).toEqual(images.map((image, i) => [image, names[i]]));
});
