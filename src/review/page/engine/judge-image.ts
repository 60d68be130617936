import { someRows } from '../../../evaluate/matching/tables.js';
import { diagnose } from '../../../evaluate/metrics/error-kinds.js';
import type { Box, Detection } from '../../../types/detections.js';
import type { JudgedImage } from '../../protocol/messages.js';
import type { Judge } from './judge.js';
import { labelTable } from './label-table.js';

/** One image's visible labels against its ground truth; null: the ground truth does not have the image. */
export function judgeImage(
  judge: Judge,
  row: number,
  detections: Detection[],
  iouThreshold: number,
): JudgedImage | null {
  if (judge.numberOf(row) < 0) return null;
  const rows = Uint32Array.from(judge.rowsOf(row));
  const { numbers: _, ...columns } = judge.columns;
  const truths = someRows(columns, rows);
  truths.images.fill(0);
  const table = labelTable([detections]);
  const { detections: own, rows: places } = judge.tableOf(table, [0]);
  const size = { images: 1, classes: judge.labels.length };
  const { errors, truePositives } = diagnose(truths, own, size, iouThreshold);
  const missed = new Set(errors.flatMap(({ kind, target, row }) => (kind === 'missed' ? [row] : [target])));
  const kinds: JudgedImage['errors'] = detections.map(({ labels }) => labels.map(() => null));
  const firsts = firstLabels(detections);
  for (const { kind, row: detection, counted } of errors) {
    if (kind === 'missed' || !counted || truePositives[detection] === 1) continue;
    const place = places[detection]!;
    const region = table.regions[place]!;
    kinds[region]![place - firsts[region]!] = kind;
  }
  return {
    groundTruth: Array.from(rows, (_, i) => ({
      box: Array.from(truths.boxes.subarray(4 * i, 4 * i + 4)) as Box,
      label: judge.labels[truths.classIds[i]!]!,
      found: !missed.has(i),
      ignored: truths.crowds[i] === 1 || truths.difficult[i] === 1,
    })),
    errors: kinds,
  };
}

/** [regions] where the labels of each begin in a table of their image. */
function firstLabels(detections: readonly Detection[]): number[] {
  let at = 0;
  return detections.map(({ labels }) => {
    const first = at;
    at += labels.length;
    return first;
  });
}
