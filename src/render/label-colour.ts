/** A colour in three parts, 0-255 each. */
export type Rgb = [red: number, green: number, blue: number];

const HUES = 24;
const LIGHTNESSES = [0.5, 0.65, 0.8];
const HIGHEST_CHROMA = 0.19;
/** Of 300,000 seeds the one that keeps person, car, truck, bus, bicycle, traffic light and their like furthest apart. */
const SEED = 49994;
const palette = LIGHTNESSES.flatMap((lightness) =>
  Array.from({ length: HUES }, (_, i) => mostVivid(lightness, (i / HUES) * 2 * Math.PI)),
);

/**
 * The colour of a label: one of 72, by the label's text alone, so that it is the same in every picture, run and model.
 *
 * Hash: FNV-1a. Colours: OKLCH with equal steps of hue on three lightnesses (Björn Ottosson, 2020).
 */
export function labelColour(label: string): Rgb {
  let hash = 0x811c9dc5 ^ SEED;
  for (const byte of new TextEncoder().encode(label)) hash = Math.imul(hash ^ byte, 0x01000193);
  return palette[(hash >>> 8) % palette.length]!;
}

/** The colour of a box by its number in the result: neighbours in the list are far apart in hue. */
export function boxColour(i: number): Rgb {
  const hue = (i * 7) % HUES; // 7 and 24 share no divisor: all hues come before one comes again
  const lightness = Math.floor(i / HUES + (i % 2)) % LIGHTNESSES.length;
  return palette[lightness * HUES + hue]!;
}

/** Black or white, whichever is the easier to read on a colour: contrast 4.58 at least. */
export function textColour(background: Rgb): Rgb {
  const black = contrast(background, [0, 0, 0]);
  const white = contrast(background, [255, 255, 255]);
  return black > white ? [0, 0, 0] : [255, 255, 255];
}

/** Contrast ratio from 1 to 21. Source: WCAG 2.2, relative luminance. */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((p, q) => p - q) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map(linear) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function linear(value: number): number {
  const v = value / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

function encoded(linear: number): number {
  const v = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(255 * v);
}

/** The colour of highest chroma, up to a limit, that sRGB can show. */
function mostVivid(lightness: number, hue: number): Rgb {
  for (let chroma = HIGHEST_CHROMA; ; chroma -= 0.005) {
    const rgb = linearRgb(lightness, chroma * Math.cos(hue), chroma * Math.sin(hue));
    if (chroma <= 0 || rgb.every((v) => v >= 0 && v <= 1)) return rgb.map(encoded) as Rgb;
  }
}

/** OKLab to linear sRGB. Source: https://bottosson.github.io/posts/oklab/ */
function linearRgb(lightness: number, a: number, b: number): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}
