import type { BoxColumns } from '../columns/box-columns.js';
import type { CocoFile } from '../columns/coco-file.js';
import type { CocoDataset, CocoResult } from '../columns/parsed-coco.js';
import type { Dataset } from '../types/annotations.js';
import type { DetectionResult } from '../types/detections.js';

/** Ground truth: a dataset, a COCO file as `readGroundTruth` gives it, or one parsed by JSON.parse. */
export type GroundTruthInput = Dataset | CocoFile | CocoDataset;

/** Results of `detectAll`, a dataset with scores, or COCO results: as `readResults` gives them, or parsed by JSON.parse. */
export type ResultsInput = Dataset | readonly DetectionResult[] | BoxColumns | readonly CocoResult[];
