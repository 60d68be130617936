import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  besideThresholds,
  readThresholds,
  readThresholdsFile,
  type TaughtOptions,
  thresholdsFile,
  writeThresholdsFile,
} from '../../../src/learn/thresholds/thresholds-file.js';
import { complaint } from '../../support/complaint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const options: TaughtOptions = {
  scoreThreshold: 0.2,
  labelThresholds: { person: 0.4 },
  iouThreshold: 0.45,
  calibration: { shared: { kind: 'platt', slope: 1.1, intercept: 0.2 } },
};

async function fileWith(content: unknown): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'thresholds.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const file = { format: 'sigbox-thresholds', version: 1, options, made: [{ by: 'sigbox tune', seed: 1 }] };

test('what is written is read again, and the same content is the same bytes', async () => {
  const [one, two] = [await fileWith(''), await fileWith('')];
  for (const path of [one, two]) await writeThresholdsFile(path, thresholdsFile(options, file.made));
  expect(await readThresholdsFile(one)).toEqual(file);
  expect(await readThresholds(one)).toEqual(options);
  expect(await readFile(one, 'utf8')).toBe(await readFile(two, 'utf8'));
});

describe('readThresholdsFile', () => {
  test.each<[string, unknown, RegExp]>([
    [
      'another format',
      { ...file, format: 'x' },
      /^thresholds .*: expected format to be "sigbox-thresholds", received "x"\. sigbox tune and/,
    ],
    [
      'a later version',
      { ...file, version: 2 },
      /expected version 1, received 2\. A newer sigbox wrote it: use that one\.$/,
    ],
    ['no options', { format: file.format, version: 1 }, /expected options to be an object, received undefined/],
    ['no format', { images: [] }, /expected format to be "sigbox-thresholds", received undefined/],
    ['a list', [1], /: expected an object, received Array of length 1\. sigbox tune/],
    ['no JSON', '{', /is not JSON/],
  ])('refuses %s', async (_, content, message) => {
    await expect(readThresholdsFile(await fileWith(content))).rejects.toThrow(complaint('E_IO', message));
  });

  test.each<[string, object, RegExp]>([
    [
      'an option that is not taught',
      { maxDetections: 3 },
      /: expected the options scoreThreshold, .*calibration, received "maxDetections"\.$/,
    ],
    [
      'a threshold out of range',
      { scoreThreshold: 35 },
      /: expected options\.scoreThreshold to be a number from 0 to 1, received 35\. Percent/,
    ],
    [
      'a curve that falls',
      { calibration: { shared: { kind: 'platt', slope: -1, intercept: 0 } } },
      /options\.calibration\.shared\.slope to be a positive number, received -1/,
    ],
    [
      'a curve with a field too many',
      { calibration: { labels: { car: { kind: 'temperature', temperature: 1, x: 1 } } } },
      /one of the fields of options\.calibration\.labels\.car: kind, temperature, received "x"/,
    ],
    [
      'points that do not ascend',
      { calibration: { shared: { kind: 'isotonic', scores: [0.2, 0.2], calibrated: [0.1, 0.3] } } },
      /options\.calibration\.shared/,
    ],
    [
      'points that end at 1',
      { calibration: { shared: { kind: 'isotonic', scores: [0.2], calibrated: [1] } } },
      /options\.calibration\.shared/,
    ],
    [
      'a strange field',
      { calibration: { all: {} } },
      /one of the fields of options\.calibration: shared, labels, received "all"/,
    ],
  ])('refuses %s', async (_, wrong, message) => {
    await expect(readThresholdsFile(await fileWith({ ...file, options: wrong }))).rejects.toThrow(
      complaint('E_ARGUMENT', message),
    );
  });

  test('no such file', async () => {
    await expect(readThresholdsFile('missing.json')).rejects.toThrow(
      complaint('E_IO', /^missing\.json: cannot be read/),
    );
  });
});

test.each<[string, object, object]>([
  ['nothing', {}, options],
  [
    'a threshold for all puts those of the file aside',
    { scoreThreshold: 0.5 },
    { ...options, scoreThreshold: 0.5, labelThresholds: {} },
  ],
  [
    'one for a label is added',
    { labelThresholds: { car: 0.3 } },
    { ...options, labelThresholds: { person: 0.4, car: 0.3 } },
  ],
  ['or replaces its like', { labelThresholds: { person: 0.3 } }, { ...options, labelThresholds: { person: 0.3 } }],
  [
    'others replace theirs',
    { iouThreshold: 0.7, maxDetections: 5 },
    { ...options, iouThreshold: 0.7, maxDetections: 5 },
  ],
])('beside the file: %s', (_, given, expected) => {
  expect(besideThresholds(options, given)).toEqual(expected);
});
