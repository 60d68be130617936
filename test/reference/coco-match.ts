/** A ground-truth box of a COCO dataset. `bbox` is x, y, width, height. */
export interface CocoGroundTruth {
  id: number;
  image_id: number;
  category_id: number;
  bbox: number[];
  area: number;
  iscrowd?: number;
}

export interface CocoDetection {
  image_id: number;
  category_id: number;
  bbox: number[];
  score: number;
}

export interface CocoJudgement {
  detection: CocoDetection;
  /** The ground truth that it took. */
  groundTruth: CocoGroundTruth | null;
  ignored: boolean;
}

/**
 * What becomes of the detections of one image and category, best first, as the loops of pycocotools' COCOeval.evaluateImg
 * say it. Slow and obvious; `match` is compared with it.
 */
export function matchResults(
  groundTruths: CocoGroundTruth[],
  detections: CocoDetection[],
  iouThreshold: number,
  [min, max]: [number, number],
  maxDetections: number,
): CocoJudgement[] {
  const outside = (area: number) => area < min || area > max;
  const ignores = (groundTruth: CocoGroundTruth) => groundTruth.iscrowd === 1 || outside(groundTruth.area);
  const ordered = [...groundTruths.filter((groundTruth) => !ignores(groundTruth)), ...groundTruths.filter(ignores)];
  const best = [...detections].sort((a, b) => b.score - a.score).slice(0, maxDetections);
  const taken = new Set<CocoGroundTruth>();
  return best.map((detection) => {
    let highest = Math.min(iouThreshold, 1 - 1e-10);
    let found: CocoGroundTruth | null = null;
    for (const groundTruth of ordered) {
      if (taken.has(groundTruth) && groundTruth.iscrowd !== 1) continue;
      if (found !== null && !ignores(found) && ignores(groundTruth)) break;
      const overlap = overlapOf(groundTruth, detection);
      if (overlap < highest) continue;
      highest = overlap;
      found = groundTruth;
    }
    if (found !== null) taken.add(found);
    const groundTruth = found?.id === 0 ? null : found;
    const [, , width, height] = detection.bbox;
    const ignored = (found !== null && ignores(found)) || (groundTruth === null && outside(width * height));
    return { detection, groundTruth, ignored };
  });
}

function overlapOf(
  { bbox: [gx, gy, gw, gh], iscrowd }: CocoGroundTruth,
  { bbox: [dx, dy, dw, dh] }: CocoDetection,
): number {
  const width = Math.min(dx + dw, gx + gw) - Math.max(dx, gx);
  const height = Math.min(dy + dh, gy + gh) - Math.max(dy, gy);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (iscrowd === 1 ? dw * dh : dw * dh + gw * gh - shared);
}
