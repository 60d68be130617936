import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { FORMAT_NAMES } from '../../src/formats/format.js';
import type { RecordedFailure, RecordedResult } from '../../src/runs/record/record.js';
import { data, describeWithData } from '../support/data.js';
import { sigbox } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What fails of the folder, each with its reason; all else is decoded whole. */
const REASONS: Record<string, RegExp> = {
  'made/zero_byte.jpg': /expected an image \(.*\), received no bytes at all/,
  'made/text.jpg': /expected an image \(.*\), received bytes of another format/,
  'made/soi_only.jpg': /received a damaged one \(.*premature end/,
  'sharp/corrupt-header.jpg': /received a damaged one \(.*corrupt header/,
  'made/trunc_25.jpg': /received a damaged one \(.*premature end/,
  'made/trunc_50.jpg': /received a damaged one \(.*premature end/,
  'made/trunc_90.jpg': /received a damaged one \(.*premature end/,
  'made/trunc_99.jpg': /received a damaged one \(.*premature end/,
  'sharp/truncated.jpg': /received a damaged one \(.*premature end/,
  'sharp/truncated.png': /received a damaged one \(.*read error/,
  'sharp/relax.jp2': /JPEG 2000 that this build of sharp cannot read/,
  'sharp/relax_tileparts.jp2': /JPEG 2000 that this build of sharp cannot read/,
  'made/bomb_60000x60000_1bit.png': /at most \d+ pixels, received 60000 × 60000/,
  'sharp/65536-uint32-limit.png': /at most \d+ pixels, received 65536 × 65536/,
  'sharp/giant-image.jpg': /at most \d+ pixels, received 20000 × 14000/,
};

describeWithData('a folder of odd images', () => {
  test('gives results and pictures of the good ones, a reason for each of the others, and files that are whole', async () => {
    const out = join(await temporaryFolder(), 'out');
    const options = ['--picture-size', '200', '--crops', '--format', FORMAT_NAMES.join(','), '--quiet'];
    const { status, stderr } = await sigbox(['annotate', data('odd-images'), '--out', out, ...options]);
    expect(status).toBe(3);

    const failures = await linesOf<RecordedFailure>(join(out, 'failures.jsonl'));
    expect(failures.map(({ image }) => image)).toEqual(Object.keys(REASONS).sort());
    for (const { image, error } of failures) {
      expect(error).toEqual({ code: 'E_IMAGE', message: expect.stringMatching(REASONS[image]!) });
      expect(stderr).toContain(`sigbox: ${image}: ${error.message}\n`);
    }

    const results = await linesOf<RecordedResult>(join(out, 'unfiltered.jsonl'));
    const images = await upright();
    expect([...results, ...failures].map(({ image }) => image).sort()).toEqual([...images.keys()].sort());
    const { images: coco } = JSON.parse(await readFile(join(out, 'coco.json'), 'utf8'));
    expect(coco).toHaveLength(results.length);
    for (const { image, width, height, detections, damage } of results) {
      expect({ image, width, height, damage }).toEqual({ image, ...images.get(image), damage: undefined });
      for (const { box } of detections) expect(isInside(box, width, height), `${image}: ${box}`).toBe(true);
    }
    for (const { image, width, height } of results) {
      if (!/\.(jpe?g|png|webp)$/i.test(image)) continue; // others get another ending
      const drawn = await sharp(join(out, 'pictures', image)).metadata();
      const scale = Math.min(1, 200 / Math.max(width, height));
      expect(Math.abs(drawn.width - width * scale), image).toBeLessThanOrEqual(1);
      expect(Math.abs(drawn.height - height * scale), image).toBeLessThanOrEqual(1);
    }
  });
});

function isInside([x1, y1, x2, y2]: readonly number[], width: number, height: number): boolean {
  return 0 <= x1! && x1! < x2! && x2! <= width && 0 <= y1! && y1! < y2! && y2! <= height;
}

/** Sizes of the upright images, by name. */
async function upright(): Promise<Map<string, { width: number; height: number } | undefined>> {
  const odd: { file: string; meta?: { autoOrient?: { width: number; height: number } } }[] = JSON.parse(
    await readFile(data('odd-images', 'manifest.json'), 'utf8'),
  );
  return new Map(odd.map(({ file, meta }) => [file, meta?.autoOrient]));
}

async function linesOf<T>(file: string): Promise<T[]> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}
