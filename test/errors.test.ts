import { describe, expect, test } from 'vitest';
import { complain, reason, SigboxError } from '../src/errors.js';

describe('SigboxError', () => {
  test('code, name and cause', () => {
    const cause = new Error('below');
    const error = new SigboxError('E_IO', 'above', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ code: 'E_IO', name: 'SigboxError', message: 'above', cause });
    expect(String(error)).toBe('SigboxError: above');
  });

  test('its message is one line', () => {
    expect(new SigboxError('E_IMAGE', ' first \r\n\n  second\nthird\n').message).toBe('first second third');
  });
});

describe('complain', () => {
  const long = 'x'.repeat(201);
  const rows: [string, unknown, string][] = [
    ['a text in quotes', 'a "b"\n', '"a \\"b\\"\\n"'],
    ['a long text cut', long, `"${'x'.repeat(200)}…"`],
    ['a text just short enough', long.slice(1), `"${'x'.repeat(200)}"`],
    ['a number', -1.5, '-1.5'],
    ['no number', Number.NaN, 'NaN'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a big integer', 5n, '5'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['a function', () => 1, 'a function'],
    ['an array: its length', [1, 2, 3], 'Array of length 3'],
    ['a typed array', new Float32Array(4), 'Float32Array of length 4'],
    ['bytes', Buffer.alloc(5), 'Buffer of length 5'],
    ['a view: its bytes', new DataView(new ArrayBuffer(8)), 'DataView of length 8'],
    ['an object: its class', new Date(), 'an object (Date)'],
    ['an object without one', Object.create(null), 'an object (no prototype)'],
  ];

  test.each(rows)('%s', (_, received, shown) => {
    const error = complain('E_ARGUMENT', { where: 'here', expected: 'x', received });
    expect(error).toMatchObject({ code: 'E_ARGUMENT', message: `here: expected x, received ${shown}.` });
    expect('cause' in error).toBe(false);
  });

  test('with a way to mend it, and a cause', () => {
    const cause = new Error('below');
    const error = complain('E_MODEL', { where: 'here', expected: 'x', received: 1, mend: 'Use x.', cause });
    expect(error).toMatchObject({ code: 'E_MODEL', message: 'here: expected x, received 1. Use x.', cause });
  });
});

describe('reason', () => {
  test.each([
    ['an error: its message', new TypeError('bad'), 'bad'],
    ['several lines', new Error('bad\n  worse\n'), 'bad worse'],
    ['a text', 'bad', 'bad'],
    ['anything', 3, '3'],
  ])('%s', (_, error, text) => {
    expect(reason(error)).toBe(text);
  });
});

test.each([
  ['redis://someone:secret@host:6379 is away', 'redis://***@host:6379 is away'],
  ['received "https://secret@host/a@b"', 'received "https://***@host/a@b"'],
  ['hf:org/name@1a2b and https://host/a@b stay', 'hf:org/name@1a2b and https://host/a@b stay'],
])('users and passwords of URLs are left out: %s', (message, shown) => {
  expect(new SigboxError('E_IO', message).message).toBe(shown);
  expect(reason(new Error(message))).toBe(shown);
});
