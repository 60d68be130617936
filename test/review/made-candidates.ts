import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planOf } from '../../src/options/plan.js';
import { detectionsOfRecorded } from '../../src/postprocess/api/postprocess-candidates.js';
import { candidateModel } from '../../src/postprocess/candidate-model.js';
import { CANDIDATES_MAGIC, encodeBlock } from '../../src/postprocess/candidates/codec.js';
import { parseResult, resultLine } from '../../src/runs/record/record.js';
import type { RunHeader } from '../../src/runs/record/run-header.js';
import type { RecordedCandidates } from '../../src/types/candidates.js';
import { randomNumbers } from '../support/random.js';
import type { MadeRun } from './made-run.js';

const FLOOR = 0.05;

/** Gives a made-up run candidates, and the results that follow from them; some rows have several labels, and many overlap. */
export async function addCandidates({ folder }: MadeRun, seed = 3): Promise<void> {
  const random = randomNumbers(seed);
  const file = join(folder, 'run.json');
  const header = JSON.parse(await readFile(file, 'utf8')) as RunHeader;
  const plan = planOf(header.spec, header.options);
  const model = candidateModel(header.spec);
  const blocks: Uint8Array[] = [CANDIDATES_MAGIC];
  let lines = '';
  for (const line of (await readFile(join(folder, 'unfiltered.jsonl'), 'utf8')).trimEnd().split('\n')) {
    const result = parseResult(line)!;
    const candidates = randomCandidates(result, random);
    blocks.push(encodeBlock(result.image, candidates));
    const { detections } = detectionsOfRecorded({ ...candidates, model }, plan).detections;
    lines += resultLine({ ...result, detections });
  }
  await writeFile(join(folder, 'unfiltered.jsonl'), lines);
  await writeFile(join(folder, 'candidates.bin'), Buffer.concat(blocks));
  await writeFile(file, JSON.stringify({ ...header, candidates: { floor: FLOOR, max: 30_000 } }));
}

/** Around each of the recorded regions some boxes, a little moved; in the pixels of the image. */
function randomCandidates(
  { detections, width, height }: ReturnType<typeof parseResult> & object,
  random: () => number,
): RecordedCandidates {
  const [rows, classIds, scores, boxes, best]: number[][] = [[], [], [], [], []];
  let row = 0;
  for (const { box, score } of detections) {
    for (let i = 0; i < 6; i++) {
      const around = box.map((side) => Math.fround(side + 24 * (random() - 0.5)));
      const labels = [1, 2, 3].filter(() => random() < 0.5);
      const own = labels.map(() => Math.fround(FLOOR + (score - FLOOR) * random()));
      const highest = own.indexOf(Math.max(...own));
      for (const [k, classId] of labels.entries()) {
        rows!.push(row);
        classIds!.push(classId);
        scores!.push(own[k]!);
        boxes!.push(...around);
        best!.push(k === highest ? 1 : 0);
      }
      row += 1 + Math.floor(3 * random());
    }
  }
  const geometry = {
    ...{ imageWidth: width, imageHeight: height, fittedWidth: width, fittedHeight: height },
    ...{ offsetX: 0, offsetY: 0, inputWidth: width, inputHeight: height },
  };
  return {
    geometry,
    space: 'image',
    rows: Uint32Array.from(rows!),
    classIds: Uint16Array.from(classIds!),
    scores: Float32Array.from(scores!),
    boxes: Float32Array.from(boxes!),
    best: Uint8Array.from(best!),
    floor: FLOOR,
    cut: null,
  };
}
