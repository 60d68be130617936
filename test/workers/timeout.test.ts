import { execFileSync } from 'node:child_process';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { built } from '../support/built.js';
import { complaint } from '../support/complaint.js';
import { sample, sigbox } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const posix = process.platform !== 'win32';

/** A picture that takes minutes: filters over filters, as one of a few kilobytes can ask for. */
const SLOW = `<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="4000"><filter id="f">${'<feTurbulence type="fractalNoise" baseFrequency="0.01" numOctaves="50"/><feGaussianBlur stdDeviation="40"/>'.repeat(20)}</filter>${'<rect width="4000" height="4000" filter="url(#f)"/>'.repeat(50)}</svg>`;

/** Process ids of the workers of this process. */
function workers(): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const processes = table.split('\n').map((line) => line.trim().split(/\s+/));
  return processes
    .filter(([, parent, ...args]) => parent === String(process.pid) && args.join(' ').includes('tinypool'))
    .map(([pid]) => Number(pid));
}

test('an image that takes longer than the limit is named, and the others get their results', async () => {
  await using detector = await built.createDetector({ workers: 2, timeout: 3 });
  const slow = detector.detect(Buffer.from(SLOW));
  const others = Array.from({ length: 6 }, () => detector.detect(sample('street.jpg')));
  const message =
    /^it took longer than 3 s, and again in a worker of its own\. The option timeout \(--timeout\) sets the limit\.$/;
  await expect(slow).rejects.toThrow(complaint('E_WORKER', message));
  for (const { detections } of await Promise.all(others)) expect(detections.length).toBeGreaterThan(0);
});

test('in a run it is a failure that is tried again the next time', async () => {
  const [input, out] = [await temporaryFolder(), join(await temporaryFolder(), 'out')];
  await writeFile(join(input, 'slow.svg'), SLOW);
  await copyFile(sample('table.jpg'), join(input, 'a.jpg'));
  const command = ['annotate', input, '--out', out, '--workers', '1', '--timeout', '2', '--no-pictures'];
  const { status, stderr } = await sigbox(command);
  expect(status).toBe(3);
  expect(stderr).toMatch(/slow\.svg: it took longer than 2 s/);
  expect(JSON.parse(await readFile(join(out, 'failures.jsonl'), 'utf8'))).toMatchObject({
    error: { code: 'E_WORKER' },
  });
  expect(await readdir(out)).toContain('coco.json');
});

describe.skipIf(!posix)('a worker that is stopped', () => {
  test('in the middle of an image is replaced', async () => {
    await using detector = await built.createDetector({ workers: 2, timeout: 3 });
    await detector.detect(sample('table.jpg'));
    for (const pid of workers()) process.kill(pid, 'SIGSTOP');
    const results = await Promise.all(Array.from({ length: 4 }, () => detector.detect(sample('street.jpg'))));
    for (const { detections } of results) expect(detections.length).toBeGreaterThan(0);
  });

  test('does not keep the detector from being closed', async () => {
    const detector = await built.createDetector({ workers: 1 });
    await detector.detect(sample('table.jpg'));
    const stopped = workers();
    for (const pid of stopped) process.kill(pid, 'SIGSTOP');
    await detector.close();
    await vi.waitFor(() => expect(workers().filter((pid) => stopped.includes(pid))).toEqual([]), { timeout: 20_000 });
  });
});

test('no limit, and limits that can’t be', async () => {
  await using detector = await built.createDetector({ workers: 1, timeout: 0 });
  expect((await detector.detect(sample('table.jpg'))).width).toBeGreaterThan(0);
  await expect(built.createDetector({ timeout: -1 })).rejects.toThrow(
    complaint('E_ARGUMENT', /expected options\.timeout to be a number from 0, received -1/),
  );
});
