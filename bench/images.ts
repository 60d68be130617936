import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

export const street = fileURLToPath(new URL('../samples/street.jpg', import.meta.url));

const SIZES = [
  { name: 'VGA', width: 640, height: 480 },
  { name: '1080p', width: 1920, height: 1080 },
  { name: '12 MP', width: 4000, height: 3000 },
];
/** Grey levels, either way. A rendered and enlarged picture is too smooth: with it, 12 MP are 3.4 MB. */
const GRAIN = 10;
const QUALITY = 90; // of JPEG, as cameras take it

export interface BenchImage {
  name: string;
  path: string;
  /** Size of the file. */
  bytes: number;
}

export interface BenchImages extends AsyncDisposable {
  all: BenchImage[];
}

/** samples/street.jpg as JPEGs of three sizes, with seeded grain, in a temporary folder. */
export async function makeImages(): Promise<BenchImages> {
  const folder = await mkdtemp(join(tmpdir(), 'sigbox-bench-'));
  const all: BenchImage[] = [];
  for (const { name, width, height } of SIZES) {
    const path = join(folder, `${width}x${height}.jpg`);
    const pixels = await sharp(street).resize(width, height, { kernel: 'cubic' }).raw().toBuffer();
    addGrain(pixels);
    await writeFile(
      path,
      await sharp(pixels, { raw: { width, height, channels: 3 } })
        .jpeg({ quality: QUALITY })
        .toBuffer(),
    );
    all.push({ name, path, bytes: (await stat(path)).size });
  }
  const list = all.map(({ name, bytes }) => `${name} ${(bytes / 1000).toFixed(0)} kB`);
  console.log(`images: ${list.join(', ')}`);
  return { all, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** The same grain in all channels: brightness, which JPEG keeps best. */
function addGrain(pixels: Uint8Array): void {
  let state = 1;
  for (let i = 0; i < pixels.length; i += 3) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
    const grain = Math.round((state / 2 ** 31 - 1) * GRAIN);
    for (let k = i; k < i + 3; k++) pixels[k] = Math.min(255, Math.max(0, pixels[k]! + grain));
  }
}
