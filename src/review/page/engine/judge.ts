import { type Matches, match } from '../../../evaluate/matching/match.js';
import type { DetectionTable, TableSize } from '../../../evaluate/matching/tables.js';
import { confusionMatrix, eachConfusion } from '../../../evaluate/metrics/confusion.js';
import { diagnose } from '../../../evaluate/metrics/error-kinds.js';
import { countsAt, macroRatesOf, ratesOf, sumOf, thresholdCurve } from '../../../evaluate/metrics/score-counts.js';
import type { GroundTruthColumns, GroundTruthInfo } from '../../protocol/info.js';
import type { ConfusionRows, Judgement } from '../../protocol/messages.js';
import type { KnobView } from '../../protocol/view.js';
import { type LabelTable, visibleFrom } from './label-table.js';

type Thresholds = { scoreThreshold: number; labelThresholds: Record<string, number> };

/** The ground truth of a run, held against its detections by the code of `sigbox evaluate`. */
export class Judge {
  readonly labels: readonly string[];
  readonly #columns: GroundTruthColumns;
  readonly #size: TableSize;
  /** [labels of the run] number among those of the ground truth; −1: it does not have it */
  readonly #classOf: Int32Array;
  #detections: DetectionTable | undefined;
  #matches: Matches | undefined;
  #curve: Judgement['curve'] | undefined;
  #iou = 0.5;

  constructor(columns: GroundTruthColumns, info: GroundTruthInfo, labels: readonly (string | null)[]) {
    this.labels = info.labels;
    this.#columns = columns;
    this.#size = { images: info.images, classes: info.labels.length };
    const classes = new Map(info.labels.map((label, classId) => [label, classId]));
    this.#classOf = Int32Array.from(labels, (label) => classes.get(label ?? '') ?? -1);
  }

  /** Number that the ground truth gives an image of the run; −1: it does not have it. */
  numberOf(row: number): number {
    return this.#columns.numbers[row] ?? -1;
  }

  /** Rows of the ground truth of an image. */
  rowsOf(row: number): number[] {
    const number = this.numberOf(row);
    if (number < 0) return [];
    this.#byImage ??= rowsByImage(this.#columns.images, this.#size.images);
    return this.#byImage[number] ?? [];
  }

  #byImage: number[][] | undefined;

  get columns(): GroundTruthColumns {
    return this.#columns;
  }

  /** @param table  every label from the floor on, of the run's images from the first */
  take(table: LabelTable, iouThreshold: number): void {
    const { detections } = this.tableOf(table);
    this.#detections = detections;
    this.#iou = iouThreshold;
    const every = { iouThresholds: [iouThreshold], maxDetections: Number.POSITIVE_INFINITY };
    this.#matches = match(this.#columns, detections, this.#size, every);
    this.#curve = undefined;
  }

  judge(thresholds: Thresholds): Judgement {
    const scores = visibleFrom(this.labels, thresholds);
    const classes = countsAt(this.#matches!, scores);
    const sum = sumOf(classes);
    this.#curve ??= thresholdCurve(this.#matches!);
    return {
      micro: { ...sum, ...ratesOf(sum) },
      macro: macroRatesOf(classes),
      classes: classes.map((counts) => ({ ...counts, ...ratesOf(counts) })),
      curve: this.#curve,
    };
  }

  confusion(thresholds: Thresholds): ConfusionRows {
    const how = { iouThreshold: this.#iou, scoreThresholds: visibleFrom(this.labels, thresholds) };
    return confusionMatrix(this.#columns, this.#detections!, this.#size, how);
  }

  /** Per image of the run [images]: labels that find a ground truth, that find none, and ground truths that are not found. */
  outcomes(images: number, thresholds: Thresholds): { found: Uint32Array; wrong: Uint32Array; missed: Uint32Array } {
    const scores = visibleFrom(this.labels, thresholds);
    const [found, wrong] = [new Uint32Array(this.#size.images), new Uint32Array(this.#size.images)];
    const missed = new Uint32Array(this.#size.images);
    const { images: imageOf, crowds, difficult } = this.#columns;
    for (let i = 0; i < imageOf.length; i++) if (crowds[i] === 0 && difficult[i] === 0) missed[imageOf[i]!]!++;
    const { rows, matched, ignored } = this.#matches!;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (ignored[0]![i] !== 0 || !(this.#detections!.scores[row]! >= scores[this.#detections!.classIds[row]!]!))
        continue;
      const image = this.#detections!.images[row]!;
      if (matched[0]![i] === 1) {
        found[image]!++;
        missed[image]!--;
      } else wrong[image]!++;
    }
    const { numbers } = this.#columns;
    const ofRun = (counts: Uint32Array) => Uint32Array.from({ length: images }, (_, row) => counts[numbers[row]!] ?? 0);
    return { found: ofRun(found), wrong: ofRun(wrong), missed: ofRun(missed) };
  }

  /** [images of the run] 1: it has the confusion, or the kind of error, that is looked for. */
  imagesWith({ table, matchIou, confusion, error }: Search): Uint8Array {
    const { detections } = this.tableOf(table);
    const found = new Uint8Array(this.#size.images);
    if (confusion !== null) {
      const [groundTruth, detected] = confusion.map((classId) => (classId < 0 ? this.#size.classes : classId));
      const every = { iouThreshold: matchIou, scoreThresholds: new Float64Array(this.#size.classes) };
      eachConfusion(this.#columns, detections, this.#size, every, (image, truth, taken) => {
        if (truth === groundTruth && taken === detected) found[image] = 1;
      });
    } else {
      const { errors } = diagnose(this.#columns, detections, this.#size, matchIou);
      for (const { kind, row, counted } of errors) {
        if (kind === error && counted)
          found[kind === 'missed' ? this.#columns.images[row]! : detections.images[row]!] = 1;
      }
    }
    return Uint8Array.from(this.#columns.numbers, (number) => (number < 0 ? 0 : found[number]!));
  }

  /** Labels as detections in the numbers of the ground truth, and the row of each in the table. */
  tableOf(table: LabelTable, numbers: ArrayLike<number> = this.#columns.numbers) {
    return detectionTable(table, numbers, this.#classOf);
  }
}

interface Search {
  /** What is visible. */
  table: LabelTable;
  matchIou: number;
  confusion: KnobView['confusion'];
  error: KnobView['error'];
}

function rowsByImage(images: Uint32Array, count: number): number[][] {
  const rows: number[][] = Array.from({ length: count }, () => []);
  for (let i = 0; i < images.length; i++) rows[images[i]!]!.push(i);
  return rows;
}

/** Labels in the numbers of the ground truth; what it does not have is left out. */
function detectionTable(
  { starts, classIds, scores, boxes }: LabelTable,
  numbers: ArrayLike<number>,
  classOf: Int32Array,
): { detections: DetectionTable; rows: Uint32Array } {
  const rows = new Uint32Array(scores.length);
  const images = new Uint32Array(scores.length);
  let n = 0;
  for (let image = 0; image + 1 < starts.length; image++) {
    if (numbers[image]! < 0) continue;
    for (let i = starts[image]!; i < starts[image + 1]!; i++) {
      if (classOf[classIds[i]!]! < 0) continue;
      rows[n] = i;
      images[n++] = numbers[image]!;
    }
  }
  const detections: DetectionTable = {
    images: images.subarray(0, n),
    classIds: new Uint32Array(n),
    boxes: new Float64Array(4 * n),
    boxAreas: new Float64Array(n),
    scores: new Float64Array(n),
    ignoreUnmatched: new Uint8Array(n),
  };
  for (let k = 0; k < n; k++) {
    const row = rows[k]!;
    detections.classIds[k] = classOf[classIds[row]!]!;
    detections.scores[k] = scores[row]!;
    const [x1, y1, x2, y2] = [boxes[4 * row]!, boxes[4 * row + 1]!, boxes[4 * row + 2]!, boxes[4 * row + 3]!];
    detections.boxes[4 * k] = x1;
    detections.boxes[4 * k + 1] = y1;
    detections.boxes[4 * k + 2] = x2;
    detections.boxes[4 * k + 3] = y2;
    detections.boxAreas[k] = (x2 - x1) * (y2 - y1);
  }
  return { detections, rows: rows.subarray(0, n) };
}
