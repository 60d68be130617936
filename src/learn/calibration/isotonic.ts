/** Neighbouring points with one fitted value. */
export interface Pool {
  /** Mean of its x. */
  x: number;
  lowest: number;
  highest: number;
  /** Mean of its y. */
  value: number;
  count: number;
}

/**
 * Isotonic regression: the non-decreasing step function with the least squared error.
 *
 * @param xs  [n]. Not changed. Equal values become one point, with the mean of their y
 * @param ys  [n]
 * @returns blocks with ascending x and ascending values
 * Source: pool adjacent violators; Barlow et al., Statistical Inference under Order Restrictions (1972), section 1.2
 */
export function poolAdjacentViolators(xs: ArrayLike<number>, ys: ArrayLike<number>): Pool[] {
  const order = Uint32Array.from({ length: xs.length }, (_, i) => i).sort((a, b) => xs[a]! - xs[b]!);
  const blocks: Pool[] = [];
  for (const i of order) {
    const x = xs[i]!;
    const single = { x, lowest: x, highest: x, value: ys[i]!, count: 1 };
    const last = blocks.at(-1);
    if (last === undefined || last.highest !== x || last.lowest !== x) blocks.push(single);
    else blocks[blocks.length - 1] = joined(last, single);
  }
  return pooled(blocks);
}

function pooled(points: readonly Pool[]): Pool[] {
  const blocks: Pool[] = [];
  for (const point of points) {
    let block = point;
    while (blocks.length > 0 && blocks.at(-1)!.value >= block.value) block = joined(blocks.pop()!, block);
    blocks.push(block);
  }
  return blocks;
}

function joined(a: Pool, b: Pool): Pool {
  const count = a.count + b.count;
  const mean = (field: 'x' | 'value') => (a[field] * a.count + b[field] * b.count) / count;
  return { x: mean('x'), value: mean('value'), count, lowest: a.lowest, highest: b.highest };
}
