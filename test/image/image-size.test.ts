import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { imageSize } from '../../src/image/image-size.js';
import { complaint } from '../support/complaint.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { flat, red } from './pictures.js';

test.each([
  [1, { width: 30, height: 20 }],
  [6, { width: 20, height: 30 }],
])('of the upright picture: EXIF orientation %i', async (orientation, size) => {
  const file = join(await temporaryFolder(), 'a.jpg');
  await flat(red, 1, 30, 20).withMetadata({ orientation }).jpeg().toFile(file);
  expect(await imageSize(file)).toEqual(size);
});

test('no image', async () => {
  const file = join(await temporaryFolder(), 'a.jpg');
  await writeFile(file, 'text');
  await expect(imageSize(file)).rejects.toThrow(complaint('E_IMAGE', /a\.jpg: its size cannot be read: .*format/));
});
