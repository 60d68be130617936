import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExternalSort } from '../../src/files/external-sort.js';

interface Item {
  name: string;
  n: number;
}

async function sorted(items: readonly Item[], inMemory: number): Promise<Item[]> {
  await using sort = new ExternalSort<Item>(({ name }) => name, { inMemory });
  for (const item of items) await sort.add(item);
  const all: Item[] = [];
  for await (const item of sort.sorted()) all.push(item);
  return all;
}

/** As arrays sort, which keeps the order of equal keys. */
function twin(items: readonly Item[]): Item[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

test('gives what sorting in memory gives, however little memory there is', async () => {
  const names = fc.oneof(fc.string({ unit: 'binary', maxLength: 5 }), fc.constantFrom('a', 'b', 'ﬀ', '😀', 'a\nb'));
  await fc.assert(
    fc.asyncProperty(fc.array(names, { maxLength: 60 }), fc.integer({ min: 1, max: 2000 }), async (all, inMemory) => {
      const items = all.map((name, n) => ({ name, n }));
      expect(await sorted(items, inMemory)).toEqual(twin(items));
    }),
    { numRuns: 60 },
  );
});

test('sorts by UTF-16 code units, as results are, and not by code points', async () => {
  const items = ['\u{1F600}', '\uFB00', 'z'].map((name, n) => ({ name, n }));
  expect((await sorted(items, 1)).map(({ name }) => name)).toEqual(['z', '\u{1F600}', '\uFB00']);
});

test('leaves no file behind, also where the reader stops early', async () => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('sigbox-sort-'));
  {
    await using sort = new ExternalSort<Item>(({ name }) => name, { inMemory: 1 });
    for (let n = 0; n < 20; n++) await sort.add({ name: String(n), n });
    for await (const { name } of sort.sorted()) if (name === '1') break;
  }
  const after = readdirSync(tmpdir()).filter((name) => name.startsWith('sigbox-sort-') && !before.includes(name));
  expect(after.filter((name) => existsSync(`${tmpdir()}/${name}/0.jsonl`))).toEqual([]);
});
