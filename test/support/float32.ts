const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The float32 next to a positive one: `steps` 1 is the next higher, −1 the next lower. */
export function float32Beside(value: number, steps: number): number {
  float[0] = value;
  bits[0] += steps;
  return float[0];
}
