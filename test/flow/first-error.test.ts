import { expect, test } from 'vitest';
import { orFirstError, withFirstError } from '../../src/flow/first-error.js';

/** Fails, and so does what is closed on the way out, twice. */
async function* failing(): AsyncGenerator<number> {
  await using _outer = { [Symbol.asyncDispose]: () => Promise.reject(new Error('the second')) };
  await using _inner = { [Symbol.asyncDispose]: () => Promise.reject(new Error('the third')) };
  yield 1;
  throw new Error('the first');
}

async function all(numbers: AsyncIterable<number>): Promise<number[]> {
  const found: number[] = [];
  for await (const number of numbers) found.push(number);
  return found;
}

test('an error while files are closed does not hide the one that began it', async () => {
  await expect(all(failing())).rejects.toMatchObject({ name: 'SuppressedError' });
  await expect(all(withFirstError(failing()))).rejects.toThrow(/^the first$/);
  await expect(orFirstError(all(failing()))).rejects.toThrow(/^the first$/);
});

test('what does not fail passes', async () => {
  let closed = false;
  const numbers = (async function* () {
    try {
      yield* [1, 2, 3];
    } finally {
      closed = true;
    }
  })();
  for await (const number of withFirstError(numbers)) if (number === 2) break;
  expect(closed).toBe(true);
  expect(await orFirstError(Promise.resolve(1))).toBe(1);
});
