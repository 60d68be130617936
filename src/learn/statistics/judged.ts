/** Detections of a set of images, each found to be right or wrong; field arrays of length n. */
export interface Judged {
  /** How many images there are, with detections or without. */
  images: number;
  /** By class number, which is a place in this list. */
  labels: readonly string[];
  /** [n] number of the image */
  imageIds: Uint32Array;
  /** [n] */
  classIds: Uint16Array;
  /** [n] in [0, 1] */
  scores: Float64Array;
  /** [n] 1: it found a truth of its label */
  hits: Uint8Array;
  /** [n, 4] centre x, centre y, width and height, in parts of the image's */
  places: Float64Array;
  /** What is to be found: [m] */
  truths: { imageIds: Uint32Array; classIds: Uint16Array };
}

/** Truths per class. @param counts  whether the truths of an image count; default all */
export function truthsPerClass(
  { truths, labels }: Judged,
  counts: (image: number) => boolean = () => true,
): Uint32Array {
  const found = new Uint32Array(labels.length);
  for (const [i, classId] of truths.classIds.entries()) if (counts(truths.imageIds[i]!)) found[classId]!++;
  return found;
}
