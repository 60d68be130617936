import { detectionsOfRecorded } from '../../../postprocess/api/postprocess-candidates.js';
import { decodeBlock } from '../../../postprocess/candidates/codec.js';
import { makePlan } from '../../../postprocess/make-plan.js';
import { dependsOnLowerScores } from '../../../postprocess/options/recording-thresholds.js';
import { type Thresholder, thresholder } from '../../../postprocess/regions/threshold-regions.js';
import type { ImageCandidates } from '../../../types/candidates.js';
import type { Detection } from '../../../types/detections.js';
import type { PostprocessPlan } from '../../../types/plan.js';
import { BLOCK_ROWS, type CandidatesBlock, detectionsAt, type RegionsBlock } from '../../protocol/blocks.js';
import { unpackColumns } from '../../protocol/columns.js';
import type { RunInfo } from '../../protocol/info.js';
import type { Knobs } from '../../protocol/knobs.js';

/** The images of a run that have arrived, and their regions under some knobs. */
export class Source {
  readonly info: RunInfo;
  /** Images whose regions are not certain under the knobs as they stand, for candidates that matter were not recorded. */
  readonly doubts = new Map<number, string>();
  /** Names the regions at the floor: as long as it is the same, so are they. */
  floorKey = '';
  readonly #regions = new Map<number, RegionsBlock>();
  readonly #candidates = new Map<number, CandidatesBlock>();
  readonly #decoded = new Map<number, ImageCandidates | null>();
  #dependsOnLowerScores = false;
  #plan: PostprocessPlan | undefined;
  #thresholder: Thresholder | undefined;

  constructor(info: RunInfo) {
    this.info = info;
  }

  add(block: number, regions: ArrayBuffer, candidates: ArrayBuffer | null): void {
    this.#regions.set(block, unpackColumns<RegionsBlock>(regions));
    if (candidates !== null) this.#candidates.set(block, unpackColumns<CandidatesBlock>(candidates));
  }

  drop(block: number): void {
    this.#regions.delete(block);
    this.#candidates.delete(block);
    for (let row = block * BLOCK_ROWS; row < (block + 1) * BLOCK_ROWS; row++) this.#decoded.delete(row);
  }

  has(row: number): boolean {
    return this.#regions.has(Math.floor(row / BLOCK_ROWS));
  }

  /** @throws SigboxError E_ARGUMENT  a threshold below the floor */
  set knobs({ scoreThreshold, labelThresholds, how }: Knobs) {
    const { spec, options, floor, candidates } = this.info;
    const thresholds = { scoreThreshold, labelThresholds };
    const { calibration: _, ...recorded } = options;
    const floors = candidates ? { ...recorded, scoreThreshold: floor, labelThresholds: {} } : recorded;
    this.#thresholder = thresholder(spec, floors, thresholds);
    if (!candidates) return;
    this.#dependsOnLowerScores = dependsOnLowerScores({ ...how, labelThresholds });
    const lowest = this.#dependsOnLowerScores ? thresholds : { scoreThreshold: floor, labelThresholds: {} };
    const key = JSON.stringify([how, lowest]);
    if (key === this.floorKey) return;
    this.#plan = makePlan(spec, { ...options, ...how, ...lowest });
    this.floorKey = key;
    this.doubts.clear();
  }

  /** Whether thresholds only decide which labels of the regions at the floor are shown, and change nothing else. */
  get thresholdsOnlyHide(): boolean {
    const { parents, rules } = this.info.spec;
    return parents.length === 0 && rules === undefined && !this.#dependsOnLowerScores;
  }

  size(row: number): { width: number; height: number; flags: number } {
    const { block, at } = this.#place(row);
    return { width: block.widths[at]!, height: block.heights[at]!, flags: block.flags[at]! };
  }

  /** The plan of the regions at the floor; undefined: the run recorded no candidates. */
  get plan(): PostprocessPlan | undefined {
    return this.#plan;
  }

  /** What the model saw; null: that was not recorded. */
  candidates(row: number): ImageCandidates | null {
    const known = this.#decoded.get(row);
    if (known !== undefined) return known;
    const block = this.#candidates.get(Math.floor(row / BLOCK_ROWS));
    const at = row % BLOCK_ROWS;
    const found =
      block === undefined || block.starts[at] === block.starts[at + 1]
        ? null
        : decodeBlock(block.bytes.subarray(block.starts[at], block.starts[at + 1]));
    const candidates = found === null ? null : { ...found.candidates, model: this.info.spec };
    this.#decoded.set(row, candidates);
    return candidates;
  }

  /** Regions from the floor on. */
  atFloor(row: number): Detection[] {
    const candidates = this.#plan === undefined ? null : this.candidates(row);
    const { block, at } = this.#place(row);
    if (candidates === null) return detectionsAt(block, at, this.info.labels);
    const { detections, doubt } = detectionsOfRecorded(candidates, this.#plan!);
    if (doubt !== null) this.doubts.set(row, doubt);
    return detections.detections;
  }

  /** Those of their labels that reach the thresholds, under label rules. */
  visible(row: number): Detection[] {
    return this.#thresholder!.over(this.atFloor(row)).detections;
  }

  #place(row: number): { block: RegionsBlock; at: number } {
    const block = Math.floor(row / BLOCK_ROWS);
    return { block: this.#regions.get(block)!, at: row - block * BLOCK_ROWS };
  }
}
