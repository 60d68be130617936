import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Detector } from '../src/index.js';
import { built } from './support/built.js';
import { complaint } from './support/complaint.js';
import { sample } from './support/run.js';

const street = sample('street.jpg');
const workers = process.platform === 'win32' ? 1 : 2;
let pooled: Detector;

beforeAll(async () => {
  pooled = await built.createDetector({ workers });
});

afterAll(() => pooled?.close());

describe('images and results', () => {
  test('keeps the order, whatever takes how long', async () => {
    const images = [...Array(4).fill(street), sample('table.jpg'), ...Array(4).fill(street), sample('crossing.jpg')];
    const seen: (string | null)[] = [];
    for await (const { image } of pooled.detectAll(images)) seen.push(image);
    expect(seen).toEqual(images);
  });

  test('runs ahead of the reader by two images per worker and no more', async () => {
    let given = 0;
    function* endless() {
      for (;;) {
        given++;
        yield street;
      }
    }
    let read = 0;
    for await (const _ of pooled.detectAll(endless())) {
      expect(given - read).toBeLessThanOrEqual(2 * workers + 1);
      if (++read === 10) break;
    }
    expect(given).toBeGreaterThan(10);
  });

  test('an image that fails ends it with its error', async () => {
    const seen: unknown[] = [];
    const all = async () => {
      for await (const { image } of pooled.detectAll([street, 'nofile.jpg', street])) seen.push(image);
    };
    await expect(all()).rejects.toThrow(complaint('E_IO', /^nofile\.jpg: no such file$/));
    expect(seen).toEqual([street]);
  });

  test('or is told, and it goes on', async () => {
    const outcomes = [];
    for await (const outcome of pooled.detectAll([street, 'nofile.jpg', street], { errors: 'yield' })) {
      outcomes.push('error' in outcome ? [outcome.image, outcome.error.code] : outcome.image);
    }
    expect(outcomes).toEqual([street, ['nofile.jpg', 'E_IO'], street]);
  });

  test('takes images from a stream of them', async () => {
    const images = Readable.from([street, street], { objectMode: true });
    let count = 0;
    for await (const { detections } of pooled.detectAll(images)) count += detections.length > 0 ? 1 : 0;
    expect(count).toBe(2);
  });
});

describe('their source', () => {
  test('a result comes while the source waits for the reader', async () => {
    const answers: (() => void)[] = [];
    async function* camera() {
      for (let n = 0; n < 3; n++) {
        yield street;
        await new Promise<void>((resolve) => answers.push(resolve));
      }
    }
    let count = 0;
    for await (const _ of pooled.detectAll(camera())) {
      count++;
      while (answers.length === 0) await new Promise(setImmediate);
      answers.shift()!();
    }
    expect(count).toBe(3);
  });

  test('what it gave before it fails is detected', async () => {
    const mine = new Error('mine');
    function* failing() {
      yield* [street, street];
      throw mine;
    }
    const seen: (string | null)[] = [];
    const all = async () => {
      for await (const { image } of pooled.detectAll(failing())) seen.push(image);
    };
    await expect(all()).rejects.toBe(mine);
    expect(seen).toEqual([street, street]);
  });

  test.each([
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a number', 7, '7'],
    ['no list', { length: 0 }, 'an object \\(Object\\)'],
    ['one path', 'a.jpg', '"a.jpg"\\. A single image goes into an array: \\[image\\]'],
    ['one image’s bytes', Buffer.alloc(3), 'Buffer of length 3\\. A single image goes .*'],
  ])('refuses %s', async (_, images, received) => {
    const message = new RegExp(
      `^detectAll: expected images, as an array, iterator or stream, received ${received}\\.$`,
    );
    await expect(pooled.detectAll(images as never).next()).rejects.toThrow(complaint('E_ARGUMENT', message));
  });
});

test('an abort ends it at once, whatever is done already', async () => {
  const reason = new Error('enough');
  const controller = new AbortController();
  const images = Array.from({ length: 20 }, () => street);
  let count = 0;
  const all = async () => {
    for await (const _ of pooled.detectAll(images, { errors: 'yield', signal: controller.signal })) {
      if (++count !== 3) continue;
      await Promise.all(Array.from({ length: 2 * workers }, () => pooled.detect(street))); // by now all ahead are done
      controller.abort(reason);
    }
  };
  await expect(all()).rejects.toBe(reason);
  expect(count).toBe(3);
});
