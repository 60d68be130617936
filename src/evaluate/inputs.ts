import type { Dataset } from '../types/annotations.js';
import type { DetectionResult } from '../types/detections.js';

/** Usually a number; some files use text. */
export type CocoId = number | string;

/** A parsed COCO dataset, as far as evaluation needs it. LVIS's fields make it federated. */
export interface CocoDataset {
  images: readonly {
    id: CocoId;
    file_name?: string;
    coco_url?: string;
    width?: number;
    height?: number;
    neg_category_ids?: readonly CocoId[];
    not_exhaustive_category_ids?: readonly CocoId[];
  }[];
  annotations: readonly {
    id?: CocoId;
    image_id: CocoId;
    category_id: CocoId;
    bbox: readonly number[];
    area?: number;
    iscrowd?: number | boolean;
  }[];
  categories: readonly { id: CocoId; name: string; frequency?: string }[];
}

/** An entry of a parsed COCO results file; bbox is x, y, width, height. */
export interface CocoResult {
  image_id: CocoId;
  category_id: CocoId;
  bbox: readonly number[];
  score: number;
}

/** Ground truth: a dataset, or a COCO file parsed by JSON.parse. */
export type GroundTruthInput = Dataset | CocoDataset;

/** Results of `detectAll`, a dataset with scores, or a COCO results file parsed by JSON.parse. */
export type ResultsInput = Dataset | readonly DetectionResult[] | readonly CocoResult[];
