import type { GroundTruthTable } from '../../evaluate/matching/tables.js';
import type { PostprocessOptions } from '../../postprocess/options/postprocess-options.js';
import type { CandidateModel } from '../../types/candidates.js';
import type { Detection } from '../../types/detections.js';
import type { ParentLabel } from '../../types/model.js';
import type { RuledLabels } from '../../types/rules.js';

/** What the page knows of a run before it has seen any of its images. */
export interface RunInfo {
  /** Name of the run's folder. */
  name: string;
  model: string;
  /** Images that have a result, followed by those that failed. */
  images: number;
  failed: number;
  /** By class number; null where a column means nothing. Parents stand behind the classes. */
  labels: (string | null)[];
  /** As the model has them: two columns may have one label. */
  spec: CandidateModel & { parents: ParentLabel[]; rules?: RuledLabels };
  /** By class number, #rrggbb. */
  colours: string[];
  /** As the run was recorded. */
  options: PostprocessOptions & { scoreThreshold: number };
  /** Lowest score that is known. */
  floor: number;
  /** From which the run itself uses its labels. */
  thresholds: { scoreThreshold: number; labelThresholds: Record<string, number> };
  /** Whether candidates were recorded, so that every knob can act. */
  candidates: boolean;
}

/** Of two runs that are compared, the images of the first one in the second. */
export interface PairColumns {
  /** [images of the first run] −1: the second does not have it */
  pairs: Int32Array;
}

/** What the page shows, and what it may do. */
export interface PageInfo {
  version: string;
  runs: RunInfo[];
  groundTruth: GroundTruthInfo | null;
  /** Whether corrections and thresholds can be saved. */
  writable: boolean;
  /** Without names of images and folders. */
  anonymous: boolean;
  /** Files instead of a server. */
  static: boolean;
  /** How a person names the runs and the ground truth on a command line. */
  paths: { runs: string[]; groundTruth: string | null };
}

export interface GroundTruthInfo {
  labels: string[];
  images: number;
  warnings: string[];
}

/** Names, and what there is to say, of the images of a block. */
export interface NamesBlock {
  names: string[];
  /** Row in the block → notes, damage or failure of an image. */
  remarks: Record<number, string[]>;
}

/** What a person made of an image. */
export interface ImageCorrection {
  /** Whether the person accepts the regions as right and complete. */
  reviewed: boolean;
  /** Whether the person changed any of them. */
  edited: boolean;
  /** Every region of the image, as the person sees it; null: the correction is withdrawn. */
  regions: Detection[] | null;
}

/** By row. */
export type Corrections = Record<number, ImageCorrection>;

/** The ground truth, and the number that it gives each image of a run. */
export interface GroundTruthColumns extends GroundTruthTable {
  /** [rows of the run] −1: the ground truth does not have the image */
  numbers: Int32Array;
}
