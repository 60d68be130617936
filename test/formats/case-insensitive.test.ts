import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { annotationsOf } from '../../src/formats/annotations.js';
import { writeFormats } from '../../src/formats/export-annotations.js';
import { temporaryFolder } from '../support/temporary-folder.js';

// A file system that takes photo.txt and PHOTO.txt for one file, as those of macOS and Windows do.
vi.mock('node:fs/promises', async (original) => {
  const real = await original<Record<string, (...given: unknown[]) => unknown>>();
  const folded = (path: unknown) =>
    typeof path === 'string'
      ? path.replace(/(?<=\[x\] \w+\/).*/, (inside) => inside.normalize('NFC').toLowerCase())
      : path;
  const first = ['lstat', 'stat', 'open', 'readFile', 'unlink', 'rm', 'mkdir'].map((name) => [
    name,
    (path: unknown, ...rest: unknown[]) => real[name]!(folded(path), ...rest),
  ]);
  const rename = (from: unknown, to: unknown) => real.rename!(folded(from), folded(to));
  return { ...real, ...Object.fromEntries(first), rename };
});

const named = (...names: string[]) =>
  annotationsOf({ labels: ['x'], images: names.map((image) => ({ image, width: 9, height: 9, regions: [] })) });

test.each(['yolo', 'voc', 'labelme'] as const)(
  '%s: of two images whose files would be one, the second is named',
  async (format) => {
    const out = await temporaryFolder();
    for (let time = 1; time <= 2; time++) {
      const { refused } = await writeFormats(named('PHOTO.png', 'caf\u00e9.jpg', 'cafe\u0301.png', 'photo.jpg'), {
        out,
        formats: [format],
      });
      expect(refused.map(({ image }) => image)).toEqual(['cafe\u0301.png', 'photo.jpg']);
      expect(refused[1]!.reason).toMatch(/photo\.(txt|xml|json) is \S*PHOTO\.\w+ on this file system, that of another/);
    }
    const files = (await readdir(out, { recursive: true })).filter((name) => /photo\.(txt|xml|json)$/.test(name));
    expect(files).toHaveLength(1);
  },
);

test('an image that was renamed to other capitals keeps its file', async () => {
  const out = await temporaryFolder();
  await writeFormats(named('photo.jpg'), { out, formats: ['labelme'] });
  const { refused } = await writeFormats(named('PHOTO.jpg'), { out, formats: ['labelme'] });
  expect(refused).toEqual([]);
  expect(await readdir(join(out, 'labelme'))).toEqual(['.sigbox-export', 'photo.json']);
});
