import { appendFile, copyFile, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AnnotateEvent } from '../../src/batch/annotate.js';
import type { AnnotateOptions } from '../../src/batch/annotate-options.js';
import { built } from '../support/built.js';
import { complaint } from '../support/complaint.js';
import { filesOf } from '../support/files-of.js';
import { sample } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let input: string;
let out: string;

beforeEach(async () => {
  input = await temporaryFolder();
  out = join(await temporaryFolder(), 'out');
});

/** In process, without pictures: starting a worker takes longer than these images. */
const quick = { workers: 0, pictures: false };

describe('a run', () => {
  test('tells what happens, and writes it', async () => {
    await images({ 'street.jpg': 'street.jpg', 'sub/table.jpg': 'table.jpg' });
    await writeFile(join(input, 'bad.png'), 'no picture');
    const events = await annotate();
    expect(events.map(({ type }) => type)).toEqual(['start', 'image', 'image', 'image', 'end']);
    expect(events[0]).toEqual({ type: 'start', out, images: 3, todo: 3, changed: [], removed: [], retried: [] });
    const outcomes = new Map(events.flatMap((event) => (event.type === 'image' ? [[event.image, event]] : [])));
    const street = outcomes.get('street.jpg')!;
    const scores = street.result!.detections.flatMap(({ labels }) => labels.map(({ score }) => score));
    expect([street.error, street.isNew, Math.min(...scores) >= 0.35]).toEqual([null, true, true]);
    expect(outcomes.get('bad.png')).toMatchObject({ result: null, error: { code: 'E_IMAGE' } });
    expect(endOf(events)).toMatchObject({
      complete: true,
      summary: {
        ...{ images: 2, empty: 0, notBegun: 0, done: 3 },
        failures: [{ image: 'bad.png', code: 'E_IMAGE', message: expect.stringMatching(/^decode: expected an image/) }],
      },
    });
    expect((await recorded()).map(({ image }) => image)).toEqual(['street.jpg', 'sub/table.jpg']);
    expect(await readFile(join(out, 'summary.txt'), 'utf8')).toMatch(
      /^2 images annotated, 1 failed: .*\nbad\.png: decode/s,
    );
    expect(await readdir(out)).not.toContain('run.lock');
  });

  test('what is detected with a higher score is what is recorded, over that score', async () => {
    await images({ 'street.jpg': 'street.jpg', 'table.jpg': 'table.jpg' });
    await annotate({ floor: 0.01, scoreThreshold: 0.3 });
    const coco = JSON.parse(await readFile(join(out, 'coco-results.json'), 'utf8'));
    await using detector = await built.createDetector({ workers: 0, scoreThreshold: 0.3 });
    const found = [];
    for (const name of ['street.jpg', 'table.jpg']) found.push(await detector.detect(join(input, name)));
    const scores = found.flatMap(({ detections }) => detections.flatMap(({ labels }) => labels.map((l) => l.score)));
    expect(coco.map(({ score }: { score: number }) => Math.fround(score))).toEqual(scores);
  });

  test('lowers the floor to the lowest score asked for', async () => {
    await images({ 'table.jpg': 'table.jpg' });
    await annotate({ scoreThreshold: 0.5, labelThresholds: { cup: 0.02 } });
    const { options, thresholds } = JSON.parse(await readFile(join(out, 'run.json'), 'utf8'));
    expect(options.scoreThreshold).toBe(0.02);
    expect(thresholds).toEqual({ scoreThreshold: 0.5, labelThresholds: { cup: 0.02 } });
  });

  test.each<[string, Partial<AnnotateOptions>]>([
    ['boxes that are fused', { suppression: 'wbf' }],
    ['thresholds of rivals', { scope: 'all', labelThresholds: { cup: 0.6 } }],
  ])('%s: only what the score asks for is recorded, as it is detected', async (_, options) => {
    await images({ 'table.jpg': 'table.jpg' });
    await annotate({ scoreThreshold: 0.3, ...options });
    await using detector = await built.createDetector({ workers: 0, scoreThreshold: 0.3, ...options });
    const { detections } = await detector.detect(join(input, 'table.jpg'));
    const shape = (found: typeof detections) => found.map(({ box, labels }) => [box.map(Math.fround), labels.length]);
    expect(shape((await recorded())[0].detections)).toEqual(shape(detections));
    const floored = annotate({ ...options, floor: 0.1 });
    await expect(floored).rejects.toThrow(complaint('E_ARGUMENT', /expected no floor with .*, received 0\.1/));
  });

  test('a part of the images, and the other part', async () => {
    await images(Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`${i}.jpg`, 'street.jpg'])));
    const parts = [1, 2].map((part) => ({ out: `${out}${part}`, shard: `${part}/2` }));
    const found = [];
    for (const part of parts) found.push(...(await namesDone(part)));
    expect(found.sort()).toEqual(Array.from({ length: 8 }, (_, i) => `${i}.jpg`));
  });

  test('COCO ids of a dataset', async () => {
    await images({ 'a/street.jpg': 'street.jpg', 'b/table.jpg': 'table.jpg' });
    const dataset = join(input, 'instances.json');
    const known = [
      { id: 7, file_name: 'a/street.jpg' },
      { id: 99, file_name: 'table.jpg' },
    ];
    await writeFile(dataset, JSON.stringify({ images: known, categories: [] }));
    await annotate({ imageIds: dataset });
    const coco = JSON.parse(await readFile(join(out, 'coco.json'), 'utf8'));
    expect(coco.images.map(({ id }: { id: number }) => id)).toEqual([7, 99]);
    await writeFile(dataset, JSON.stringify({ images: known.slice(1), categories: [] }));
    const lacking = /instances\.json: expected a number for every image, received "none for a\/street\.jpg"/;
    await expect(annotate({ imageIds: dataset })).rejects.toThrow(complaint('E_ARGUMENT', lacking));
    await writeFile(dataset, '[]');
    await expect(annotate({ imageIds: dataset })).rejects.toThrow(complaint('E_IO', /instances\.json: expected/));
  });

  test.each([
    ['no folder', { out: '' }, /options\.out to be the path of a folder, received ""/],
    ['a floor in percent', { floor: 5 }, /options\.floor to be a number from 0 to 1, received 5/],
    ['a part of none', { shard: '0/8' }, /^shard: expected a part of parts, as 3\/8, received "0\/8"/],
    ['a part beyond the last', { shard: '9/8' }, /^shard: .*received "9\/8"/],
    ['no size', { pictureSize: 0 }, /options\.pictureSize to be a positive whole number of pixels, received 0/],
    ['an option that there is not', { folder: 'x' } as never, /expected one of the options .*received "folder"/],
    ['a label that there is not', { labelThresholds: { lorry: 0.5 } }, /no label "lorry"/],
  ])('%s', async (_, options, message) => {
    await images({ 'street.jpg': 'street.jpg' });
    await expect(annotate(options)).rejects.toThrow(complaint('E_ARGUMENT', message));
    await expect(stat(out)).rejects.toThrow('ENOENT');
  });
});

describe('going on', () => {
  beforeEach(() => images({ 'a.jpg': 'street.jpg', 'b.jpg': 'table.jpg', 'c.jpg': 'crossing.jpg' }));

  test('a run that was stopped does what is left, and gives the same files', async () => {
    await images({ 'd.jpg': 'street.jpg', 'e.jpg': 'street.jpg', 'f.jpg': 'street.jpg' });
    await annotate();
    const whole = await filesOf(out);
    await rm(out, { recursive: true });
    const controller = new AbortController();
    const stopped = await annotate({ signal: controller.signal }, ({ type }) => {
      if (type === 'image') controller.abort();
    });
    const { complete, summary } = endOf(stopped);
    expect([complete, summary.notBegun > 0, summary.images + summary.notBegun]).toEqual([false, true, 6]);
    expect(startOf(await annotate())).toMatchObject({ images: 6, todo: summary.notBegun });
    expect(await filesOf(out)).toEqual(whole);
  });

  test('a reader that leaves stops the run, and what was done stays', async () => {
    for await (const event of built.annotate(input, { ...quick, out })) if (event.type === 'image') break;
    expect(await recorded()).toHaveLength(1);
    expect(startOf(await annotate())).toMatchObject({ todo: 2 });
  });

  test('a run that is complete has nothing to do, and another threshold does not need the model', async () => {
    await annotate();
    const events = await annotate({ scoreThreshold: 0.6 });
    expect(events.map(({ type }) => type)).toEqual(['start', 'end']);
    const coco = JSON.parse(await readFile(join(out, 'coco-results.json'), 'utf8'));
    expect(Math.min(...coco.map(({ score }: { score: number }) => score))).toBeGreaterThanOrEqual(0.6);
  });

  test('pictures and crops follow the score, and their images; those that are missing are drawn', async () => {
    const drawn = { pictures: true, pictureSize: 64, crops: true };
    await annotate({ ...drawn, scoreThreshold: 0.3 });
    await rm(join(out, 'pictures', 'a.jpg'));
    const again = await annotate({ ...drawn, scoreThreshold: 0.3 });
    expect(again.flatMap((event) => (event.type === 'image' ? [[event.image, event.isNew]] : []))).toEqual([
      ['a.jpg', false],
    ]);
    await rm(join(input, 'c.jpg'));
    await annotate({ ...drawn, scoreThreshold: 0.6 });
    const changed = await filesOf(out);
    await rm(out, { recursive: true });
    await annotate({ ...drawn, scoreThreshold: 0.6 });
    expect(changed).toEqual(await filesOf(out));
    expect(Object.keys(changed)).toContain(join('crops', 'bus', 'a-3.jpg'));
  });

  test('images that changed, are gone, or are new', async () => {
    await annotate();
    await copyFile(sample('table.jpg'), join(input, 'a.jpg'));
    const later = new Date(Date.now() + 5_000);
    await utimes(join(input, 'b.jpg'), later, later);
    await rm(join(input, 'c.jpg'));
    await images({ 'd.jpg': 'crossing.jpg' });
    const events = await annotate();
    expect(startOf(events)).toMatchObject({ images: 3, todo: 3, changed: ['a.jpg', 'b.jpg'], removed: ['c.jpg'] });
    const resumed = await filesOf(out);
    await annotate({ restart: true });
    expect(resumed).toEqual(await filesOf(out));
  });

  test('content of the same size and time is noticed by its hash only', async () => {
    const file = join(input, 'a.jpg');
    const swap = async () => {
      const bytes = await readFile(file);
      bytes[bytes.length - 3]! ^= 1;
      await writeFile(file, bytes);
      await utimes(file, 1e9, 1e9); // a whole second: a fraction may be another one once it has been written
    };
    await swap();
    await annotate();
    await swap();
    expect(startOf(await annotate())).toMatchObject({ todo: 0, changed: [] });
    await annotate({ restart: true, hash: true });
    await swap();
    expect(startOf(await annotate({ hash: true }))).toMatchObject({ todo: 1, changed: ['a.jpg'] });
  });

  test('failures: told again; tried again when the file changes or damage is allowed', async () => {
    const bytes = await readFile(sample('street.jpg'));
    await writeFile(join(input, 'cut.jpg'), bytes.subarray(0, bytes.length / 2));
    await annotate();
    const again = await annotate();
    expect(startOf(again)).toMatchObject({ todo: 0, retried: [] });
    expect(endOf(again).summary.failures).toMatchObject([{ image: 'cut.jpg', code: 'E_IMAGE' }]);
    const lenient = await annotate({ lenient: true });
    expect(startOf(lenient)).toMatchObject({ todo: 1, retried: ['cut.jpg'] });
    expect(endOf(lenient).summary).toMatchObject({ images: 4, damaged: 1, failures: [] });
    expect(startOf(await annotate())).toMatchObject({ todo: 1, retried: ['cut.jpg'] });
    await copyFile(sample('street.jpg'), join(input, 'cut.jpg'));
    expect(endOf(await annotate()).summary).toMatchObject({ images: 4, failures: [] });
  });

  test.each([
    ['a file that could not be read', 'E_IO', 1],
    ['a worker that died', 'E_WORKER', 1],
    ['a file that is no image', 'E_IMAGE', 0],
  ])('%s is tried again, or not', async (_, code, retried) => {
    await annotate();
    const { image, file } = (await recorded())[0];
    const lines = (await readFile(join(out, 'results.jsonl'), 'utf8')).split('\n').slice(1);
    await writeFile(join(out, 'results.jsonl'), lines.join('\n'));
    await appendFile(
      join(out, 'failures.jsonl'),
      `${JSON.stringify({ image, error: { code, message: 'x' }, file })}\n`,
    );
    expect(startOf(await annotate()).retried).toHaveLength(retried);
  });

  test.each([
    ['', {}],
    [', with pictures', { pictures: true, pictureSize: 64 }],
  ])('a record with spoilt lines is mended, and says so%s', async (_, options) => {
    await annotate(options);
    const whole = await filesOf(out);
    const text = await readFile(join(out, 'results.jsonl'), 'utf8');
    await writeFile(join(out, 'results.jsonl'), text.replace('"width"', 'width').slice(0, -5));
    const events = await annotate(options);
    expect(startOf(events)).toMatchObject({ todo: 2 });
    const message = '1 lines of the record could not be read; their images are done again';
    expect(events).toContainEqual({ type: 'warning', message });
    expect(await filesOf(out)).toEqual(whole);
  });

  test('another version of what computes is told', async () => {
    await annotate();
    const header = JSON.parse(await readFile(join(out, 'run.json'), 'utf8'));
    await writeFile(
      join(out, 'run.json'),
      JSON.stringify({ ...header, versions: { ...header.versions, sharp: '0.1.0' } }),
    );
    const message = expect.stringMatching(/^the run was begun with other versions: sharp 0\.1\.0 → \d/);
    for (let i = 0; i < 2; i++) expect(await annotate()).toContainEqual({ type: 'warning', message });
  });
});

describe('what is refused', () => {
  beforeEach(() => images({ 'a.jpg': 'street.jpg', 'sub/b.jpg': 'table.jpg' }));

  test.each<[string, Partial<AnnotateOptions>, RegExp]>([
    ['another option', { iouThreshold: 0.6 }, /options\.iouThreshold 0\.5 there, 0\.6 here/],
    ['other labels', { include: ['car'] }, /options\.include none there, \["car"\] here/],
    ['another floor', { floor: 0.1 }, /options\.floor 0\.05 there, 0\.1 here/],
    ['a score under the floor', { scoreThreshold: 0.01 }, /options\.floor 0\.05 there, 0\.01 here/],
    ['another spec', { spec: { input: { channels: 'bgr' } } }, /spec\.input \{.*there, \{.* here/],
    ['a part of the images', { shard: '1/2' }, /inputs\.shard null there, "1\/2" here/],
    ['to tell changes otherwise', { hash: true }, /inputs\.hash false there, true here/],
    ['several', { iouThreshold: 0.6, floor: 0.1 }, /iouThreshold .*; options\.floor/],
  ])('%s', async (_, options, message) => {
    await annotate();
    const before = await filesOf(out);
    await expect(annotate(options)).rejects.toThrow(complaint('E_ARGUMENT', message));
    expect(await filesOf(out)).toEqual(before);
  });

  test('another model', async () => {
    await annotate();
    const header = JSON.parse(await readFile(join(out, 'run.json'), 'utf8'));
    const model = { ...header.model, sha256: 'b'.repeat(64) };
    await writeFile(join(out, 'run.json'), JSON.stringify({ ...header, model }));
    const message = /received another: model\.sha256 "b{12}" there, "[0-9a-f]{12}" here\. /;
    await expect(annotate()).rejects.toThrow(complaint('E_ARGUMENT', message));
  });

  test('inputs that leave out images which are still there', async () => {
    await annotate();
    const message = /^inputs: expected all images of the run in this folder, received inputs without "sub\/b\.jpg"/;
    await expect(annotate({ recursive: false })).rejects.toThrow(complaint('E_ARGUMENT', message));
    expect(await recorded()).toHaveLength(2);
  });

  test('another folder', async () => {
    await annotate();
    const moved = `${input} moved`;
    await rename(input, moved);
    input = moved;
    await expect(annotate()).rejects.toThrow(complaint('E_ARGUMENT', /inputs\.root ".*" there, ".* moved" here/));
    await rm(moved, { recursive: true });
  });

  test('a record without a header, until it may go', async () => {
    await mkdir(out);
    await writeFile(join(out, 'results.jsonl'), '{"image":"x.jpg"}\n');
    await expect(annotate()).rejects.toThrow(complaint('E_IO', /expected run\.json beside results\.jsonl/));
    expect(endOf(await annotate({ restart: true })).summary.images).toBe(2);
  });

  test('a header that is cut off, until it may go', async () => {
    await annotate();
    await writeFile(join(out, 'run.json'), '{"format":"sig');
    await expect(annotate()).rejects.toThrow(complaint('E_IO', /run\.json: cannot be read: .*--restart/));
    expect(endOf(await annotate({ restart: true })).summary.images).toBe(2);
  });

  test('a folder that another run writes to', async () => {
    const first = built.annotate(input, { ...quick, out });
    await first.next();
    await expect(annotate()).rejects.toThrow(complaint('E_IO', /run\.lock: .* held by process \d+/));
    await first.return(undefined);
    expect(endOf(await annotate()).complete).toBe(true);
  });
});

async function annotate(options: Partial<AnnotateOptions> = {}, onEvent?: (event: AnnotateEvent) => void) {
  const events: AnnotateEvent[] = [];
  for await (const event of built.annotate(input, { ...quick, out, ...options })) {
    events.push(event);
    onEvent?.(event);
  }
  return events;
}

function startOf(events: AnnotateEvent[]) {
  return events.find((event) => event.type === 'start')!;
}

function endOf(events: AnnotateEvent[]) {
  return events.find((event) => event.type === 'end')!;
}

async function namesDone(options: Partial<AnnotateOptions>): Promise<string[]> {
  return (await annotate(options)).flatMap((event) => (event.type === 'image' ? [event.image] : []));
}

async function recorded() {
  const text = await readFile(join(out, 'results.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Copies samples into the input's folder. */
async function images(copies: Record<string, string>): Promise<void> {
  for (const [name, of] of Object.entries(copies)) {
    await mkdir(dirname(join(input, name)), { recursive: true });
    await copyFile(sample(of), join(input, name));
  }
}
