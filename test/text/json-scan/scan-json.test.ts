import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Fields, slotsOf } from '../../../src/text/json-scan/entry.js';
import { JsonScanner, type JsonShape } from '../../../src/text/json-scan/scan-json.js';
import { complaint } from '../../support/complaint.js';

const encoder = new TextEncoder();

/** Scans a text in parts of a length, as bytes may come from anywhere. */
function scan(content: string | Uint8Array, shape: JsonShape, step = 1 << 20): void {
  const bytes = typeof content === 'string' ? encoder.encode(content) : content;
  const scanner = new JsonScanner(shape, 'file.json');
  for (let at = 0; at < bytes.length; at += step) scanner.push(bytes.subarray(at, at + step));
  scanner.close();
}

/** Entries with every field as `json`, read back as objects. */
function entriesOf(content: string | Uint8Array, names: string[], step?: number): Record<string, unknown>[] {
  const fields: Fields = Object.fromEntries(names.map((name) => [name, 'json'] as const));
  const slots = slotsOf(fields);
  const entries: Record<string, unknown>[] = [];
  const visit = ({ values }: { values: readonly unknown[] }) => {
    const known = names.filter((name) => values[slots[name]!] !== undefined);
    entries.push(Object.fromEntries(known.map((name) => [name, values[slots[name]!]])));
  };
  scan(content, { items: { fields, visit } }, step);
  return entries;
}

describe('entries are those of JSON.parse', () => {
  const names = ['a', 'b', 'ünï'];
  const entry = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), fc.jsonValue(), { maxKeys: 5 });
  const known = (entries: readonly object[]) =>
    entries.map((each) => Object.fromEntries(Object.entries(each).filter(([name]) => names.includes(name))));

  test('whatever the values, the white space and the parts in which the bytes come', () => {
    fc.assert(
      fc.property(
        fc.array(entry),
        fc.constantFrom('', ' ', '\n\t'),
        fc.integer({ min: 1, max: 40 }),
        (list, space, step) => {
          const text = JSON.stringify(list, null, space);
          expect(entriesOf(text, names, step)).toEqual(known(JSON.parse(text)));
        },
      ),
      { numRuns: 100 },
    );
  });

  test('numbers are the same doubles', () => {
    const numbers = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.stringMatching(/^-?(0|[1-9]\d{0,25})(\.\d{1,30})?([eE][+-]?\d{1,2})?$/),
    );
    fc.assert(
      fc.property(fc.array(numbers), fc.integer({ min: 1, max: 9 }), (list, step) => {
        const received: number[] = [];
        const visit = ({ numbers: [value] }: { numbers: Float64Array }) => received.push(value!);
        scan(`[${list.map((text) => `{"n":${text}}`)}]`, { items: { fields: { n: 'number' }, visit } }, step);
        expect(received).toEqual(list.map((text) => JSON.parse(text)));
      }),
      { numRuns: 500 },
    );
  });

  test('texts that were changed by a byte are refused, or read, as JSON.parse does', () => {
    const change = fc.record({
      at: fc.nat(),
      byte: fc.constantFrom(...encoder.encode('{}[]",:0-1.e\\untfl /\n\u0001')),
    });
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 3 }),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        (list, changes, cut) => {
          let bytes = encoder.encode(JSON.stringify(list));
          for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
          if (cut) bytes = bytes.subarray(0, changes[0]!.at % bytes.length);
          const text = () => new TextDecoder('utf-8', { fatal: true }).decode(bytes);
          const expected = attempt(() => requireObjects(JSON.parse(text())));
          const received = attempt(() => entriesOf(bytes, names, 7));
          if (expected instanceof Error) expect(received).toBeInstanceOf(Error);
          else if (received instanceof Error) expect(received.message).toMatch(/ once, received "it twice"/);
          else expect(received).toEqual(known(expected));
        },
      ),
      { numRuns: 800 },
    );
  });
});

/** A list of objects, or an error. */
function requireObjects(value: unknown): object[] {
  if (
    Array.isArray(value) &&
    value.every((each) => typeof each === 'object' && each !== null && !Array.isArray(each))
  ) {
    return value;
  }
  throw new Error('no list of objects');
}

function attempt<T>(run: () => T): T | Error {
  try {
    return run();
  } catch (error) {
    return error as Error;
  }
}

describe('bad JSON is one line with the place', () => {
  const fields = { id: 'id', box: 'box', score: 'number', name: 'label' } as const;
  const items = { fields, required: ['id'], visit: () => {} };
  const deep = '['.repeat(600);
  const rows: [string, string | Uint8Array, RegExp][] = [
    ['nothing', '', /line 1, column 1: expected a list or an object, received "the end of the file"/],
    ['cut off', '[{"id":1},\n{"id":', /line 2, column 7: expected items\.1|line 2, column 7: /],
    [
      'cut off in a string',
      '[{"id":"a',
      /line 1, column 10: expected the end of the string, received "the end of the file"/,
    ],
    ['NaN', '[{"id":1,"score":NaN}]', /line 1, column 18: expected 0: score to be a number, received "NaN"/],
    ['-Infinity', '[{"id":1,"score":-Infinity}]', /column 19: expected a digit, received "I/],
    [
      'too large a number',
      '[{"id":1,"score":1e999}]',
      /column 18: 0: expected score to be a number, received "one beyond/,
    ],
    ['a field twice', '[{"id":1,"id":2}]', /column 2: 0: expected field id once, received "it twice"/],
    ['a list twice', '{"items":[],"items":[]}', /column 13: expected items once, received "it twice"/],
    ['a list where an object should be', '[[]]', /column 2: expected 0: an object, received "\["/],
    ['an object where a list should be', '{"items":{}}', /column 10: expected items to be a list, received "\{"/],
    ['text where a number should be', '[{"id":1,"score":"0.5"}]', /column 18: expected 0: score to be a number/],
    ['three numbers', '[{"id":1,"box":[1,2,3]}]', /0: expected box to be four numbers, received "3"/],
    ['a missing field', '[{"id":1},{}]', /column 11: 1: expected a field id, received "none"/],
    ['null for a missing field', '[{"id":null}]', /expected a field id, received "none"/],
    ['depth', `[{"id":1,"x":${deep}`, /expected at most 512 levels of brackets/],
    ['invalid UTF-8', Uint8Array.from([...encoder.encode('[{"id":1,"name":"'), 0xff, 0x22]), /expected UTF-8/],
    [
      'invalid UTF-8 in what is skipped',
      Uint8Array.from([...encoder.encode('[{"id":1,"x":"'), 0xc3, 0x22]),
      /expected UTF-8/,
    ],
    ['something behind the end', '[] x', /column 4: expected the end of the file, received "x"/],
    ['a missing comma', '[{"id":1} {"id":2}]', /column 11: expected "," or "\]", received "\{"/],
    ['a leading zero', '[{"id":01}]', /column 9: expected "," or "\}", received "1"/],
  ];

  test.each(rows)('%s', (_, content, message) => {
    for (const step of [1, 1000]) {
      expect(() => scan(content, { items, members: { items } }, step)).toThrow(complaint('E_IO', message));
    }
  });

  test('an entry is visited once, in whatever parts its bytes come', () => {
    const seen: (number | undefined)[] = [];
    const text = '{"skipped":{"a":[1,{"b":[]}]},"items":[{"id":1},{"x":"\\u00fc","id":2}],"more":1}';
    const visit = ({ numbers }: { numbers: Float64Array }) => seen.push(numbers[0]);
    scan(text, { members: { items: { ...items, visit } } }, 1);
    expect(seen).toEqual([1, 2]);
  });

  test('entries inside entries', () => {
    const seen: unknown[] = [];
    const inner = {
      fields: { label: 'label' },
      visit: ({ texts }: { texts: unknown[] }) => seen.push(texts[0]),
    } as const;
    const outer = {
      fields: { image: 'text', regions: inner },
      begin: () => seen.splice(0),
      visit: ({ texts }: { texts: unknown[] }) => seen.push(texts[0]),
    } as const;
    scan('{"image":"a.jpg","regions":[{"label":"cat"},{"label":"c\\u0061t"}]}\n', { lines: outer }, 3);
    expect(seen).toEqual(['cat', 'cat', 'a.jpg']);
  });

  test('a field that only another entry has is missing', () => {
    const seen: unknown[] = [];
    const visit = (entry: { numbers: Float64Array; id(slot: number): unknown }) =>
      seen.push([entry.id(0), entry.numbers[1]]);
    scan('[{"id":1,"x":2},{"id":"a"},{"x":3}]', { items: { fields: { id: 'id', x: 'number' }, visit } });
    expect(seen).toEqual([
      [1, 2],
      ['a', Number.NaN],
      [undefined, 3],
    ]);
  });

  test.each(['\n', '\r\n'])('lines are counted as they come, ended by %j', (end) => {
    const list = Array.from({ length: 50 }, (_, id) => `${end}  {${end}    "id": ${id}${end}  }`);
    for (const step of [1, 7, 64, 5000]) {
      const wrong = `[${list},${end}  {${end}    "box": [1, 2]${end}  }${end}]`;
      const [line, column] = [1 + 3 * 50 + 2, 12];
      expect(() => scan(wrong, { items }, step)).toThrow(
        complaint(
          'E_IO',
          new RegExp(`line ${line}, column ${column}: 50: expected box to be four numbers, received "2"`),
        ),
      );
      const missing = `[${list},${end}  {${end}    "score": 2${end}  }${end}]`;
      expect(() => scan(missing, { items }, step)).toThrow(
        complaint('E_IO', /line 152, column 3: 50: expected a field id/),
      );
    }
  });

  test('a byte order mark is passed', () => {
    const bytes = Uint8Array.from([0xef, 0xbb, 0xbf, ...encoder.encode('[{"a":1}]')]);
    expect([entriesOf(bytes, ['a'], 1), entriesOf(bytes, ['a'])]).toEqual([[{ a: 1 }], [{ a: 1 }]]);
  });
});
