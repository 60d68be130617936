import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atan, exp, log } from '../../../src/kernels/maths/elementary.js';

/** Half a unit in the last place, at most; what Math's own give on this machine may be off by one itself. */
const HALF = 2 ** -53;

test.each<[string, (x: number) => number, (x: number) => number, { min: number; max: number; halves: number }]>([
  ['exp', exp, Math.exp, { min: -750, max: 720, halves: 3 }],
  ['exp near 0', exp, Math.exp, { min: -1e-3, max: 1e-3, halves: 3 }],
  ['log', log, Math.log, { min: Number.MIN_VALUE, max: Number.MAX_VALUE, halves: 3 }],
  ['log near 1', log, Math.log, { min: 0.5, max: 2, halves: 6 }],
  ['atan', atan, Math.atan, { min: -1e9, max: 1e9, halves: 8 }],
  ['atan near 0', atan, Math.atan, { min: -2, max: 2, halves: 8 }],
])('%s', (_, ours, theirs, { halves, ...range }) => {
  const property = fc.property(fc.double({ ...range, noNaN: true }), (x) => {
    const [received, expected] = [ours(x), theirs(x)];
    if (!Number.isFinite(expected)) return Object.is(received, expected);
    return Math.abs(received - expected) <= halves * HALF * Math.abs(expected) + 4 * 2 ** -1074;
  });
  fc.assert(property, { numRuns: 5000 });
});

test.each([
  ['e^0', exp(0), 1],
  ['e^−0', exp(-0), 1],
  ['e^∞', exp(Infinity), Infinity],
  ['e^−∞', exp(-Infinity), 0],
  ['what is too large', exp(710), Infinity],
  ['what is too small', exp(-746), 0],
  ['the smallest power', exp(-745.1), 2 ** -1074],
  ['e^NaN', exp(NaN), NaN],
  ['log 1', log(1), 0],
  ['log 0', log(0), -Infinity],
  ['log ∞', log(Infinity), Infinity],
  ['log of less than 0', log(-1), NaN],
  ['log of the smallest', log(2 ** -1074), -744.4400719213812],
  ['atan 0', atan(0), 0],
  ['atan ∞', atan(Infinity), Math.PI / 2],
  ['atan NaN', atan(NaN), NaN],
])('%s', (_, received, expected) => {
  expect(received).toBe(expected);
});
