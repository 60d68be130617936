import type { Fault, Rule } from './check-options.js';

const EXPECTED =
  "curves, { shared, labels } with { kind: 'temperature', temperature } or { kind: 'platt', slope, intercept }, both " +
  "rising, or { kind: 'isotonic', scores, calibrated } with ascending numbers between 0 and 1";

/** A calibration whose curves rise everywhere. */
export const calibrationRule: Rule = {
  expected: EXPECTED,
  fault(value) {
    if (!isObject(value)) return at(value);
    const { shared, labels = {}, ...others } = value;
    const [strange] = Object.entries(others);
    if (strange !== undefined) return at(strange[1], strange[0]);
    if (shared !== undefined && !isCurve(shared)) return at(shared, 'shared');
    if (!isObject(labels)) return at(labels, 'labels');
    const wrong = Object.entries(labels).find(([, curve]) => !isCurve(curve));
    return wrong === undefined ? null : at(wrong[1], 'labels', wrong[0]);
  },
};

function isCurve(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { kind, ...numbers } = value;
  if (kind === 'temperature') return has(numbers, 'temperature') && isPositive(numbers.temperature);
  if (kind === 'platt') {
    return has(numbers, 'slope', 'intercept') && isPositive(numbers.slope) && Number.isFinite(numbers.intercept);
  }
  if (kind !== 'isotonic' || !has(numbers, 'scores', 'calibrated')) return false;
  const { scores, calibrated } = numbers;
  return rises(scores) && rises(calibrated) && (scores as number[]).length === (calibrated as number[]).length;
}

function at(value: unknown, ...path: string[]): Fault {
  return { path, value };
}

function has(value: Record<string, unknown>, ...names: string[]): boolean {
  return Object.keys(value).sort().join() === names.sort().join();
}

/** Whether numbers ascend from above 0 to below 1. */
function rises(values: unknown): boolean {
  if (!Array.isArray(values) || values.length === 0) return false;
  return values.every((value, i) => typeof value === 'number' && value > (i === 0 ? 0 : values[i - 1]) && value < 1);
}

function isPositive(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) > 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
