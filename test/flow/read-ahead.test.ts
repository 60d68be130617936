import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { readAhead } from '../../src/flow/read-ahead.js';

const double = async (n: number) => 2 * n;

/** A source that tells what is asked of it, and answers when it is told to. */
function asked() {
  const answers: ((result: IteratorResult<number>) => void)[] = [];
  const failures: ((error: unknown) => void)[] = [];
  const calls: string[] = [];
  const iterator = {
    next() {
      calls.push('next');
      return new Promise<IteratorResult<number>>((resolve, reject) => {
        answers.push(resolve);
        failures.push(reject);
      });
    },
    async return() {
      calls.push('return');
      return { done: true as const, value: undefined };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  const give = (value: number) => answers.shift()!({ done: false, value });
  return { iterator, calls, give };
}

const turns = async (n = 20) => {
  for (let i = 0; i < n; i++) await Promise.resolve();
};

async function collected<T>(outcomes: AsyncIterable<T>) {
  const values: T[] = [];
  try {
    for await (const value of outcomes) values.push(value);
    return { values };
  } catch (error) {
    return { values, error };
  }
}

describe('what comes, and when', () => {
  test.each([
    ['an array', [1, 2, 3]],
    ['promises', [Promise.resolve(1), 2, Promise.resolve(3)] as number[]],
    ['a set', new Set([1, 2, 3])],
    ['a stream', Readable.from([1, 2, 3])],
  ])('%s', async (_, items) => {
    expect(await collected(readAhead<number, number>(items, double, { ahead: 1 }))).toEqual({ values: [2, 4, 6] });
  });

  test('nothing from nothing', async () => {
    expect(await collected(readAhead<number, number>([], double, { ahead: 4 }))).toEqual({ values: [] });
  });

  test('the order of the items, whatever is done first', async () => {
    const finish: (() => void)[] = [];
    const work = (n: number) => new Promise<number>((resolve) => finish.push(() => resolve(n)));
    const all = collected(readAhead([1, 2, 3], work, { ahead: 2 }));
    await turns();
    for (const done of finish.reverse()) done();
    expect(await all).toEqual({ values: [1, 2, 3] });
  });

  test('an outcome while the source still owes the next item', async () => {
    const { iterator, calls, give } = asked();
    const outcomes = readAhead<number, number>(iterator, double, { ahead: 4 });
    const first = outcomes.next();
    await turns();
    give(1);
    expect(await first).toEqual({ done: false, value: 2 });
    expect(calls).toEqual(['next', 'next']);
  });

  test('work begins when its item comes, though the reader is busy', async () => {
    const { iterator, give } = asked();
    const begun: number[] = [];
    const work = async (n: number) => begun.push(n);
    const outcomes = readAhead(iterator, work, { ahead: 4 });
    const first = outcomes.next();
    await turns();
    give(1);
    await first;
    give(2);
    await turns();
    give(3);
    await turns();
    expect(begun).toEqual([1, 2, 3]);
  });

  test('one question at a time, and none too far ahead', async () => {
    const { iterator, calls, give } = asked();
    const outcomes = readAhead<number, number>(iterator, double, { ahead: 2 });
    const first = outcomes.next();
    for (const [n, questions] of [
      [1, 1],
      [2, 2],
      [3, 3],
    ] as const) {
      await turns();
      expect(calls).toHaveLength(questions);
      give(n);
    }
    await turns();
    expect(await first).toEqual({ done: false, value: 2 });
    expect(calls).toHaveLength(3); // one that was wanted, two ahead
    await outcomes.next();
    await turns();
    expect(calls).toHaveLength(4);
  });
});

describe('a source that fails', () => {
  const mine = new Error('mine');

  test('what it gave before comes first', async () => {
    function* failing() {
      yield* [1, 2];
      throw mine;
    }
    expect(await collected(readAhead(failing(), double, { ahead: 8 }))).toEqual({ values: [2, 4], error: mine });
  });

  test.each([
    [
      'at once',
      () => {
        throw mine;
      },
    ],
    ['later', () => Promise.reject(mine)],
  ])('in its very first answer, %s', async (_, next) => {
    const items = { [Symbol.asyncIterator]: () => ({ next }) };
    expect(await collected(readAhead(items, double, { ahead: 8 }))).toEqual({ values: [], error: mine });
  });
});

describe('a reader that stops', () => {
  test('closes the source, and waits until it is closed', async () => {
    let closed = false;
    async function* source() {
      try {
        for (;;) yield 1;
      } finally {
        await turns();
        closed = true;
      }
    }
    for await (const _ of readAhead(source(), double, { ahead: 2 })) {
      await turns();
      break;
    }
    expect(closed).toBe(true);
  });

  test('does not wait for a source that owes an item', async () => {
    const { iterator, calls, give } = asked();
    const outcomes = readAhead<number, number>(iterator, double, { ahead: 4 });
    const first = outcomes.next();
    await turns();
    give(1);
    await first;
    await outcomes.return(undefined);
    expect(calls).toEqual(['next', 'next', 'return']);
    give(2); // too late: nothing is begun with it
    expect(await outcomes.next()).toEqual({ done: true, value: undefined });
  });

  test('closes a stream that owes an item', async () => {
    const stream = new Readable({ objectMode: true, read() {} });
    stream.push(1);
    for await (const value of readAhead<number, number>(stream, double, { ahead: 4 })) {
      expect(value).toBe(2);
      break;
    }
    expect(stream.destroyed).toBe(true);
  });

  test('hears of a source that cannot be closed', async () => {
    const mine = new Error('mine');
    const iterator = { next: async () => ({ done: false as const, value: 1 }), return: () => Promise.reject(mine) };
    const outcomes = readAhead({ [Symbol.asyncIterator]: () => iterator }, double, { ahead: 1 });
    await outcomes.next();
    await turns();
    await expect(outcomes.return(undefined)).rejects.toBe(mine);
  });
});

describe('abort', () => {
  const mine = new Error('not wanted');

  test('before: nothing is asked', async () => {
    const { iterator, calls } = asked();
    const signal = AbortSignal.abort(mine);
    expect(await collected(readAhead<number, number>(iterator, double, { ahead: 2, signal }))).toEqual({
      values: [],
      error: mine,
    });
    expect(calls).toEqual([]);
  });

  test('between two outcomes: the one that is there already is not given', async () => {
    const controller = new AbortController();
    const outcomes = readAhead([1, 2, 3], double, { ahead: 2, signal: controller.signal });
    await outcomes.next();
    await turns();
    controller.abort(mine);
    await expect(outcomes.next()).rejects.toBe(mine);
    expect(await outcomes.next()).toEqual({ done: true, value: undefined });
  });

  test.each([
    ['an item', 0],
    ['an outcome', 1],
  ])('while %s is waited for: at once, and the source is closed', async (_, given) => {
    const { iterator, calls, give } = asked();
    const controller = new AbortController();
    const never = () => new Promise<number>(() => {});
    const outcomes = readAhead(iterator, never, { ahead: 2, signal: controller.signal });
    const next = expect(outcomes.next()).rejects.toBe(mine);
    await turns();
    for (let i = 0; i < given; i++) give(i);
    await turns();
    controller.abort(mine);
    await next;
    expect(calls.at(-1)).toBe('return');
  });
});
