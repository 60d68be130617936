import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { annotationsOf } from '../../src/formats/annotations.js';
import { writeFormats } from '../../src/formats/export-annotations.js';
import { FORMAT_NAMES, type FormatName } from '../../src/formats/format.js';
import { FORMATS } from '../../src/formats/formats.js';
import { readDataset } from '../../src/formats/read-dataset.js';
import type { AnnotatedImage, AnnotatedRegion, Dataset } from '../../src/types/annotations.js';
import type { Box } from '../../src/types/detections.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Where each format's files are, and how far edges may move, in pixels of images up to 16,384 wide. */
const FORMS: Record<FormatName, { file: string; edge: number }> = {
  coco: { file: 'coco.json', edge: 2e-3 }, // float32 of an edge, and of a difference of edges
  'coco-results': { file: 'coco-results.json', edge: 2e-3 },
  yolo: { file: 'yolo', edge: 5e-4 }, // 16,384 · 1e-8, of a middle and half a width
  voc: { file: 'voc', edge: 1 }, // whole pixels, one at least
  cvat: { file: 'cvat.xml', edge: 1e-3 }, // float32
  'label-studio': { file: 'label-studio.json', edge: 4e-3 }, // float32 of percents
  labelme: { file: 'labelme', edge: 1e-3 },
  csv: { file: 'annotations.csv', edge: 1e-3 },
  jsonl: { file: 'annotations.jsonl', edge: 1e-3 },
};
const SCORE = 1e-7; // float32 below 1

const HOSTILE = [
  'é',
  'e\u0301',
  '"',
  "'",
  '<',
  '>',
  '&',
  '%',
  '#',
  '?',
  ' ',
  ',',
  ';',
  '=',
  '{',
  '-',
  '..',
  '\\',
  '车',
  '🚗',
  '\n',
  '\t',
  '\u2028',
  '\u0001',
  'true',
  'null',
  '0',
  '__proto__',
  '%2F',
];
const word = fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 3 })), {
  minLength: 1,
  maxLength: 4,
});
const label = word.map((parts) => parts.join('')).filter((text) => text.trim() !== '');
const segment = label.map((text) => text.replaceAll(/[/\0]/g, '_')).filter((text) => !/^\.+$/.test(text));
// Names that begin in a drive, or look like a Windows path, are read as such.
const isWindows = (text: string) => /^[a-z]:$/i.test(text) || text.includes('\\');
const name = fc
  .tuple(fc.array(segment, { maxLength: 2 }), segment, fc.constantFrom('.jpg', '.PNG', '.a.jpeg'))
  .filter(([folders, stem]) => ![...folders, stem].some(isWindows));

const dataset = fc
  .tuple(fc.uniqueArray(label, { minLength: 1, maxLength: 5 }), fc.boolean())
  .chain(([labels, scored]) =>
    fc.record({
      labels: fc.constant(labels),
      images: fc.uniqueArray(imageOf(labels, scored), { maxLength: 4, selector: ({ image }) => image }),
    }),
  );

function imageOf(labels: string[], scored: boolean): fc.Arbitrary<AnnotatedImage> {
  const side = fc.integer({ min: 1, max: 16_384 });
  const edges = fc.tuple(...Array.from({ length: 4 }, () => fc.float({ min: 0, max: 1, noNaN: true })));
  const score = fc.float({ min: 0, max: 1, noNaN: true }).map((value) => value + 0); // no negative zero
  const region = fc.record({
    edges,
    labels: fc.subarray(labels, { minLength: 1 }),
    scores: fc.array(score, { minLength: 5, maxLength: 5 }),
  });
  return fc
    .record({ name, width: side, height: side, regions: fc.array(region, { maxLength: 3 }) })
    .map(({ name: [folders, stem, extension], width, height, regions }) => ({
      image: [...folders, stem + extension].join('/'),
      ...{ width, height },
      regions: regions.map(({ edges: [a, b, c, d], labels, scores }): AnnotatedRegion => {
        const [x1, x2, y1, y2] = [
          Math.min(a, b) * width,
          Math.max(a, b) * width,
          Math.min(c, d) * height,
          Math.max(c, d) * height,
        ];
        const box = [x1, y1, x2, y2].map(Math.fround) as Box;
        const sorted = scores.sort((x, y) => y - x);
        return { box, labels: labels.map((label, i) => (scored ? { label, score: sorted[i] } : { label })) };
      }),
    }));
}

describe.each(FORMAT_NAMES)('%s', (format) => {
  test('what is read is what was written, whatever the names', async () => {
    await fc.assert(
      fc.asyncProperty(dataset, async (given) => {
        const scored = given.images.some(({ regions }) => regions.some(({ labels }) => labels[0].score !== undefined));
        fc.pre(format !== 'coco-results' || scored || given.images.every(({ regions }) => regions.length === 0));
        const out = await temporaryFolder();
        const fails = await writeFormats(annotationsOf(given), { out, formats: [format], confidence: true }).then(
          ({ refused }) => new Set(refused.map(({ image }) => image)),
          ({ code, message }) => {
            expect([code, message]).toEqual(['E_ARGUMENT', expect.stringMatching(/labels that XML can contain/)]);
            return null;
          },
        );
        if (fails === null) return;
        const kept = given.images.filter(({ image }) => !fails.has(image));
        for (const image of fails) expect(image).toMatch(REFUSABLE[format] ?? /^$/);
        const options = await optionsOf(format, out, { ...given, images: kept });
        const told = kept.length > 0 && kept.some(({ regions }) => regions.length > 0) ? {} : { from: format }; // empty ones say nothing
        const found = await readDataset(join(out, FORMS[format].file), { ...options, ...told });
        expectSame(found.images, kept, format);
        if (FORMATS[format].allLabels) expect(found.labels).toEqual(given.labels);
      }),
      { numRuns: 60 },
    );
  }, 30_000);
});

/** What may be wrong with the name of an image that is refused: characters, a dot in front, or the stem of another. */
const REFUSABLE: Partial<Record<FormatName, RegExp>> = {
  yolo: /[\p{Cc}\u2028\u2029]|\.(jpg|PNG|jpeg)$/u,
  voc: /[\n\r\p{Cc}\ufffe\uffff]|\.(jpg|PNG|jpeg)$/u,
  cvat: /[\p{Cc}\ufffe\uffff]/u,
  labelme: /\\|\.(jpg|PNG|jpeg)$/,
};

/** YOLO needs images for their sizes, COCO results the dataset. */
async function optionsOf(format: FormatName, out: string, { labels, images }: Dataset) {
  if (format === 'coco-results') {
    await writeFormats(annotationsOf({ labels, images }), { out, formats: ['coco'] });
    return { dataset: await readDataset(join(out, 'coco.json')) };
  }
  if (format !== 'yolo') return {};
  const sizes = new Map(images.map(({ image, width, height }) => [join(out, 'yolo/images', image), { width, height }]));
  for (const file of sizes.keys()) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '');
  }
  return { imageSize: async (file: string) => sizes.get(file)! };
}

function expectSame(found: AnnotatedImage[], given: AnnotatedImage[], format: FormatName): void {
  const byName = new Map(found.map((image) => [image.image, image]));
  expect([...byName.keys()].sort()).toEqual(given.map(({ image }) => image).sort());
  for (const { image, width, height, regions } of given) {
    const same = byName.get(image)!;
    expect([same.width, same.height]).toEqual([width, height]);
    const [rows, foundRows] = [rowsOf(regions), rowsOf(same.regions)];
    expect(foundRows.length).toBe(rows.length);
    for (const row of rows) {
      const other = foundRows.splice(row.score === undefined ? nearest(foundRows, row) : 0, 1)[0]!;
      row.box.forEach((edge, side) => {
        expect(Math.abs(edge - other.box[side])).toBeLessThanOrEqual(FORMS[format].edge);
      });
      expect(other.label).toBe(row.label);
      expect(Math.abs((row.score ?? -1) - (other.score ?? -1))).toBeLessThanOrEqual(SCORE);
    }
    if (FORMATS[format].severalLabels) expect(same.regions.length).toBe(regions.length);
  }
}

/** Ground truth that is joined to regions may come in another order. */
function nearest(rows: ReturnType<typeof rowsOf>, { label, box }: ReturnType<typeof rowsOf>[number]): number {
  const distances = rows.map((row) =>
    row.label === label ? Math.max(...row.box.map((edge, side) => Math.abs(edge - box[side]!))) : Infinity,
  );
  return distances.indexOf(Math.min(...distances));
}

/** By label; those of one label in their order, which joining rows with scores to regions keeps. */
function rowsOf(regions: AnnotatedRegion[]) {
  const rows = regions.flatMap(({ box, labels }) => labels.map(({ label, score }) => ({ box, label, score })));
  return rows.sort((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0));
}
