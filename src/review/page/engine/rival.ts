import type { Detection } from '../../../types/detections.js';
import type { GroundTruthColumns, RunInfo } from '../../protocol/info.js';
import type { Knobs } from '../../protocol/knobs.js';
import { Census } from './census.js';
import { Judge } from './judge.js';
import type { LabelTable } from './label-table.js';
import { Source } from './source.js';

/** The run that another one is compared with, under the same knobs as far as they can act on it. */
export class Rival {
  readonly source: Source;
  readonly census: Census;
  /** [images of the first run] the same image in this one; −1: it does not have it */
  readonly #pairs: Int32Array;

  constructor(info: RunInfo, pairs: Int32Array) {
    this.source = new Source(info);
    this.census = new Census(this.source, null);
    this.#pairs = pairs;
  }

  /** No threshold lies below the floor, and labels that the run does not have are passed over. */
  knobs(given: Knobs): Knobs {
    const { floor, labels } = this.source.info;
    const own = Object.entries(given.labelThresholds).filter(([label]) => labels.includes(label));
    return {
      ...given,
      scoreThreshold: Math.max(floor, given.scoreThreshold),
      labelThresholds: Object.fromEntries(own.map(([label, score]) => [label, Math.max(floor, score)])),
    };
  }

  pairOf(row: number): number {
    return this.#pairs[row] ?? -1;
  }

  /** Visible regions of an image of the first run; null: it is not there, or not yet. */
  visible(row: number): Detection[] | null {
    const pair = this.pairOf(row);
    return pair < 0 || !this.source.has(pair) ? null : this.source.visible(pair);
  }

  /**
   * How many labels of each image only one of the runs has: labels that overlap enough are one.
   *
   * @param labels  of the first run
   * @param table   what is visible of the first run
   */
  differences(labels: readonly (string | null)[], table: LabelTable, iouThreshold: number): Uint32Array {
    const images = table.starts.length - 1;
    const columns = asGroundTruth(this.census.visibleTable(), this.#pairs);
    const info = {
      labels: this.source.info.labels.map((label) => label ?? ''),
      images: this.source.info.images,
      warnings: [],
    };
    const judge = new Judge(columns, info, labels);
    judge.take(table, iouThreshold);
    const { wrong, missed } = judge.outcomes(images, { scoreThreshold: 0, labelThresholds: {} });
    return Uint32Array.from({ length: images }, (_, row) =>
      this.pairOf(row) < 0 ? table.starts[row + 1]! - table.starts[row]! : wrong[row]! + missed[row]!,
    );
  }
}

function asGroundTruth({ starts, classIds, boxes }: LabelTable, numbers: Int32Array): GroundTruthColumns {
  const n = classIds.length;
  const images = new Uint32Array(n);
  for (let image = 0; image + 1 < starts.length; image++) images.fill(image, starts[image], starts[image + 1]);
  const boxAreas = Float64Array.from({ length: n }, (_, i) => {
    return (boxes[4 * i + 2]! - boxes[4 * i]!) * (boxes[4 * i + 3]! - boxes[4 * i + 1]!);
  });
  const zeros = () => new Uint8Array(n);
  const flags = { crowds: zeros(), difficult: zeros(), zeroIds: zeros() };
  return { images, classIds: Uint32Array.from(classIds), boxes, boxAreas, areas: boxAreas, ...flags, numbers };
}
