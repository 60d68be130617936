import { stringify } from 'yaml';
import type { AnnotatedImage } from '../../types/annotations.js';
import type { Writer } from '../format.js';
import { sizeUnknown } from '../image-names.js';
import { rowsOf } from '../rows.js';
import { labelFileOf } from './paths.js';

/** Decimals of coordinates: 1e-8 of 16,000 pixels is less than a thousandth of one. */
const DECIMALS = 8;

/**
 * YOLO's labels, as Ultralytics' programs read them: `labels/` with a file per image (empty without regions), the list
 * `images.txt` of the images in `images/`, where they are to be put, and `data.yaml`. A region with several labels is a
 * line for each; boxes are clipped to the image.
 *
 * Source: ultralytics.data.utils, ultralytics.engine.results.save_txt (order of the score)
 */
export const writeYolo: Writer = async function* ({ labels, images }, { confidence = false, refuse, refused }) {
  const classes = new Map(labels.map((label, i) => [label, i]));
  const listed: string[] = [];
  for await (const image of images()) {
    const why = refusal(image);
    if (why !== null) {
      refuse(image.image, why);
      continue;
    }
    const path = labelFileOf(`/images/${image.image}`).slice(1);
    yield { path, image: image.image, pieces: lines(image, classes, confidence) };
    if (!refused.has(image.image)) listed.push(image.image);
  }
  yield { path: 'images.txt', pieces: listed.map((name) => `./images/${name}\n`) };
  const names = new Map(labels.entries()); // keys are numbers, as Ultralytics’ own files have them
  yield {
    path: 'data.yaml',
    pieces: [WHERE, stringify({ train: 'images.txt', val: 'images.txt', nc: labels.length, names })],
  };
};

const WHERE =
  '# For training, the pictures have to be in images/, beside labels/: sigbox export --link-images links them there.\n';

function refusal({ image, width, height }: AnnotatedImage): string | null {
  // Loaders cut the list at whatever Python takes for a line break, and take spaces off its ends.
  if (/[\p{Cc}\u2028\u2029]|\s$/u.test(image)) return 'a list of images can’t hold its name';
  return width > 0 && height > 0 ? null : sizeUnknown;
}

function* lines({ width, height, regions }: AnnotatedImage, classes: ReadonlyMap<string, number>, confidence: boolean) {
  for (const { box, label, score } of regions.flatMap(rowsOf)) {
    const [x1, y1, x2, y2] = box.map((edge, i) => clip(edge / (i % 2 === 0 ? width : height))) as typeof box;
    const numbers = [(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1];
    if (confidence && score !== undefined) numbers.push(score);
    yield `${classes.get(label)} ${numbers.map(decimal).join(' ')}\n`;
  }
}

function clip(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}

/** Without an exponent, which not every reader knows. */
function decimal(value: number): string {
  return value.toFixed(DECIMALS).replace(/\.?0+$/, '');
}
