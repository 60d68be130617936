/**
 * What a folder run keeps: memory of this process after a collection, every 500 images, MB.
 *
 *     npm run build && node --expose-gc bench/kept.mjs FOLDER
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { annotate } from '../dist/index.js';

const out = await mkdtemp(join(tmpdir(), 'sigbox-bench-kept-'));
let images = 0;
for await (const { type } of annotate([process.argv[2]], { out, pictures: false })) {
  if (type !== 'image' || ++images % 500 !== 0) continue;
  globalThis.gc();
  const { heapUsed, rss } = process.memoryUsage();
  console.log(`${images} images: heap ${(heapUsed / 1e6).toFixed(1)}, resident ${(rss / 1e6).toFixed(0)}`);
}
await rm(out, { recursive: true });
