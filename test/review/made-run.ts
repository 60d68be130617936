import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import type { CocoDataset } from '../../src/columns/parsed-coco.js';
import type { RunHeader } from '../../src/runs/record/run-header.js';
import type { Box, Detection, LabelScore } from '../../src/types/detections.js';
import { failureOf, headerOf, recordOf, writeRun } from '../runs/runs.js';
import { randomNumbers } from '../support/random.js';
import { root } from '../support/run.js';

/** The page lies beside the compiled server. */
export const { exportReview, openReview } = (await import(
  pathToFileURL(join(root, 'dist', 'review', 'review.js')).href
)) as typeof import('../../src/review/review.js');

export const HOSTILE = '<img src=x onerror="window.pwned=1">';
/** By class. */
export const LABELS = [null, 'person', 'car', HOSTILE];
const SIZE = { width: 320, height: 240 };

export interface MadeRun {
  folder: string;
  /** COCO, of the same images; some boxes are marked that the run does not have, and the other way round. */
  groundTruth: CocoDataset;
  names: string[];
}

/** A run of random regions on pictures of one colour each, the same ones for the same seed; the last image failed. */
export async function madeRun(
  folder: string,
  { images = 12, seed = 1, header = {} }: { images?: number; seed?: number; header?: Partial<RunHeader> } = {},
): Promise<MadeRun> {
  const random = randomNumbers(seed);
  const pictures = join(folder, 'pictures');
  await mkdir(pictures, { recursive: true });
  const names = Array.from({ length: images }, (_, i) => `picture-${String(i).padStart(3, '0')}.png`);
  await Promise.all(
    names.slice(0, -1).map(async (name, i) => {
      const background = { r: (40 * i) % 256, g: (90 * i) % 256, b: 120 };
      const picture = sharp({ create: { ...SIZE, channels: 3, background } }).png();
      await writeFile(join(pictures, name), await picture.toBuffer());
    }),
  );
  const detections = names.map(() => regions(random));
  const run = join(folder, 'run');
  const before = headerOf();
  await writeRun(run, {
    header: {
      ...before,
      spec: { ...before.spec, labels: LABELS },
      inputs: { ...before.inputs, root: pictures },
      ...header,
    },
    results: names.slice(0, -1).map((name, i) => ({ ...recordOf(name, ...detections[i]!), ...SIZE })),
    failures: [failureOf(names.at(-1)!)],
  });
  return { folder: run, groundTruth: groundTruthOf(names, detections, random), names };
}

function regions(random: () => number): Detection[] {
  const count = Math.floor(8 * random());
  return Array.from({ length: count }, (_, i) => {
    const first = Math.fround(0.97 - (0.9 * (i + random())) / count);
    const labels: LabelScore[] = [labelled(1 + Math.floor(3 * random()), first)];
    const other = 1 + Math.floor(3 * random());
    if (random() < 0.3 && other !== labels[0]!.classId) labels.push(labelled(other, Math.fround(first * random())));
    const counting = labels.filter(({ score }) => score >= 0.05);
    return { box: randomBox(random), ...counting[0]!, labels: counting };
  }).sort((a, b) => b.score - a.score);
}

function labelled(classId: number, score: number): LabelScore {
  return { label: LABELS[classId]!, classId, score };
}

function randomBox(random: () => number): Box {
  const [x, y] = [200 * random(), 150 * random()];
  return [x, y, x + 20 + 90 * random(), y + 20 + 60 * random()].map(Math.fround) as Box;
}

/** Some of the boxes, a little moved, some under another label; and some more. */
function groundTruthOf(names: string[], detections: Detection[][], random: () => number): CocoDataset {
  const annotations: CocoDataset['annotations'][number][] = [];
  for (const [image, regions] of detections.entries()) {
    const boxes = regions.filter(() => random() < 0.7).map(({ box, classId }) => ({ box, classId }));
    if (random() < 0.6) boxes.push({ box: randomBox(random), classId: 1 });
    for (const { box, classId } of boxes) {
      const [x1, y1, x2, y2] = box.map((side) => side + 6 * (random() - 0.5)) as Box;
      const category_id = random() < 0.15 ? 1 + (classId % 3) : classId;
      annotations.push({
        id: annotations.length + 1,
        image_id: image + 1,
        category_id,
        bbox: [x1, y1, x2 - x1, y2 - y1],
      });
    }
  }
  return {
    images: names.map((file_name, i) => ({ id: i + 1, file_name, ...SIZE })),
    annotations: annotations.map((annotation) => ({ ...annotation, iscrowd: 0 })),
    categories: LABELS.flatMap((name, id) => (name === null ? [] : [{ id, name }])),
  };
}
