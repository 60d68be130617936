/** A ground-truth box of a COCO dataset. `bbox` is x, y, width, height. */
export interface CocoTruth {
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
  /** The truth that it took. */
  truth: CocoTruth | null;
  ignored: boolean;
}

/**
 * What becomes of the detections of one image and category, best first, as the loops of pycocotools' COCOeval.evaluateImg
 * say it. Slow and obvious; `match` is compared with it.
 */
export function judge(
  truths: CocoTruth[],
  detections: CocoDetection[],
  iouThreshold: number,
  [least, most]: [number, number],
  maxDetections: number,
): CocoJudgement[] {
  const outside = (area: number) => area < least || area > most;
  const ignores = (truth: CocoTruth) => truth.iscrowd === 1 || outside(truth.area);
  const ordered = [...truths.filter((truth) => !ignores(truth)), ...truths.filter(ignores)];
  const best = [...detections].sort((a, b) => b.score - a.score).slice(0, maxDetections);
  const taken = new Set<CocoTruth>();
  return best.map((detection) => {
    let highest = Math.min(iouThreshold, 1 - 1e-10);
    let found: CocoTruth | null = null;
    for (const truth of ordered) {
      if (taken.has(truth) && truth.iscrowd !== 1) continue;
      if (found !== null && !ignores(found) && ignores(truth)) break;
      const overlap = overlapOf(truth, detection);
      if (overlap < highest) continue;
      highest = overlap;
      found = truth;
    }
    if (found !== null) taken.add(found);
    const truth = found?.id === 0 ? null : found;
    const [, , width, height] = detection.bbox;
    const ignored = (found !== null && ignores(found)) || (truth === null && outside(width * height));
    return { detection, truth, ignored };
  });
}

function overlapOf({ bbox: [gx, gy, gw, gh], iscrowd }: CocoTruth, { bbox: [dx, dy, dw, dh] }: CocoDetection): number {
  const width = Math.min(dx + dw, gx + gw) - Math.max(dx, gx);
  const height = Math.min(dy + dh, gy + gh) - Math.max(dy, gy);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (iscrowd === 1 ? dw * dh : dw * dh + gw * gh - shared);
}
