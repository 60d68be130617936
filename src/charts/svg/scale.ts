/** A scale of an axis: where a value lies in pixels, and which values are marked. */
export interface Scale {
  at(value: number): number;
  ticks: readonly { value: number; text: string }[];
}

/** The values and the pixels at both ends of an axis. */
export interface ScaleRange {
  domain: readonly [number, number];
  pixels: readonly [number, number];
}

/** A linear scale. @param count  about how many ticks */
export function linearScale({ domain: [min, max], pixels: [from, to] }: ScaleRange, count = 5): Scale {
  const step = roundStep((max - min) / count);
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return {
    at: (value) => from + ((value - min) / (max - min)) * (to - from),
    ticks: Array.from({ length: last - first + 1 }, (_, i) => {
      const value = (first + i) * step;
      return { value, text: String(Number(value.toFixed(decimals))) };
    }),
  };
}

/** A logarithmic scale with ticks at powers of ten. @param range  domain above 0 */
export function logScale({ domain: [min, max], pixels: [from, to] }: ScaleRange): Scale {
  const [low, high] = [Math.log10(min), Math.log10(max)];
  const powers = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, i) => 10 ** (Math.ceil(low) + i));
  return {
    at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
    ticks: powers.map((value) => ({ value, text: value.toLocaleString('en') })),
  };
}

/** 1, 2 or 5 times a power of ten, the nearest one above. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((each) => each * power >= step * (1 - 1e-9))!;
  return factor * power;
}
