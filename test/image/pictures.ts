import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

export type Colour = [red: number, green: number, blue: number];

const corners: Record<string, Colour> = { R: [255, 0, 0], G: [0, 255, 0], W: [255, 255, 255], B: [0, 0, 255] };
export const { R: red, G: green, B: blue } = corners;

export function flat([r, g, b]: Colour, alpha = 1, width = 16, height = 16): Sharp {
  const background = { r, g, b, alpha };
  return sharp({ create: { width, height, channels: alpha < 1 ? 4 : 3, background } });
}

/** One colour of 16 bits per channel, or one grey. */
export function deep(...colour: number[]): Sharp {
  const channels = colour.length as 1 | 3;
  const data = Uint16Array.from({ length: 16 * 16 * channels }, (_, i) => colour[i % channels]);
  return sharp(data, { raw: { width: 16, height: 16, channels } }).toColourspace(channels === 1 ? 'grey16' : 'rgb16');
}

/** Red and green above white and blue. */
export function quadrants(width: number, height: number): Sharp {
  const colourAt = (x: number, y: number) => corners['RGWB'[(2 * x < width ? 0 : 1) + (2 * y < height ? 0 : 2)]];
  const at = (i: number) => colourAt(i % width, Math.floor(i / width));
  const data = Array.from({ length: width * height }, (_, i) => at(i)).flat();
  return sharp(Uint8Array.from(data), { raw: { width, height, channels: 3 } });
}

/** The letters of the colours in the middle of each quarter, row by row: RG/WB as `quadrants` draws them. */
export function quadrantsOf(pixels: Uint8Array, width: number, height: number): string {
  const letters = [0.25, 0.75].map((y) =>
    [0.25, 0.75].map((x) => {
      const at = 3 * (Math.floor(y * height) * width + Math.floor(x * width));
      return letterOf([...pixels.subarray(at, at + 3)]);
    }),
  );
  return letters.map((row) => row.join('')).join('/');
}

/** Half of the way between two of the four colours is 127 in one channel: 40 is far from it, and far above JPEG's errors. */
function letterOf(colour: number[]): string {
  const near = (letter: string) => corners[letter].every((value, i) => Math.abs(value - colour[i]) < 40);
  return Object.keys(corners).find(near) ?? `(${colour})`;
}

/** Two frames: blue, then red. */
export async function animation(): Promise<Sharp> {
  const frames = await Promise.all([blue, red].map((colour) => flat(colour).png().toBuffer()));
  return sharp(frames, { join: { animated: true } });
}

/** A PNG that names its size, and has none of its pixels. */
export function emptyPng(width: number, height: number): Buffer {
  const size = Buffer.alloc(8);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  const rgb = Buffer.of(8, 2, 0, 0, 0); // 8 bits, RGB, the usual methods
  const signature = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return Buffer.concat([signature, chunk('IHDR', Buffer.concat([size, rgb])), chunk('IDAT', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A TIFF of one colour whose last tag is a text without an end, as some GeoTIFF writers leave it: libtiff remarks on it. */
export async function tiffWithOddTag(colour: Colour): Promise<Buffer> {
  const tiff = await flat(colour).tiff({ compression: 'deflate' }).toBuffer();
  const directory = tiff.readUInt32LE(4);
  const last = directory + 2 + 12 * (tiff.readUInt16LE(directory) - 1);
  tiff.writeUInt16LE(65_000, last); // was SampleFormat: whole numbers, as without it
  tiff.writeUInt16LE(2, last + 2); // ASCII
  tiff.writeUInt32LE(4, last + 4); // letters
  tiff.write('text', last + 8);
  return tiff;
}
