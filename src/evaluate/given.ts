import type { Dataset } from '../types/annotations.js';
import type { DetectionResult } from '../types/detections.js';

/** A number as a rule; some files have text. */
export type CocoId = number | string;

/** COCO's dataset form, parsed: what evaluation needs of it. LVIS's fields make it federated. */
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

/** COCO's results form, parsed; bbox is x, y, width, height. */
export interface CocoResult {
  image_id: CocoId;
  category_id: CocoId;
  bbox: readonly number[];
  score: number;
}

/** Truth: any dataset, or a COCO file as JSON.parse gives it. */
export type TruthGiven = Dataset | CocoDataset;

/** Results: what `detectAll` gives, a dataset with scores, or a COCO results file as JSON.parse gives it. */
export type ResultsGiven = Dataset | readonly DetectionResult[] | readonly CocoResult[];
