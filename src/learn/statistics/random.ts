/** Pseudo-random numbers in [0, 1), the same for a seed on every machine. Source: mulberry32, T. Ettinger. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Random folds of n items, as even in size as possible.
 *
 * @returns [n] the fold of each item, from 0
 */
export function drawFolds(n: number, { folds, seed }: { folds: number; seed: number }): Uint8Array {
  const random = seededRandom(seed);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const parts = new Uint8Array(n);
  for (const [place, i] of order.entries()) parts[i] = place % folds;
  return parts;
}
