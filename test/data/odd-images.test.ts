import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage } from '../../src/image/decode.js';
import { createDetector, type DetectionResult, type Detector, type FailedImage } from '../../src/index.js';
import { data, describeWithData } from '../support/data.js';
import { inputSpec } from '../support/input-spec.js';

/** What the manifest says of a file: what sharp does with it, strict and lenient. */
interface OddImage {
  file: string;
  meta: { autoOrient?: { width: number; height: number } };
  warning: { ok: boolean };
}

describeWithData('odd images', () => {
  const outcomes = new Map<string, DetectionResult | FailedImage>();
  let images: OddImage[];
  let detector: Detector;

  beforeAll(async () => {
    images = JSON.parse(await readFile(data('odd-images', 'manifest.json'), 'utf8'));
    detector = await createDetector({ workers: 0 });
    const paths = images.map(({ file }) => data('odd-images', ...file.split('/')));
    for await (const outcome of detector.detectAll(paths, { errors: 'yield' })) {
      outcomes.set(relative(data('odd-images'), outcome.image!).split(sep).join('/'), outcome);
    }
  }, 120_000);
  afterAll(() => detector?.close());

  test('every one gives a result or a reason of one line', () => {
    expect(outcomes.size).toBe(images.length);
    for (const [file, outcome] of outcomes) {
      if (!('error' in outcome)) continue;
      expect(outcome.error.code, file).toMatch(/^E_(IMAGE|IO)$/);
      expect(outcome.error.message, file).toMatch(/^[^\n]+$/);
    }
  });

  test('none of those that cannot be decoded whole gives a result', () => {
    const failed = [...outcomes].flatMap(([file, outcome]) => ('error' in outcome ? [file] : []));
    const broken = images.filter(({ warning }) => !warning.ok).map(({ file }) => file);
    const remarksOnly = ['sharp/bonne.geo.tif']; // a tag without its null byte; every pixel is there
    expect(failed.sort()).toEqual(broken.filter((file) => !remarksOnly.includes(file)).sort());
  });

  test('those that are decoded have the size of the upright picture', () => {
    for (const { file, meta } of images) {
      const outcome = outcomes.get(file)!;
      if ('error' in outcome) continue;
      expect({ file, width: outcome.width, height: outcome.height }).toEqual({ file, ...meta.autoOrient });
    }
  });

  describe('lenient', () => {
    test.each(['made/trunc_50.jpg', 'sharp/truncated.png'])(
      '%s: what can be decoded, and what is wrong',
      async (file) => {
        const { damage } = await detector.detect(data('odd-images', file), { lenient: true });
        expect(damage).toMatch(/premature end|read error/);
      },
    );
  });

  test('a lossless JPEG, which cannot be shrunk while it loads, is as bright small as in full size', async () => {
    const mean = (pixels: Uint8Array) => pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
    const means = [];
    for (const size of [16, 32, 300]) {
      const source = { kind: 'path', path: data('odd-images', 'sharp', 'testimgl.jpg') } as const;
      const target = inputSpec({ width: size, height: size, fit: 'stretch', interpolation: 'antialias' });
      const { pixels } = await decodeImage(source, target, { background: '#ffffff', lenient: false });
      means.push(mean(pixels));
    }
    for (const small of means) expect(Math.abs(small - means.at(-1)!)).toBeLessThan(1);
  });
});
