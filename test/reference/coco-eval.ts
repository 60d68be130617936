/** A ground-truth box of a COCO dataset. `bbox` is x, y, width, height. */
export interface CocoTruth {
  image_id: number;
  category_id: number;
  bbox: number[];
}

export interface CocoDetection extends CocoTruth {
  score: number;
}

const MAX_PER_IMAGE = 100;
const RECALLS = Array.from({ length: 101 }, (_, i) => i / 100);

/**
 * Mean average precision over categories at one IoU threshold, as pycocotools' COCOeval computes it for data without
 * crowds (area range "all", 100 detections per image and category). The obvious, slow version.
 */
export function averagePrecision(truths: CocoTruth[], detections: CocoDetection[], iouThreshold: number): number {
  const categories = [...new Set(truths.map(({ category_id }) => category_id))];
  const ofCategory = <T extends CocoTruth>(rows: T[], id: number) => rows.filter((row) => row.category_id === id);
  const precisions = categories.map((id) =>
    precisionOf(ofCategory(truths, id), ofCategory(detections, id), iouThreshold),
  );
  return precisions.reduce((sum, p) => sum + p, 0) / precisions.length;
}

function precisionOf(truths: CocoTruth[], detections: CocoDetection[], iouThreshold: number): number {
  const images = [...new Set([...truths, ...detections].map(({ image_id }) => image_id))].sort((a, b) => a - b);
  const judged = images.flatMap((id) => {
    const inImage = <T extends CocoTruth>(rows: T[]) => rows.filter(({ image_id }) => image_id === id);
    return judge(inImage(truths), inImage(detections), iouThreshold);
  });
  judged.sort((a, b) => b.score - a.score);
  let hits = 0;
  const curve = judged.map(({ hit }, i) => {
    if (hit) hits++;
    return { recall: hits / truths.length, precision: hits / (i + 1) };
  });
  for (let i = curve.length - 1; i > 0; i--) {
    curve[i - 1].precision = Math.max(curve[i - 1].precision, curve[i].precision);
  }
  const at = (recall: number) => curve.find((point) => point.recall >= recall)?.precision ?? 0;
  return RECALLS.reduce((sum, recall) => sum + at(recall), 0) / RECALLS.length;
}

/** Each detection, highest score first, takes the free truth that it overlaps most. */
function judge(truths: CocoTruth[], detections: CocoDetection[], iouThreshold: number) {
  const free = new Set(truths);
  const best = [...detections].sort((a, b) => b.score - a.score).slice(0, MAX_PER_IMAGE);
  return best.map(({ bbox, score }) => {
    let match: CocoTruth | null = null;
    let highest = Math.min(iouThreshold, 1 - 1e-10);
    for (const truth of free) {
      const overlap = iou(truth.bbox, bbox);
      if (overlap >= highest) [match, highest] = [truth, overlap];
    }
    if (match !== null) free.delete(match);
    return { score, hit: match !== null };
  });
}

function iou([ax, ay, aw, ah]: number[], [bx, by, bw, bh]: number[]): number {
  const width = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
  const height = Math.min(ay + ah, by + bh) - Math.max(ay, by);
  const shared = Math.max(width, 0) * Math.max(height, 0);
  return shared / (aw * ah + bw * bh - shared);
}
