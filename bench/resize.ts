/** CPU time of decoding and resizing, for each interpolation. */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { InputSpec } from '../src/types/model.js';
import type { ImageSource, Interpolation } from '../src/types/pictures.js';
import { decode } from './built.js';
import { builtinModel } from './builtin-model.js';
import { makeImages } from './images.js';
import { type Cases, cpuTime, interleave, printTable, timing } from './measure.js';

const ROUNDS = 15;
const WARM_UP = 3;
const INTERPOLATIONS: Interpolation[] = ['antialias', 'bilinear', 'bicubic', 'bilinear-warp'];
/** Printed, so that no work can be left out. */
let sum = 0;

sharp.concurrency(1);
sharp.cache(false);

const { spec } = await builtinModel();
const yolo: InputSpec = { ...spec.input, width: 640, height: 640, fit: 'letterbox' };
await using images = await makeImages();
for (const { name, path } of images.all) {
  const source: ImageSource = { kind: 'bytes', bytes: await readFile(path) };
  const cases: Cases = Object.fromEntries(
    INTERPOLATIONS.map((interpolation) => [
      interpolation,
      () => cpuTime(() => decodeTo({ ...yolo, interpolation }, source)),
    ]),
  );
  const found = await interleave(cases, { rounds: ROUNDS, warmUp: WARM_UP });
  const rows = Object.entries(found).map(([interpolation, samples]) => ({ interpolation, ...timing(samples, 1) }));
  printTable(`${name} to 640 × 640: ms of CPU time per image`, rows);
}
console.log(`\nsum of results: ${sum}`);

async function decodeTo(input: InputSpec, source: ImageSource): Promise<void> {
  const { pixels } = await decode.decodeImage(source, input, { background: '#ffffff', lenient: false });
  sum += pixels[pixels.length >> 1]!;
}
