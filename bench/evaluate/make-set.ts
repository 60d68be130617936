/**
 * Writes a seeded set of the size of COCO's val2017: 5,000 images, 36,000 truths (1 % crowds), 500,000 detections (100 per
 * image), 80 classes of very different frequency. A third of the detections lies at truths, most of them with its class.
 * With `lvis` a set like LVIS: 20,000 images, 250,000 truths, 6,000,000 detections (300 per image), 1,203 classes.
 *
 *     tsx bench/evaluate/make-set.ts FOLDER [lvis]    writes FOLDER/truth.json and FOLDER/results.json
 */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { randomNumbers } from '../../test/support/random.js';

const [folder, size] = process.argv.slice(2);
if (folder === undefined) throw new Error('make-set: expected a folder, received none.');
const [IMAGES, TRUTHS, PER_IMAGE, CLASSES] =
  size === 'lvis' ? ([20_000, 250_000, 300, 1203] as const) : ([5000, 36_000, 100, 80] as const);
const [WIDTH, HEIGHT] = [640, 480];

const random = randomNumbers(2017);
const whole = (n: number) => Math.floor(random() * n);
const cents = (value: number) => Math.round(value * 100) / 100;

/** A class; the k-th is k times as rare as the first. */
const categoryOf = () => 1 + Math.floor(CLASSES ** random() - 1 + 1e-9);

function bboxOf(): number[] {
  const side = 8 * 60 ** random();
  const width = Math.min(WIDTH, side * (0.5 + random()));
  const height = Math.min(HEIGHT, side * (0.5 + random()));
  return [random() * (WIDTH - width), random() * (HEIGHT - height), width, height].map(cents);
}

function near([x, y, width, height]: number[]): number[] {
  const shake = (size: number) => (random() + random() - 1) * 0.3 * size;
  return [x! + shake(width!), y! + shake(height!), width! + shake(width!), height! + shake(height!)].map(cents);
}

const annotations = Array.from({ length: TRUTHS }, (_, i) => {
  const bbox = bboxOf();
  const area = cents(bbox[2]! * bbox[3]! * (0.4 + 0.6 * random()));
  return { id: i + 1, image_id: 1 + whole(IMAGES), category_id: categoryOf(), bbox, area, iscrowd: +(random() < 0.01) };
});
const ofImage = Array.from({ length: IMAGES + 1 }, (): typeof annotations => []);
for (const annotation of annotations) ofImage[annotation.image_id]!.push(annotation);
function resultOf(image_id: number) {
  const truths = ofImage[image_id]!;
  const truth = random() < 1 / 3 ? truths[whole(truths.length)] : undefined;
  const category_id = truth !== undefined && random() < 0.8 ? truth.category_id : categoryOf();
  const bbox = truth === undefined ? bboxOf() : near(truth.bbox);
  const score = Math.round(1e5 * random() ** (truth === undefined ? 4 : 1)) / 1e5;
  return { image_id, category_id, bbox, score };
}

const images = Array.from({ length: IMAGES }, (_, i) => {
  return { id: i + 1, file_name: `${String(i + 1).padStart(12, '0')}.jpg`, width: WIDTH, height: HEIGHT };
});
const categories = Array.from({ length: CLASSES }, (_, i) => ({ id: i + 1, name: `class ${i + 1}` }));

mkdirSync(folder, { recursive: true });
const file = openSync(join(folder, 'results.json'), 'w'); // in pieces: the whole may be longer than a string can be
for (let image = 1; image <= IMAGES; image++) {
  const results = Array.from({ length: PER_IMAGE }, () => JSON.stringify(resultOf(image)));
  writeSync(file, `${image === 1 ? '[' : ','}${results.join(',')}`);
}
writeSync(file, ']');
closeSync(file);
writeFileSync(join(folder, 'truth.json'), JSON.stringify({ images, annotations, categories }));
