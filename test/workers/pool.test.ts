import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test, vi } from 'vitest';
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

test('a worker runs the model on one image while it decodes another', async () => {
  await using detector = await built.createDetector({ workers: 1 });
  const canvas = { width: 8000, height: 8000, channels: 3, background: '#ffffff' } as const;
  const large = await sharp({ create: canvas }).png().toBuffer();
  const small = { data: new Uint8Array(3), width: 1, height: 1, channels: 3 } as const;
  const finished: string[] = [];
  const detect = async (name: string, image: Parameters<typeof detector.detect>[0]) => {
    await detector.detect(image);
    finished.push(name);
  };
  await Promise.all([detect('large', large), detect('small', small)]);
  expect(finished).toEqual(['small', 'large']);
});
