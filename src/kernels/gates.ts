/** What a scan looks for, in float32. */
export interface Gates {
  /** [classes] by column: the lowest float32 that is a hit; NaN: never */
  thresholds: Float32Array;
  /** The lowest of them; NaN when there is none. */
  lowest: number;
  /** Ascending columns to be read. */
  columns: Uint16Array;
  /** Whether those are neighbours, and all have one threshold. */
  even: boolean;
  single: boolean;
  /** Whether values are logits, and their sigmoids are wanted. */
  activates: boolean;
}

/** The lowest float32 that is not below a number: v ≥ number and v ≥ float32From(number) say the same of any float32 v. */
export function float32From(number: number): number {
  const nearest = Math.fround(number);
  return nearest < number ? float32Above(nearest) : nearest;
}

/** The highest float32 below a number above −∞. */
export function float32Below(float32: number): number {
  return -float32Above(-float32);
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

function float32Above(float32: number): number {
  if (float32 === 0) return 2 ** -149;
  float[0] = float32;
  bits[0]! += float32 > 0 ? 1 : -1;
  return float[0]!;
}
