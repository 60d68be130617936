import { expect, test } from 'vitest';
import { labelFolders, pictureNames } from '../../../src/runs/outputs/picture-names.js';

test.each([
  [
    'formats that can be written keep their name',
    ['a.jpg', 'b/c.JPEG', 'd.png', 'e.webp', 'f.tiff', 'g.AVIF', 'h.gif'],
    ['a.jpg', 'b/c.JPEG', 'd.png', 'e.webp', 'f.tiff', 'g.AVIF', 'h.gif'],
  ],
  ['graphics become PNG', ['b.svg', 'c.svgz', 'd.apng'], ['b.svg.png', 'c.svgz.png', 'd.apng.png']],
  ['the rest becomes JPEG', ['a.bmp', 'b.heic', 'c', 'd.e/f'], ['a.bmp.jpg', 'b.heic.jpg', 'c.jpg', 'd.e/f.jpg']],
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

test.each([
  ['names as they are', ['traffic light', '自転車', 'a-b_c.d'], ['traffic light', '自転車', 'a-b_c.d']],
  ['parts of paths', ['a/b', '..', '.', 'c\\d', 'e:f'], ['a%2Fb', '%2E%2E', '%2E', 'c%5Cd', 'e%3Af']],
  ['spaces and dots at the ends', [' a ', 'b.'], ['%20a%20', 'b%2E']],
  ['control characters and none at all', ['a\nb', ''], ['a%0Ab', '%']],
  ['letters of another case', ['Car', 'car'], ['Car', 'car-2']],
])('folders of labels: %s', (_, labels, folders) => {
  expect([...labelFolders(labels)]).toEqual(labels.map((label, i) => [label, folders[i]]));
});
