/**
 * Compares `sigmoid` with the correctly rounded value for all 2^32 float32 numbers, or for every n-th.
 *
 *     npx tsx test/by-hand/sigmoid.ts [n]
 *
 * A result in double precision is surely off by less than 2^−48 of itself: the series leaves 2^−57, and of its fifteen
 * roundings of 2^−53 most are damped. Where that can't change the rounding to float32, the result is the right one; the
 * others are computed with 320 digits by test/reference/sigmoid.ts, which the tests hold against a sample as well.
 */
import { sigmoid } from '../../src/kernels/maths/activation.js';
import { exp } from '../../src/kernels/maths/elementary.js';
import { sigmoid as rounded } from '../reference/sigmoid.js';

const every = Number(process.argv[2] ?? 1);
const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);
const seen = { floats: 0, computed: 0, 'one ulp off': 0, 'further off': 0, falling: 0, 'NaN lost': 0 };

/** From −∞ up to +∞. */
let before = 0;
for (let i = 0x7f800000; i >= 0; i -= every) look(0x80000000 + i);
for (let i = 0; i <= 0x7f800000; i += every) look(i);
for (let i = 0x7f800001; i < 0x80000000; i += every) lookAtNaN(i);
for (let i = 0xff800001; i <= 0xffffffff; i += every) lookAtNaN(i);
console.log(seen);

function look(pattern: number): void {
  bits[0] = pattern;
  const x = float[0]!;
  const score = sigmoid(x);
  seen.floats++;
  if (score < before) seen.falling++;
  before = score;
  const right = surely(x) ?? closely(x);
  if (score === right) return;
  seen[Math.abs(order(score) - order(right)) === 1 ? 'one ulp off' : 'further off']++;
}

function lookAtNaN(pattern: number): void {
  bits[0] = pattern;
  seen.floats++;
  if (!Number.isNaN(sigmoid(float[0]!))) seen['NaN lost']++;
}

/** The right value where double precision is enough to tell it. */
function surely(x: number): number | null {
  if (!Number.isFinite(x)) return x > 0 ? 1 : 0;
  const value = 1 / (1 + exp(-x));
  const low = Math.fround(value * (1 - 2 ** -48));
  return low === Math.fround(value * (1 + 2 ** -48)) ? low : null;
}

function closely(x: number): number {
  seen.computed++;
  return rounded(x);
}

/** The number of a float32 from 0 on, counted from 0. */
function order(value: number): number {
  float[0] = value;
  return bits[0]!;
}
