/**
 * Boxes of many images as columns. Images are numbered in the order of their ids, classes in the order of theirs; rows
 * of one image and class stand in the order of the file, which decides between equal scores and equal overlaps.
 */
export interface BoxTable {
  /** [n] number of the image */
  images: Uint32Array;
  /** [n] */
  classIds: Uint32Array;
  /** [n, 4] xyxy, pixels of the upright image */
  boxes: Float64Array;
  /** [n] width · height, pixels² */
  boxAreas: Float64Array;
}

export interface TruthTable extends BoxTable {
  /** [n] pixels² of the thing itself, by which it is small, medium or large */
  areas: Float64Array;
  /** [n] 1: many things in one box, which any number of detections may match */
  crowds: Uint8Array;
  /** [n] 1: neither found nor missed (VOC's difficult); one detection may match it, and is then not counted either */
  difficult: Uint8Array;
  /** [n] 1: taken by what matches it, which counts as unmatched none the less (an annotation id of 0, in pycocotools) */
  unnumbered: Uint8Array;
}

export interface DetectionTable extends BoxTable {
  /** [n] NaN not allowed */
  scores: Float64Array;
  /** [n] 1: not counted where it finds no truth, for not every thing of its class is marked in its image */
  lenient: Uint8Array;
}

/** How many images and classes there are, with boxes or without. */
export interface TableSize {
  images: number;
  classes: number;
}
