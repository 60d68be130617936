import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test, vi } from 'vitest';
import type { ImageInput } from '../../src/index.js';
import { built } from '../support/built.js';
import { root, run, sample } from '../support/run.js';

const script = fileURLToPath(new URL('in-flight.mjs', import.meta.url));
const library = pathToFileURL(join(root, 'dist', 'index.js')).href;

async function endInFlight(how: string) {
  const { status, stdout, stderr } = await run(process.execPath, [script, how, library, sample('street.jpg')]);
  const [pids = '', ...printed] = stdout.trimEnd().split('\n');
  return { status, stderr, printed, workers: pids.split(' ').map(Number) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(process.platform === 'win32')('a process that ends while detections are in flight', () => {
  const rows: [string, number | string, RegExp][] = [
    ['exit', 7, /^$/],
    ['throw', 1, /Error: on purpose/],
    ['reject', 1, /Error: on purpose/],
    ['SIGINT', 'SIGINT', /^$/],
    ['SIGTERM', 'SIGTERM', /^$/],
    ['SIGKILL', 'SIGKILL', /^$/],
    ['close', 0, /^$/],
  ];

  test.each(rows)('%s: its own status, and no worker is left', async (how, status, stderr) => {
    const ended = await endInFlight(how);
    expect(ended).toMatchObject({ status, stderr: expect.stringMatching(stderr) });
    expect(ended.workers).toHaveLength(2);
    await vi.waitFor(() => expect(ended.workers.filter(isAlive)).toEqual([]), { timeout: 20_000 });
  });

  test('workers that die are replaced, and their images tried again', async () => {
    const ended = await endInFlight('killWorkers');
    expect(ended).toMatchObject({ status: 0, stderr: '', printed: ['true'] });
  });

  test('workers that die again and again: every image fails with its reason, and the next one does not', async () => {
    const ended = await endInFlight('killForever');
    expect(ended).toMatchObject({ status: 0, stderr: '', printed: ['true', 'true'] });
  });
});

test.each([
  ['without a signal', {}],
  ['with one', { signal: new AbortController().signal }],
])('a worker runs the model on one image while it decodes another, %s', async (_, options) => {
  await using detector = await built.createDetector({ workers: 1 });
  const canvas = { width: 8000, height: 8000, channels: 3, background: '#ffffff' } as const;
  const large = await sharp({ create: canvas }).png().toBuffer();
  const small = { data: new Uint8Array(3), width: 1, height: 1, channels: 3 } as const;
  const finished: string[] = [];
  const detect = async (name: string, image: ImageInput) => {
    await detector.detect(image, options);
    finished.push(name);
  };
  await Promise.all([detect('large', large), detect('small', small)]);
  expect(finished).toEqual(['small', 'large']);
});

test('images that take for ever keep no worker once they are aborted', async () => {
  await using detector = await built.createDetector({ workers: 1 });
  const controller = new AbortController();
  const reason = new Error('takes too long');
  const slow = Array.from({ length: 2 }, () => detector.detect(endless(), { signal: controller.signal }));
  const waiting = detector.detect(sample('street.jpg'));
  const settled = Promise.allSettled(slow);
  await new Promise(setImmediate); // both are with the worker, which takes two
  controller.abort(reason);
  expect(await settled).toEqual(Array(2).fill({ status: 'rejected', reason }));
  expect((await waiting).detections.length).toBeGreaterThan(0);
});

test('closing does not wait for an image that is aborted', async () => {
  const detector = await built.createDetector({ workers: 1 });
  const controller = new AbortController();
  const aborted = expect(detector.detect(endless(), { signal: controller.signal })).rejects.toBe('not wanted');
  await detector.detect(sample('street.jpg')); // the other one, which came before, is begun as well
  controller.abort('not wanted');
  await Promise.all([aborted, detector.close()]);
});

/** An SVG whose drawing takes many minutes: noise upon noise. */
function endless(): Buffer {
  const noise = '<feTurbulence baseFrequency="0.1" numOctaves="9"/>'.repeat(20_000);
  const filter = `<filter id="f" x="0" y="0" width="1" height="1">${noise}</filter>`;
  const size = 'width="1000" height="1000"';
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${size}>${filter}<rect ${size} filter="url(#f)"/></svg>`);
}
