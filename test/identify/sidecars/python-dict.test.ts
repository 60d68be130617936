import { describe, expect, test } from 'vitest';
import { parseNames } from '../../../src/identify/sidecars/python-dict.js';

describe('what it reads', () => {
  const rows: [string, string, [number, string][]][] = [
    [
      'a dict',
      "{0: 'person', 1: 'car'}",
      [
        [0, 'person'],
        [1, 'car'],
      ],
    ],
    [
      'a list',
      "['person', 'car']",
      [
        [0, 'person'],
        [1, 'car'],
      ],
    ],
    ['one name', "{0: 'face'}", [[0, 'face']]],
    ['one name in a list', "['face']", [[0, 'face']]],
    [
      'an apostrophe',
      `{0: "driver's seat", 1: 'b'}`,
      [
        [0, "driver's seat"],
        [1, 'b'],
      ],
    ],
    [
      'numbers without quotes',
      '{0: 0, 1: 7}',
      [
        [0, '0'],
        [1, '7'],
      ],
    ],
    [
      'numbers in a list',
      '[1, 2.5]',
      [
        [0, '1'],
        [1, '2.5'],
      ],
    ],
    ['a class without a name', "{0: None, 1: 'car'}", [[1, 'car']]],
    [
      'numpy’s wrapping',
      "{0: np.str_('person'), np.int64(1): np.str_('car')}",
      [
        [0, 'person'],
        [1, 'car'],
      ],
    ],
    [
      'an ordered dict',
      "OrderedDict([(0, 'person'), (1, 'car')])",
      [
        [0, 'person'],
        [1, 'car'],
      ],
    ],
    [
      'a tuple',
      "('person', 'car')",
      [
        [0, 'person'],
        [1, 'car'],
      ],
    ],
    ['a quotation mark', `{0: '24" wheel'}`, [[0, '24" wheel']]],
    ['both, escaped', `['driver\\'s 24" wheel']`, [[0, `driver's 24" wheel`]]],
    [
      'commas, colons and brackets in names',
      "['a, b', 'c: d', '{e}', ']']",
      [
        [0, 'a, b'],
        [1, 'c: d'],
        [2, '{e}'],
        [3, ']'],
      ],
    ],
    ['a backslash', "['a\\\\b']", [[0, 'a\\b']]],
    [
      'escapes',
      "['\\xe9', '\\u00e9', '\\U0001f697', 'a\\tb']",
      [
        [0, 'é'],
        [1, 'é'],
        [2, '🚗'],
        [3, 'a\tb'],
      ],
    ],
    [
      'other scripts',
      "['車', '人']",
      [
        [0, '車'],
        [1, '人'],
      ],
    ],
    [
      'gaps and any order',
      "{7: 'b', 2: 'a'}",
      [
        [7, 'b'],
        [2, 'a'],
      ],
    ],
    [
      'an empty name',
      "['', 'a']",
      [
        [0, ''],
        [1, 'a'],
      ],
    ],
    [
      'white space and a comma at the end',
      "  [ 'a' ,\n 'b' , ]\n",
      [
        [0, 'a'],
        [1, 'b'],
      ],
    ],
    [
      'JSON, an object',
      '{"0": "person", "1": "car"}',
      [
        [0, 'person'],
        [1, 'car'],
      ],
    ],
    [
      'JSON, an array',
      '["person","car"]',
      [
        [0, 'person'],
        [1, 'car'],
      ],
    ],
    ['nothing in a dict', '{}', []],
    ['nothing in a list', '[ ]', []],
  ];

  test.each(rows)('%s', (_, text, names) => {
    expect([...(parseNames(text) ?? [['none', '']])]).toEqual(names);
  });

  test('1203 names, in an instant', () => {
    const text = `{${Array.from({ length: 1203 }, (_, i) => `${i}: 'name ${i}'`).join(', ')}}`;
    expect(parseNames(text)?.get(1202)).toBe('name 1202');
  });
});

describe('what is none', () => {
  test.each([
    '',
    'person',
    'person, car',
    "'person'",
    "{'a', 'b'}",
    "{'a': 'b'}",
    "[0: 'a']",
    "{0: 'a'",
    "{0: 'a']",
    '{0: a}',
    "{0: 'a' 1: 'b'}",
    "{0: 'a'}}",
    "[['a']]",
    "['a', b]",
    "['a\\']",
    "{0: 'a', 0.5: 'b'}",
  ])('%s', (text) => {
    expect(parseNames(text)).toBeNull();
  });
});
