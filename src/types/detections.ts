/**
 * The words of the domain. Boxes are xyxy in pixels of the upright image (after EXIF orientation), origin top left,
 * right and bottom edges exclusive, unless a name says otherwise.
 */

/** [x1, y1, x2, y2]; 0 ≤ x1 ≤ x2 ≤ image width, 0 ≤ y1 ≤ y2 ≤ image height. */
export type Box = [x1: number, y1: number, x2: number, y2: number];

/** One label of a region. */
export interface LabelScore {
  label: string;
  /** The class's number in the model's own numbering; for COCO models with 91 columns, COCO's category id. */
  classId: number;
  /** In [0, 1], after the activation. */
  score: number;
  /** Set where a label rule added the label, or dropped it. */
  by?: 'rule';
}

/** One region: a place in the picture with all its labels. */
export interface Detection extends LabelScore {
  box: Box;
  /** All labels of the region, highest score first; the first one is repeated as `label`, `classId`, `score`. */
  labels: LabelScore[];
  /** The labels that label rules dropped, highest score first; missing where there are none. */
  dropped?: LabelScore[];
  /** The label rules that the region violated before they were applied, as people read them; missing where there are none. */
  violated?: string[];
}

/** A region that label rules left without a label. */
export type RemovedRegion = Pick<Detection, 'box'> & Required<Pick<Detection, 'dropped' | 'violated'>>;

/** What one image gave. */
export interface DetectionResult {
  /** The path or URL that was given; null for bytes, streams, sharp instances and raw pixels. */
  image: string | null;
  /** Width of the upright image, pixels. */
  width: number;
  /** Height of the upright image, pixels. */
  height: number;
  /** Highest score first. */
  detections: Detection[];
  /** Regions that label rules left without a label, their labels in `dropped` alone; missing where there are none. */
  removed?: RemovedRegion[];
  /** Only with `lenient`: why the image could not be decoded whole. Its detections rest on the part that could be. */
  damage?: string;
  /** What was left out: how many candidates `maxCandidates` cut. */
  notes?: string[];
}

/** What one image gave, and what it showed to be wrong with the model. */
export interface Outcome extends Omit<DetectionResult, 'image'> {
  warnings?: string[];
}

/** The same with its detections as JSON. */
export interface WrittenOutcome extends Omit<Outcome, 'detections'> {
  detections: string;
  /** What the model saw, as candidates.bin has it; only where it is recorded */
  candidates?: Uint8Array;
}
