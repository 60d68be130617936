import type { CocoId } from '../../types/annotations.js';

/** Each id once, ascending: numbers by size, else by their text. */
export function sortedIds(ids: readonly CocoId[]): CocoId[] {
  const order = (a: CocoId, b: CocoId) => (typeof a === 'number' && typeof b === 'number' ? a - b : a < b ? -1 : 1);
  return [...new Set(ids)].sort(order);
}

/** The number of each id; −1: it has none. */
export function numbersOf(ids: readonly CocoId[], numbers: ReadonlyMap<CocoId | null, number>): Int32Array {
  return Int32Array.from(ids, (id) => numbers.get(id) ?? -1);
}
