import type { SigboxErrorCode } from '../../errors.js';
import { DEFAULT_FLOOR } from '../../postprocess/options/recording-thresholds.js';
import type { DetectionResult } from '../../types/detections.js';
import { DEFAULT_SCORE } from '../../types/options.js';

/** An image, or a folder, that gave nothing, or whose picture is missing. */
export interface Failure {
  /** The image's name; of a folder that can't be read, its path. */
  image: string;
  code: SigboxErrorCode;
  message: string;
}

/** What a run came to: of all that is recorded, over its score thresholds. */
export interface RunSummary {
  /** Images with a result. */
  images: number;
  /** Images without a region. */
  empty: number;
  /** Images of which only a part could be decoded. */
  damaged: number;
  /** Images that are still to be done, where the run was stopped. */
  notBegun: number;
  /** Files that were passed over. */
  otherFiles: number;
  /** In the order of their images. */
  failures: Failure[];
  /** Score from which `labels` and `empty` count; missing: the run's own thresholds. */
  countedFrom?: number | undefined;
  /** Most regions first; of as many, by name. */
  labels: { label: string; regions: number; images: number }[];
  /** Regions that violated each label rule, most first; of as many, by rule. Empty without rules */
  rules: { rule: string; regions: number }[];
  /** Images that were done this time, and how long it took. */
  done: number;
  seconds: number;
}

/**
 * Score from which a run's summary counts, if not from its own thresholds: a run for evaluation keeps labels of nearly every
 * score, and counts of them would tell nothing.
 */
export function countedFrom({ scoreThreshold }: { scoreThreshold: number }): number | undefined {
  return scoreThreshold < DEFAULT_FLOOR ? DEFAULT_SCORE : undefined;
}

/** Counts what results hold. */
export class Tally {
  images = 0;
  empty = 0;
  damaged = 0;
  readonly #labels = new Map<string, { label: string; regions: number; images: number }>();

  readonly #rules = new Map<string, number>();
  readonly #lowest: number;

  /** @param lowest  score from which labels count */
  constructor(lowest = 0) {
    this.#lowest = lowest;
  }

  add({ detections, removed = [], damage }: DetectionResult): void {
    const counted = detections.flatMap((detection) => detection.labels.filter(({ score }) => score >= this.#lowest));
    const labels = counted.map(({ label }) => label);
    this.images++;
    if (labels.length === 0) this.empty++;
    if (damage !== undefined) this.damaged++;
    for (const label of labels) this.#of(label).regions++;
    for (const label of new Set(labels)) this.#of(label).images++;
    for (const { violated = [] } of [...detections, ...removed]) {
      for (const rule of violated) this.#rules.set(rule, (this.#rules.get(rule) ?? 0) + 1);
    }
  }

  #of(label: string): { regions: number; images: number } {
    const known = this.#labels.get(label) ?? { label, regions: 0, images: 0 };
    this.#labels.set(label, known);
    return known;
  }

  get rules(): RunSummary['rules'] {
    const counts = [...this.#rules].map(([rule, regions]) => ({ rule, regions }));
    return counts.sort((a, b) => b.regions - a.regions || (a.rule < b.rule ? -1 : 1));
  }

  get labels(): RunSummary['labels'] {
    return [...this.#labels.values()].sort((a, b) => b.regions - a.regions || (a.label < b.label ? -1 : 1));
  }
}
