import { type Thresholder, thresholder } from '../../../postprocess/regions/threshold-regions.js';
import type { Detection } from '../../../types/detections.js';
import { BLOCK_ROWS, detectionsAt, type RegionsBlock } from '../../protocol/blocks.js';
import { unpackColumns } from '../../protocol/columns.js';
import type { RunInfo } from '../../protocol/info.js';
import type { Knobs } from '../../protocol/knobs.js';

/** The images of a run that have arrived, and their regions under some knobs. */
export class Source {
  readonly info: RunInfo;
  readonly #blocks = new Map<number, RegionsBlock>();
  #knobs: Knobs | undefined;
  #thresholder: Thresholder | undefined;

  constructor(info: RunInfo) {
    this.info = info;
  }

  add(block: number, buffer: ArrayBuffer): void {
    this.#blocks.set(block, unpackColumns<RegionsBlock>(buffer));
  }

  drop(block: number): void {
    this.#blocks.delete(block);
  }

  has(row: number): boolean {
    return this.#blocks.has(Math.floor(row / BLOCK_ROWS));
  }

  /** @throws SigboxError E_ARGUMENT  a threshold below the floor */
  set knobs(knobs: Knobs) {
    const { scoreThreshold, labelThresholds, how } = knobs;
    const { calibration } = how;
    const thresholds = { scoreThreshold, labelThresholds, ...(calibration && { calibration }) };
    this.#thresholder = thresholder(this.info.spec, this.info.options, thresholds);
    this.#knobs = knobs;
  }

  /** Whether thresholds only decide which labels of the regions at the floor are shown, and change nothing else. */
  get thresholdsOnlyHide(): boolean {
    return this.info.spec.parents.length === 0 && this.#knobs?.how.calibration === undefined;
  }

  size(row: number): { width: number; height: number; flags: number } {
    const { block, at } = this.#place(row);
    return { width: block.widths[at]!, height: block.heights[at]!, flags: block.flags[at]! };
  }

  /** Regions from the floor on. */
  atFloor(row: number): Detection[] {
    const { block, at } = this.#place(row);
    return detectionsAt(block, at, this.info.labels);
  }

  /** Those of their labels that reach the thresholds. */
  visible(row: number): Detection[] {
    return this.#thresholder!.over(this.atFloor(row));
  }

  #place(row: number): { block: RegionsBlock; at: number } {
    const block = Math.floor(row / BLOCK_ROWS);
    return { block: this.#blocks.get(block)!, at: row - block * BLOCK_ROWS };
  }
}
