/**
 * Makes large pictures of small ones: photographs at scales from 0.25 to 1, row after row, with their ground truth.
 *
 *     tsx bench/views/make-mosaics.ts IMAGES INSTANCES.json OUT [SEED=1] [SMALL=24] [LARGE=4]
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

interface Annotation {
  id: number;
  image_id: number;
  category_id: number;
  bbox: [number, number, number, number];
  area: number;
  iscrowd: number;
}

interface Instances {
  images: { id: number; file_name: string; width: number; height: number }[];
  annotations: Annotation[];
  categories: { id: number; name: string }[];
}

const SIZES = { small: [3200, 2400], large: [6400, 4800] } as const;
const GAP = 4;

const [images, instances, out, seed = '1', small = '24', large = '4'] = process.argv.slice(2);
const { images: photos, annotations, categories }: Instances = JSON.parse(await readFile(instances!, 'utf8'));
const byPhoto = new Map(photos.map(({ id }) => [id, annotations.filter(({ image_id }) => image_id === id)]));
const random = numbers(Number(seed));
await mkdir(join(out!, 'images'), { recursive: true });
const made: Instances = { images: [], annotations: [], categories };
for (let id = 1; id <= Number(small) + Number(large); id++) {
  const [width, height] = id <= Number(small) ? SIZES.small : SIZES.large;
  const name = `mosaic-${String(id).padStart(3, '0')}.jpg`;
  const placed = layOut(width, height);
  await draw(join(out!, 'images', name), placed, width, height);
  made.images.push({ id, file_name: name, width, height });
  for (const { photo, x, y, scale } of placed) {
    for (const { category_id, bbox, area, iscrowd } of byPhoto.get(photo.id) ?? []) {
      const [bx, by, bw, bh] = bbox;
      const box: Annotation['bbox'] = [x + bx * scale, y + by * scale, bw * scale, bh * scale];
      const annotation = { category_id, bbox: box, area: area * scale * scale, iscrowd };
      made.annotations.push({ id: made.annotations.length + 1, image_id: id, ...annotation });
    }
  }
}
await writeFile(join(out!, 'instances.json'), JSON.stringify(made));
console.log(`${made.images.length} mosaics, ${made.annotations.length} objects: ${out}`);

interface Placed {
  photo: Instances['images'][number];
  x: number;
  y: number;
  width: number;
  height: number;
  scale: number;
}

/** Row after row, each as high as its highest photograph. */
function layOut(width: number, height: number): Placed[] {
  const placed: Placed[] = [];
  let [x, y, rowHeight] = [0, 0, 0];
  for (let misses = 0; misses < 40; ) {
    const photo = photos[Math.floor(random() * photos.length)]!;
    const scale = 0.25 + 0.75 * random();
    const [w, h] = [Math.round(photo.width * scale), Math.round(photo.height * scale)];
    if (x + w > width) [x, y, rowHeight] = [0, y + rowHeight + GAP, 0];
    if (y + h > height) {
      misses++;
      continue;
    }
    placed.push({ photo, x, y, width: w, height: h, scale: w / photo.width });
    x += w + GAP;
    rowHeight = Math.max(rowHeight, h);
  }
  return placed;
}

async function draw(file: string, placed: readonly Placed[], width: number, height: number): Promise<void> {
  const parts = await Promise.all(
    placed.map(async ({ photo, x, y, width: w, height: h }) => ({
      input: await sharp(join(images!, photo.file_name))
        .resize(w, h, { fit: 'fill' })
        .png({ compressionLevel: 0 })
        .toBuffer(),
      left: x,
      top: y,
    })),
  );
  const canvas = sharp({ create: { width, height, channels: 3, background: '#727272' } });
  await canvas.composite(parts).jpeg({ quality: 95 }).toFile(file);
}

/** Uniform numbers in [0, 1). Source: mulberry32 */
function numbers(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
