import { expect, test } from 'vitest';
import { Gate } from '../../src/flow/gate.js';

test('work is done side by side, and work that asks for it alone, in the order in which it came', async () => {
  const gate = new Gate();
  const running = new Set<string>();
  const seen: string[] = [];
  const work = (name: string) => async () => {
    running.add(name);
    seen.push([...running].join(''));
    for (let i = 0; i < 5; i++) await null;
    running.delete(name);
    return name;
  };
  const all = [
    ...[gate.shared(work('a')), gate.shared(work('b')), gate.alone(work('C')), gate.shared(work('d'))],
    ...[gate.alone(work('E')), gate.shared(work('f')), gate.shared(work('g'))],
  ];
  expect(await Promise.all(all)).toEqual([...'abCdEfg']);
  expect(seen).toEqual(['a', 'ab', 'C', 'd', 'E', 'f', 'fg']);
});

test('work that fails lets the next begin', async () => {
  const gate = new Gate();
  const fail = async () => {
    throw new Error('no');
  };
  const outcomes = await Promise.allSettled([gate.alone(fail), gate.shared(fail), gate.alone(async () => 'yes')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});
