import { orderBy, orderByScore, rowNumbers } from '../evaluate/matching/orders.js';
import { overlapOf } from '../evaluate/matching/overlap.js';
import type { DetectionTable, GroundTruthTable } from '../evaluate/matching/tables.js';
import type { GroundTruthSet } from '../evaluate/tables/ground-truth-set.js';
import { placeOf } from './check-boxes.js';
import { type Finding, type FindingPlace, finding } from './finding.js';

export interface SuspectOptions {
  /** Score from which a detection is believed more than the annotation, in [0, 1]. */
  confident: number;
}

/** IoU from which a detection and an annotation are of the same object. */
const SAME_OBJECT = 0.5;

/**
 * Annotations that a model's results contradict. Wrong label: a confident detection of another label on the same object, and
 * none of its own label; missing: a confident detection where nothing is annotated; spurious: an annotation that no detection
 * of any label or score overlaps.
 *
 * Source: mistakenness, missing and spurious objects as FiftyOne defines them: (1 + confidence) / 2 for a contradiction.
 */
export function suspectLabels(
  groundTruth: GroundTruthSet,
  detections: DetectionTable,
  { confident }: SuspectOptions,
): Finding[] {
  const { table, size } = groundTruth;
  const byScore = orderBy(orderByScore(rowNumbers(detections.scores.length), detections.scores), detections.images);
  const truths = orderBy(rowNumbers(table.images.length), table.images);
  const [wrong, missing, spurious]: [FindingPlace[], FindingPlace[], FindingPlace[]] = [[], [], []];
  const none = new Uint8Array(detections.scores.length);
  const others: GroundTruthTable = {
    ...detections,
    areas: detections.boxAreas,
    crowds: none,
    difficult: none,
    zeroIds: none,
  };
  let [d, g] = [0, 0];
  for (let image = 0; image < size.images; image++) {
    const [firstDetection, firstTruth] = [d, g];
    while (d < byScore.length && detections.images[byScore[d]!] === image) d++;
    while (g < truths.length && table.images[truths[g]!] === image) g++;
    const own = byScore.subarray(firstDetection, d);
    if (own.length === 0) continue; // perhaps nobody looked at it
    suspectImage(groundTruth, detections, own, truths.subarray(firstTruth, g), {
      ...{ confident, others, wrong, missing, spurious },
    });
  }
  const ranked = (places: FindingPlace[]) => places.sort((a, b) => b.mistakenness! - a.mistakenness!);
  return [
    ...finding(
      'wrong-label',
      'warning',
      { what: 'annotations may have the wrong label', mend: 'Look at them, the likeliest first.' },
      ranked(wrong),
    ),
    ...finding(
      'missing-annotation',
      'warning',
      { what: 'objects may lack an annotation', mend: 'Look at them, the likeliest first.' },
      ranked(missing),
    ),
    ...finding(
      'spurious-annotation',
      'warning',
      { what: 'annotations are found by no detection', mend: 'Look whether there is anything, the largest first.' },
      spurious.sort((a, b) => areaOf(b) - areaOf(a)),
    ),
  ];
}

interface Suspects extends SuspectOptions {
  /** The detections, to be overlapped by others of them. */
  others: GroundTruthTable;
  wrong: FindingPlace[];
  missing: FindingPlace[];
  spurious: FindingPlace[];
}

function suspectImage(
  groundTruth: GroundTruthSet,
  detections: DetectionTable,
  own: Uint32Array,
  truths: Uint32Array,
  { confident, others, wrong, missing, spurious }: Suspects,
): void {
  const { table, labels, images } = groundTruth;
  const touches = (row: number, truth: number) => overlapOf(detections, row, table, truth) >= SAME_OBJECT;
  for (const truth of truths) {
    if (table.crowds[truth] === 1 || table.difficult[truth] === 1) continue;
    const near = own.filter((row) => touches(row, truth));
    if (near.length === 0) spurious.push(placeOf(groundTruth, truth));
    const [best] = near;
    if (best === undefined || detections.scores[best]! < confident) continue;
    if (near.some((row) => detections.classIds[row] === table.classIds[truth])) continue;
    const label = labels[detections.classIds[best]!]!;
    const score = detections.scores[best]!;
    const note = `detected as ${label}, score ${score.toFixed(2)}`;
    wrong.push({ ...placeOf(groundTruth, truth), note, mistakenness: (1 + score) / 2 });
  }
  const reported: number[] = [];
  for (const row of own) {
    const score = detections.scores[row]!;
    if (score < confident) break;
    if (truths.some((truth) => touches(row, truth))) continue;
    if (reported.some((other) => overlapOf(detections, row, others, other) >= SAME_OBJECT)) continue;
    reported.push(row);
    const { name, id } = images[detections.images[row]!]!;
    const box = [...detections.boxes.subarray(4 * row, 4 * row + 4)];
    const label = labels[detections.classIds[row]!]!;
    missing.push({
      image: name ?? String(id),
      label,
      box,
      note: `score ${score.toFixed(2)}`,
      mistakenness: (1 + score) / 2,
    });
  }
}

function areaOf({ box: [x1, y1, x2, y2] = [] }: FindingPlace): number {
  return (x2! - x1!) * (y2! - y1!);
}
