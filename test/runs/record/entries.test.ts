import { expect, test } from 'vitest';
import { RecordEntries, type RecordEntry } from '../../../src/runs/record/entries.js';

const entry = (start: number, changes: Partial<RecordEntry> = {}): RecordEntry => ({
  ...{ start, end: start + 10, damaged: false },
  file: { bytes: 2 ** 40, modified: '2026-11-24T12:00:00.123Z' },
  ...changes,
});

test('gives back what was added, in that order, also when there are many', () => {
  const entries = new RecordEntries();
  const added = Array.from({ length: 1000 }, (_, i): [string, RecordEntry] => [`${i}.jpg`, entry(10 * i)]);
  for (const [image, each] of added) entries.set(image, each);
  expect(entries.size).toBe(1000);
  expect([...entries]).toEqual(added);
  expect([...entries.images()]).toEqual(added.map(([image]) => image));
});

test('hashes and damage, which few entries have', () => {
  const entries = new RecordEntries();
  const odd = entry(0, { damaged: true, file: { bytes: 1, modified: '1969-12-31T23:59:59.999Z', sha256: 'ab' } });
  entries.set('a.jpg', odd);
  entries.set('b.jpg', entry(10));
  expect([entries.get('a.jpg'), entries.get('b.jpg'), entries.get('c.jpg')]).toEqual([odd, entry(10), undefined]);
});

test('what is deleted leaves nothing behind, what is added again stands last', () => {
  const entries = new RecordEntries();
  entries.set('a.jpg', entry(0, { damaged: true }));
  entries.set('b.jpg', entry(10));
  entries.set('a.jpg', entry(20));
  expect([...entries]).toEqual([
    ['b.jpg', entry(10)],
    ['a.jpg', entry(20)],
  ]);
  expect([entries.delete('b.jpg'), entries.delete('b.jpg'), entries.has('b.jpg'), entries.size]).toEqual([
    true,
    false,
    false,
    1,
  ]);
});
