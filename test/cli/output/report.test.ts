import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { invocation } from '../../../src/cli/output/invocation.js';
import { reporterOf } from '../../../src/cli/output/report.js';
import { SigboxError } from '../../../src/errors.js';
import type { AnnotateEvent } from '../../../src/runs/annotate.js';
import { resultOf } from '../../formats/results.js';

let told: { out: string; err: string };

beforeEach(() => {
  told = { out: '', err: '' };
  vi.useFakeTimers({ toFake: ['performance'] });
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    told.out += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told.err += text;
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const start: AnnotateEvent = {
  type: 'start',
  out: 'out',
  ...{ images: 100, todo: 90, changed: ['c.jpg'], removed: [], retried: [] },
};
const done: AnnotateEvent = { type: 'image', image: 'a.jpg', result: resultOf('a.jpg'), error: null, isNew: true };
const failed: AnnotateEvent = {
  type: 'image',
  image: 'b\u001b[31m.jpg',
  result: null,
  error: new SigboxError('E_IMAGE', 'no image'),
  isNew: true,
};
const failures = [{ image: 'b\u001b[31m.jpg', code: 'E_IMAGE' as const, message: 'no image' }];
const labels = [
  { label: 'car', regions: 12, images: 7 },
  { label: 'traffic light', regions: 1, images: 1 },
];
const end: AnnotateEvent = {
  type: 'end',
  complete: true,
  summary: {
    ...{
      images: 99,
      empty: 2,
      damaged: 0,
      notBegun: 0,
      otherFiles: 1,
      failures,
      labels,
      rules: [],
      done: 90,
      seconds: 4.5,
    },
  },
};

function tell(reader: Parameters<typeof reporterOf>[0], ...events: (AnnotateEvent | number)[]): void {
  const reporter = reporterOf(reader);
  for (const event of events) {
    if (typeof event === 'number') vi.advanceTimersByTime(event);
    else reporter.take(event);
  }
  reporter.stop();
}

test('people: what it goes on with, a line every five seconds, the summary, what failed', () => {
  tell('people', start, 2_000, done, 4_000, failed, 1_000, done, { type: 'warning', message: 'odd' }, end);
  expect(told.err.split('\n')).toEqual([
    'sigbox: resuming out: 10 already recorded, 1 changed since',
    '12/100 images, 0.3/s, 1 failure, 5 min to go',
    'sigbox: odd',
    'sigbox: b\\x1b[31m.jpg: no image',
    '',
  ]);
  expect(told.out.split('\n')).toEqual([
    '99 images annotated, 2 without a region, 1 failed, 1 other file skipped: out',
    '  label          regions  images',
    '  car                 12       7',
    '  traffic light        1       1',
    '90 images in 4.5 s, 20 per second',
    `Next: open out/index.html, or correct the results with ${invocation()} review out`,
    '',
  ]);
});

test('machines: a line of JSON for each event', () => {
  tell('json', start, done, failed, { type: 'warning', message: 'odd' }, end);
  expect(
    told.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    start,
    { type: 'image', image: 'a.jpg', regions: 0 },
    { type: 'image', image: 'b\u001b[31m.jpg', error: { code: 'E_IMAGE', message: 'no image' } },
    { type: 'warning', message: 'odd' },
    end,
  ]);
  expect(told.err).toBe('');
});

test('quiet: warnings and failures only', () => {
  tell('quiet', start, done, 10_000, failed, { type: 'warning', message: 'odd' }, end);
  expect(told).toEqual({ out: '', err: 'sigbox: odd\nsigbox: b\\x1b[31m.jpg: no image\n' });
});

test('people: a run that was stopped says how to resume it; a folder is quoted for the shell', () => {
  tell('people', { ...start, out: "it's out" }, { ...end, complete: false });
  expect(told.out).toMatch(/\nNext: run the same command again to resume\.\n$/);
  told = { out: '', err: '' };
  tell('people', { ...start, out: "it's out" }, end);
  expect(told.out).toContain("sigbox review 'it'\\''s out'");
});
