/**
 * The numbers behind IEEE 754 halves, exactly.
 *
 * @param halves  their bits
 */
export function fromFloat16(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = halfToFloat(halves[i]!);
  return values;
}

/** The number behind the 16 bits of an IEEE 754 half. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * The nearest IEEE 754 halves, as their bits; ties go to the even one, what is too large becomes an infinity.
 *
 * @param values  not changed
 */
export function toFloat16(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < values.length; i++) halves[i] = halfOf(values[i]!, bits[i]!);
  return halves;
}

function halfOf(value: number, bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  if (Number.isNaN(value)) return sign | 0x7e00;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00; // half a step above the largest half, 65504
  if (size < 2 ** -14) return sign | roundToEven(size * 2 ** 24); // 1024 of these are the smallest normal half
  const exponent = (bits >>> 23) & 0xff;
  const fraction = roundToEven((size / 2 ** (exponent - 127) - 1) * 1024);
  return sign | (((exponent - 112) << 10) + fraction); // a fraction of 1024 carries into the exponent, as it should
}

function roundToEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  if (rest !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}
