/** Detections of a set of images, marked as true or false positives; field arrays of length n. */
export interface MatchedDetections {
  /** Number of images, with or without detections. */
  images: number;
  /** By class id. */
  labels: readonly string[];
  /** [n] number of the image */
  imageIds: Uint32Array;
  /** [n] */
  classIds: Uint16Array;
  /** [n] in [0, 1] */
  scores: Float64Array;
  /** [n] 1: true positive, 0: false positive */
  truePositives: Uint8Array;
  /** [n, 4] centre x, centre y, width and height, as fractions of the image size */
  places: Float64Array;
  /** Ground truths that are not ignored: [m] */
  groundTruths: { imageIds: Uint32Array; classIds: Uint16Array };
}

/** Ground truths per class. @param counts  which images to include; default all */
export function groundTruthsPerClass(
  { groundTruths, labels }: MatchedDetections,
  counts: (image: number) => boolean = () => true,
): Uint32Array {
  const found = new Uint32Array(labels.length);
  for (const [i, classId] of groundTruths.classIds.entries()) if (counts(groundTruths.imageIds[i]!)) found[classId]!++;
  return found;
}
