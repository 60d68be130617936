import { beforeEach, expect, test, vi } from 'vitest';
import type { NumberedPlan } from '../../src/types/plan.js';
import { openPool } from '../../src/workers/pool.js';

/** What workers were given and have not answered. */
const { given, Tinypool } = vi.hoisted(() => {
  const given: { image?: { source: unknown }; signal: unknown; answer: (answer: object) => void }[] = [];
  class Tinypool {
    readonly threads = [];
    on() {}
    run(task: { image?: { source: unknown } }, { signal }: { signal?: unknown }) {
      if (task.image === undefined) return Promise.resolve({ result: null }); // it loads the model
      return new Promise((answer) => given.push({ ...task, signal, answer }));
    }
    async destroy() {}
  }
  return { given, Tinypool };
});
vi.mock('tinypool', () => ({ Tinypool }));

const workers = 3;
const open = () => openPool({} as never, { workers, started: workers, timeout: 0 });
const plan = { id: 1, plan: {}, isSent: false } as NumberedPlan;
const image = (path: string) => ({ kind: 'path', path }) as const;
const names = () => given.map((task) => (task.image!.source as { path: string }).path);
const answerFirst = () => given.shift()!.answer({ result: { detections: [] } });
/** Until everything that follows from what was done has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => void given.splice(0));

test.each([
  ['without a signal', undefined],
  ['with one', new AbortController().signal],
])('workers have two images each in flight, %s, and the next as soon as one is done', async (_, signal) => {
  const pool = await open();
  const outcomes = Array.from('abcdefghij', (name) => pool.detect(image(name), plan, signal));
  await settled();
  expect(names()).toEqual([...'abcdef']);
  expect(given.map((task) => task.signal)).toEqual(Array(2 * workers).fill(undefined)); // else tinypool runs one per worker
  answerFirst();
  await settled();
  expect(names()).toEqual([...'bcdefg']);
  for (let left = 9; left > 0; left--) {
    answerFirst();
    await settled();
  }
  expect(await Promise.all(outcomes)).toHaveLength(10);
  await pool.close();
});

test('an image that waits when it is aborted is never begun', async () => {
  const pool = await open();
  const controller = new AbortController();
  const outcomes = Array.from('abcdefgh', (name) => pool.detect(image(name), plan, controller.signal));
  const wanted = pool.detect(image('wanted'), plan);
  const rejected = Promise.allSettled(outcomes.slice(6));
  await settled();
  controller.abort('not wanted');
  answerFirst();
  await settled();
  expect(names()).toEqual([...'bcdef', 'wanted']);
  expect(await rejected).toEqual(Array(2).fill({ status: 'rejected', reason: 'not wanted' }));
  while (given.length > 0) answerFirst();
  await Promise.all([...outcomes.slice(0, 6), wanted]);
  await pool.close();
});

test('closing rejects what waits', async () => {
  const pool = await open();
  const outcomes = Array.from('abcdefg', (name) => pool.detect(image(name), plan));
  await settled();
  const last = expect(outcomes.at(-1)).rejects.toThrow();
  await pool.close();
  await last;
  expect(names()).toEqual([...'abcdef']);
});
