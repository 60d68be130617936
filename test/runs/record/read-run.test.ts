import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { joinRegions, type LabelledBox } from '../../../src/postprocess/regions/regions.js';
import { overThresholds } from '../../../src/postprocess/regions/threshold-regions.js';
import { readRun } from '../../../src/runs/record/read-run.js';
import type { Box, DetectionResult } from '../../../src/types/detections.js';
import { complaint } from '../../support/complaint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { failureOf, headerOf, LABELS, recordOf, regionOf, writeRun } from '../runs.js';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

const box: Box = [1, 2, 30.5, 40];

describe('a run', () => {
  const results = [
    recordOf('a.jpg', regionOf(box, [2, 0.9], [3, 0.3]), regionOf(box, [1, 0.2])),
    recordOf('b/line\u2028end\n.jpg'),
  ];

  test('is read as often as wished, the whole of it', async () => {
    await writeRun(folder, { results, failures: [failureOf('c.jpg')] });
    const run = await readRun(folder);
    expect(run.header).toEqual(headerOf());
    for (let i = 0; i < 2; i++) expect(await all(run.results('unfiltered'))).toEqual(results);
    expect(await all(run.failures())).toEqual([failureOf('c.jpg')]);
  });

  test('with thresholds', async () => {
    await writeRun(folder, { results });
    const run = await readRun(folder);
    const images = await all(run.results({ scoreThreshold: 0.25, labelThresholds: { truck: 0.5 } }));
    expect(images).toEqual([recordOf('a.jpg', regionOf(box, [2, 0.9])), results[1]]);
    const low = all(run.results({ scoreThreshold: 0.25, labelThresholds: { truck: 0.01 } }));
    await expect(low).rejects.toThrow(
      complaint('E_ARGUMENT', /threshold from 0\.05 on, received 0\.01\. Nothing lower/),
    );
    const unknown = all(run.results({ scoreThreshold: 0.25, labelThresholds: { lorry: 0.5 } }));
    await expect(unknown).rejects.toThrow(complaint('E_ARGUMENT', /no label "lorry"/));
  });

  test.each([
    ['one threshold', { scoreThreshold: 0.35, labelThresholds: {} }],
    ['thresholds of labels', { scoreThreshold: 0.9, labelThresholds: { truck: 0.25 } }],
    [
      'curves, after which another region may come first',
      {
        scoreThreshold: 0.35,
        labelThresholds: {},
        calibration: { labels: { truck: { kind: 'platt', slope: 1, intercept: 1 } as const } },
      },
    ],
  ])('lines that are trusted give the same: %s', async (_, thresholds) => {
    const many = [
      ...results,
      recordOf('c.jpg', ...[0.8, 0.5, 0.4, 0.3].map((score, i) => regionOf(box, [1 + (i % 3), score]))),
    ];
    await writeRun(folder, { results: many });
    const [trusted, checked] = await Promise.all((['trust', 'refuse'] as const).map((lines) => readRun(folder, lines)));
    expect(await all(trusted!.results(thresholds))).toEqual(await all(checked!.results(thresholds)));
  });

  test('that is still going on: a last line that is cut off is left out', async () => {
    await writeRun(folder, { results });
    await appendFile(join(folder, 'unfiltered.jsonl'), '{"image":"c.j');
    expect(await all((await readRun(folder)).results('unfiltered'))).toEqual(results);
  });

  test('that has no result yet', async () => {
    await writeRun(folder, {});
    for (const file of ['unfiltered.jsonl', 'failures.jsonl']) await rm(join(folder, file));
    const run = await readRun(folder);
    expect([await all(run.results('unfiltered')), await all(run.failures())]).toEqual([[], []]);
  });

  test.each([
    ['a line that is no JSON', '{"image":"c.j\n'],
    ['a line of zeros, as a power cut leaves them', '\0\0\0\0\n'],
    ['a line without an image', '{"width":1,"height":1,"detections":[],"file":{"bytes":1,"modified":""}}\n'],
    ['a line without a file', '{"image":"c.jpg","width":1,"height":1,"detections":[]}\n'],
    ['a number', '7\n'],
  ])('%s', async (_, line) => {
    await writeRun(folder, { results });
    await appendFile(join(folder, 'unfiltered.jsonl'), line);
    const message =
      /unfiltered\.jsonl: line 3: cannot be read: it is not what a run writes; to go on with the run mends it/;
    await expect(all((await readRun(folder)).results('unfiltered'))).rejects.toThrow(complaint('E_IO', message));
  });
});

describe('a header', () => {
  const written = (content: string) => writeFile(join(folder, 'run.json'), content);
  const changed = (changes: object) => written(JSON.stringify({ ...headerOf(), ...changes }));

  test.each([
    [
      'is missing',
      async () => {},
      /^run: expected the folder of a run, received ".*"\. There is no run\.json in it\.$/,
    ],
    ['is no JSON', () => written('{'), /run\.json: cannot be read: .*JSON.*\. --restart starts the run over\.$/],
    ['is empty', () => written(''), /run\.json: cannot be read: .*JSON.*\. --restart starts the run over\.$/],
    ['is null', () => written('null'), /run\.json: expected .*received null\. --restart/],
    ['is a folder', () => mkdir(join(folder, 'run.json')), /run\.json: cannot be read: it is a folder/],
    [
      'comes from an older version',
      () => changed({ version: 1 }),
      /run\.json: expected version 2, received 1\. An older sigbox wrote it: use another folder, or --restart, which starts the run over\.$/,
    ],
    [
      'comes from a newer version',
      () => changed({ version: 3 }),
      /run\.json: expected version 2, received 3\. A newer sigbox wrote it: use that one, or another folder\.$/,
    ],
    [
      'is another file’s',
      () => changed({ format: 'x' }),
      /run\.json: expected format to be "sigbox-run", received "x"/,
    ],
    ['lacks the model', () => changed({ model: undefined }), /run\.json: expected model to be .*received undefined/],
    [
      'has a checksum that is none',
      () => changed({ model: { file: 'a', sha256: 'b' } }),
      /expected model\.sha256 to be .*received "b"/,
    ],
  ])('that %s', async (_, write, message) => {
    await write();
    await expect(readRun(folder)).rejects.toThrow(complaint('E_IO', message));
  });

  test('whose spec is none', async () => {
    await changed({ spec: {} });
    await expect(readRun(folder)).rejects.toThrow(complaint('E_IO', /run\.json: expected spec\.name to be a string/));
  });

  test('may know more than this version', async () => {
    await changed({ more: true });
    expect((await readRun(folder)).header).toEqual(headerOf());
  });
});

describe('a run with floors of single labels', () => {
  const options = { ...headerOf().options, scoreThreshold: 0.5, labelThresholds: { car: 0.2, truck: 0.8 } };
  const read = async (thresholds: { scoreThreshold: number; labelThresholds: Record<string, number> }) => {
    const results = [recordOf('a.jpg', regionOf(box, [2, 0.3]), regionOf(box, [1, 0.6]))];
    await writeRun(folder, { header: headerOf({ options }), results });
    const { value } = await (await readRun(folder)).results(thresholds).next();
    return (value as DetectionResult).detections.map(({ label }) => label);
  };

  test('is read from those on', async () => {
    const labelThresholds = { car: 0.2, truck: 0.8 };
    expect(await read({ scoreThreshold: 0.5, labelThresholds })).toEqual(['car', 'person']);
    expect(await read({ scoreThreshold: 0.9, labelThresholds: { car: 0.25 } })).toEqual(['car']);
  });

  test.each([
    ['another label', { person: 0.4, truck: 0.8 }, /from 0\.5 on, received 0\.4/],
    ['a label with a floor of its own', { car: 0.1, truck: 0.8 }, /from 0\.2 on, received 0\.1/],
    ['a label whose floor is higher than that of the others', {}, /from 0\.8 on, received 0\.5/],
  ])('refuses lower ones of %s', async (_, labelThresholds, message) => {
    const asked = { scoreThreshold: 0.5, labelThresholds: labelThresholds as Record<string, number> };
    await expect(read(asked)).rejects.toThrow(complaint('E_ARGUMENT', message));
  });
});

describe('overThresholds', () => {
  test('a label at its threshold stays, as float32', () => {
    const region = regionOf(box, [1, 0.35], [2, 0.34999]);
    expect(overThresholds([region], thresholds(Math.fround(0.35)))).toEqual([regionOf(box, [1, 0.35])]);
    expect(overThresholds([region], thresholds(0.35))).toEqual([]); // the nearest float32 lies below
  });

  test('where the best label goes, the region keeps its box', () => {
    const region = regionOf(box, [1, 0.9], [2, 0.5]);
    expect(overThresholds([region], Float64Array.of(0.1, 0.95, 0.1, 0.1))).toEqual([regionOf(box, [2, 0.5])]);
  });

  test('a class that is not wanted', () => {
    expect(overThresholds([regionOf(box, [1, 0.9])], thresholds(Number.NaN))).toEqual([]);
  });

  test('gives what joining only the higher scores gives', () => {
    const label = fc.record({
      row: fc.nat(9),
      classId: fc.integer({ min: 1, max: 3 }),
      score: fc.integer({ min: 1, max: 32 }).map((n) => n / 32),
      box: fc.constantFrom<Box>([0, 0, 10, 10], [0, 0, 10, 9.5], [0, 0, 10, 8], [5, 5, 20, 20], [5, 5, 20, 19]),
    });
    fc.assert(
      fc.property(fc.array(label, { maxLength: 12 }), fc.integer({ min: 0, max: 33 }), (found, n) => {
        const sorted: LabelledBox[] = found
          .map((one) => ({ ...one, label: LABELS[one.classId]! }))
          .sort((a, b) => b.score - a.score);
        const higher = sorted.filter(({ score }) => score >= n / 32);
        expect(overThresholds(joinRegions(sorted, 0.9), thresholds(n / 32))).toEqual(joinRegions(higher, 0.9));
      }),
    );
  });
});

function thresholds(every: number): Float64Array {
  return new Float64Array(LABELS.length).fill(every);
}

async function all<T>(records: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const record of records) found.push(record);
  return found;
}
