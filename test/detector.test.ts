import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Detector, ImageInput, RawPixels } from '../src/index.js';
import { built } from './support/built.js';
import { complaint } from './support/complaint.js';
import { sample } from './support/run.js';

const { createDetector } = built;
const street = sample('street.jpg');
const workers = process.platform === 'win32' ? 1 : 2;
let pooled: Detector;
let inProcess: Detector;

beforeAll(async () => {
  [pooled, inProcess] = await Promise.all([createDetector({ workers }), createDetector({ workers: 0 })]);
});

afterAll(() => Promise.all([pooled?.close(), inProcess?.close()]));

const labelsOf = ({ detections }: { detections: { label: string }[] }) => detections.map(({ label }) => label);

describe('detect', () => {
  test('finds what is in the samples, at its place', async () => {
    const { width, height, detections } = await pooled.detect(street);
    expect([width, height]).toEqual([1280, 720]);
    const places: [string, number, number][] = [
      ['car', 440, 450],
      ['person', 990, 490],
      ['person', 775, 480],
      ['bus', 700, 340],
      ['traffic light', 1200, 190],
    ];
    for (const [label, x, y] of places) {
      const there = detections.find(
        (d) => d.label === label && d.box[0] < x && d.box[1] < y && d.box[2] > x && d.box[3] > y,
      );
      expect(there?.score, `${label} at ${x}, ${y}`).toBeGreaterThan(0.35);
    }
  });

  const inputs: [string, () => ImageInput | Promise<ImageInput>][] = [
    ['file URL', () => pathToFileURL(street)],
    ['Buffer', () => readFile(street)],
    [
      'part of a larger ArrayBuffer',
      async () => new Uint8Array([...Buffer.alloc(7), ...(await readFile(street))]).subarray(7),
    ],
    ['Blob', async () => new Blob([await readFile(street)])],
    ['data: URL', async () => `data:image/jpeg;base64,${(await readFile(street)).toString('base64')}`],
    ['ArrayBuffer', async () => new Uint8Array(await readFile(street)).buffer],
    ['Node stream', () => createReadStream(street)],
    ['web stream', () => Readable.toWeb(createReadStream(street)) as ReadableStream<Uint8Array>],
    ['PNG of the same pixels', () => sharp(street).png().toBuffer()],
    ['sharp instance', () => sharp(street)],
    ['raw pixels', () => raw(street)],
  ];

  test.each(inputs)('%s gives what the path gives', async (name, input) => {
    const byPath = await pooled.detect(street);
    for (const detector of [pooled, inProcess]) {
      const result = await detector.detect(await input());
      const known = name === 'file URL' ? pathToFileURL(street).href : null;
      if (/stream|Buffer|URL/.test(name)) expect(result).toEqual({ ...byPath, image: known });
      // Without JPEG's own shrinking, pixels differ a little, and with them scores near the threshold.
      const sure = (r: typeof result) =>
        labelsOf({ detections: r.detections.filter(({ score }) => score > 0.5) }).sort();
      expect(sure(result)).toEqual(sure(byPath));
      expect([result.width, result.height]).toEqual([1280, 720]);
    }
  });

  test('a worker gives the same bytes as this process', async () => {
    for (const name of ['street.jpg', 'crossing.jpg', 'table.jpg']) {
      const options = { scoreThreshold: 0.01, iouThreshold: 0.6 };
      expect(await pooled.detect(sample(name), options)).toEqual(await inProcess.detect(sample(name), options));
    }
  });

  test('options of the call win over those of the detector', async () => {
    await using detector = await createDetector({ workers: 0, include: ['car', 'bus'], scoreThreshold: 0.8 });
    expect(new Set(labelsOf(await detector.detect(street)))).toEqual(new Set(['car', 'bus']));
    expect(labelsOf(await detector.detect(street, { include: ['person'] }))).toEqual(['person']);
    expect(labelsOf(await detector.detect(street, { maxDetections: 1 }))).toHaveLength(1);
    const unchanged = await detector.detect(street, {
      include: undefined as never,
      scoreThreshold: undefined as never,
    });
    expect(new Set(labelsOf(unchanged))).toEqual(new Set(['car', 'bus']));
    const many = labelsOf(await detector.detect(street, { scoreThreshold: 0.3, labelThresholds: { bus: 1 } }));
    expect(new Set(many)).toEqual(new Set(['car']));
  });

  test('an image that fails harms nothing else', async () => {
    const images = [street, 'nofile.jpg', Buffer.from('no image'), street, Buffer.alloc(0), 42 as never, street];
    const outcomes = await Promise.allSettled(images.map((image) => pooled.detect(image)));
    expect(outcomes.map((o) => (o.status === 'fulfilled' ? 'ok' : o.reason.code))).toEqual([
      ...['ok', 'E_IO', 'E_IMAGE', 'ok', 'E_IMAGE', 'E_ARGUMENT', 'ok'],
    ]);
  });

  test('a wrong option names it', async () => {
    await expect(pooled.detect(street, { iouThreshold: 45 })).rejects.toThrow(
      complaint('E_ARGUMENT', /^detect: expected options\.iouThreshold to be a number from 0 to 1, received 45\./),
    );
  });
});

test('a detector goes by the options as they were when it was made', async () => {
  const calibration = { shared: { kind: 'temperature' as const, temperature: 1 } };
  const options = { workers: 0, include: ['car'], labelThresholds: { car: 0.5 }, calibration };
  const made = createDetector(options);
  const change = (label: string, number: number) => {
    options.include[0] = label;
    options.labelThresholds.car = number;
    calibration.shared.temperature = 50 * number;
  };
  change('bus', 1);
  await using detector = await made;
  const first = await detector.detect(street, { minSide: 1 });
  expect(new Set(labelsOf(first))).toEqual(new Set(['car']));
  change('person', 0.02);
  expect(await detector.detect(street, { minSide: 1 })).toEqual(first);
  expect(await detector.detect(street)).toEqual(first);
});

describe('options of a call', () => {
  const rows: [string, unknown, RegExp][] = [
    ['null', null, /expected options to be an object, received null\.$/],
    ['signal null', { signal: null }, /expected options\.signal to be an AbortSignal, received null\.$/],
    ['a signal that is none', { signal: {} }, /expected options\.signal to be an AbortSignal, received an object/],
    ['a slip of the pen', { iouTreshold: 0.5 }, /received "iouTreshold"\. Did you mean "iouThreshold"\?$/],
    ['an option of the detector', { workers: 2 }, /expected one of the options .*, received "workers"\.$/],
  ];
  test.each(rows)('refused: %s', async (_, options, message) => {
    await expect(pooled.detect(street, options as never)).rejects.toThrow(complaint('E_ARGUMENT', message));
    await expect(pooled.detectAll([street], options as never).next()).rejects.toThrow(complaint('E_ARGUMENT', message));
  });

  test('refused: errors that are neither thrown nor yielded', async () => {
    const message = /^detectAll: expected options\.errors to be 'throw' or 'yield', received "yeild"\.$/;
    await expect(pooled.detectAll([street], { errors: 'yeild' as never }).next()).rejects.toThrow(
      complaint('E_ARGUMENT', message),
    );
  });

  test('refused by detectAll as a whole, not image by image', async () => {
    const all = pooled.detectAll([street], { errors: 'yield', include: ['cars'] });
    await expect(all.next()).rejects.toThrow(complaint('E_ARGUMENT', /^include: the model has no label "cars"/));
  });
});

describe('abort', () => {
  test('before: nothing is begun', async () => {
    const reason = new Error('not wanted');
    await expect(pooled.detect('nofile.jpg', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('in flight: rejects with the reason, and the detector goes on', async () => {
    const reason = new Error('no longer wanted');
    const controller = new AbortController();
    const aborted = Array.from({ length: 8 }, () => pooled.detect(street, { signal: controller.signal }));
    const others = Array.from({ length: 8 }, () => pooled.detect(street));
    const settled = Promise.allSettled(aborted);
    setTimeout(() => controller.abort(reason), 5);
    const rejected = (await settled).filter((outcome) => outcome.status === 'rejected');
    expect(rejected.length).toBeGreaterThan(0);
    for (const outcome of rejected) expect(outcome.reason).toBe(reason);
    for (const result of await Promise.all(others)) expect(labelsOf(result)).toContain('car');
  });
});

describe('close', () => {
  test.each([0, 1])('with %i workers: what is in flight is finished, what comes later is refused', async (n) => {
    const detector = await createDetector({ workers: n });
    const inFlight = Promise.all([detector.detect(street), detector.detect(street)]);
    const closed = Promise.all([detector.close(), detector.close()]);
    await expect(detector.detect(street)).rejects.toThrow(
      complaint('E_ARGUMENT', /^detect: the detector is closed\.$/),
    );
    expect((await inFlight).flatMap(labelsOf)).toContain('car');
    await closed;
  });
});

describe('createDetector', () => {
  const rows: [string, object, RegExp][] = [
    [
      'unknown option',
      { score: 0.5 },
      /expected one of the options preset, .*received "score"\. Did you mean "scoreThreshold"\?/,
    ],
    ['workers', { workers: -1 }, /options\.workers to be a whole number from 0, received -1/],
    ['label that the model does not have', { include: ['trafic light'] }, /Did you mean "traffic light"\?/],
    ['no object', 7 as never, /expected options to be an object, received 7/],
  ];
  test.each(rows)('refuses %s', async (_, options, message) => {
    await expect(createDetector(options)).rejects.toThrow(complaint('E_ARGUMENT', message));
  });

  test('a model that is not there', async () => {
    await expect(createDetector({ model: 'no.onnx' })).rejects.toThrow(complaint('E_IO', /no\.onnx: cannot be opened/));
  });
});

async function raw(file: string): Promise<RawPixels> {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels as RawPixels['channels'] };
}

test('labels: those that results can have, each once', async () => {
  expect(pooled.labels).toHaveLength(80);
  expect(pooled.labels.slice(0, 3)).toEqual(['person', 'bicycle', 'car']);
  await using mapped = await createDetector({
    workers: 0,
    map: { labels: { car: 'car', bus: 'bus' }, others: 'drop', parents: { vehicle: ['car', 'bus'] } },
  });
  expect([...mapped.labels].sort()).toEqual(['bus', 'car', 'vehicle']);
});

describe('maxQueue', () => {
  test('one image more is refused at once, and taken once there is room again', async () => {
    await using detector = await createDetector({ workers: 1, maxQueue: 2 });
    const first = [detector.detect(street), detector.detect(street)];
    const busy = complaint(
      'E_BUSY',
      /^detect: 2 images are waiting or worked on, and maxQueue is 2\. Try again later\.$/,
    );
    await expect(detector.detect(street)).rejects.toEqual(busy);
    await Promise.all(first);
    expect(labelsOf(await detector.detect(street))).toContain('car');
  });

  test('detectAll is never refused', async () => {
    await using detector = await createDetector({ workers: 1, maxQueue: 1 });
    const results = [];
    for await (const result of detector.detectAll([street, street, street])) results.push(result);
    expect(results).toHaveLength(3);
  });
});

test('any number of open detectors listens to the end of the process once', async () => {
  const before = process.listenerCount('exit');
  const open = await Promise.all([createDetector({ workers: 1 }), createDetector({ workers: 1 })]);
  expect(process.listenerCount('exit') - before).toBeLessThanOrEqual(1);
  await Promise.all(open.map((detector) => detector.close()));
  expect(process.listenerCount('exit')).toBeLessThanOrEqual(before);
});
