import type { Estimate } from '../../learn/statistics/bootstrap.js';

/** `0.512 (0.470–0.551)`: a value with its 95 % interval. */
export function estimate({ value, low, high }: Estimate): string {
  return `${value.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;
}

/** `+0.038 (+0.013 to +0.071)`. */
export function signedEstimate({ value, low, high }: Estimate): string {
  return `${signed(value)} (${signed(low)} to ${signed(high)})`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}
