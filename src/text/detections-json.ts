import type { Detection, LabelScore } from '../types/detections.js';
import { shortestFloat32 } from './json-number.js';

/** Where a region begins. Inside a string its quotes would be escaped: nothing else looks like this. */
const REGION = '{"box":[';

/** Detections as `toJson` would write them, a third of the time. */
export function detectionsJson(detections: readonly Detection[]): string {
  let text = '[';
  for (const { box, labels, ...first } of detections) {
    if (text.length > 1) text += ',';
    const [x1, y1, x2, y2] = box;
    text += `${REGION}${number(x1)},${number(y1)},${number(x2)},${number(y2)}],`;
    const own = labelJson(first);
    const others = labels.map((label, i) => `{${i === 0 && isSame(label, first) ? own : labelJson(label)}}`);
    text += `${own},"labels":[${others.join(',')}]}`;
  }
  return `${text}]`;
}

function labelJson({ label, classId, score }: LabelScore): string {
  return `"label":${JSON.stringify(label)},"classId":${classId},"score":${number(score)}`;
}

function isSame(a: LabelScore, b: LabelScore): boolean {
  return a.score === b.score && a.classId === b.classId && a.label === b.label;
}

function number(value: number): string {
  if (!Number.isFinite(value)) return 'null'; // as JSON has it
  return `${Number.isInteger(value) ? value : shortestFloat32(value)}`;
}

/**
 * Reads an object with detections, highest score first, as `detectionsJson` writes them, but of these only the ones whose
 * score reaches a threshold: the others are passed over unread, which is most of a record from a low floor.
 *
 * @param text    JSON of an object whose member `detections` is the last or has no regions in those behind it
 * @param lowest  score from which a region is read, as float32
 * @throws SyntaxError  what is read is no JSON; JSON of another form is read whole
 */
export function parseLeading(text: string, lowest: number): WithDetections {
  try {
    return leading(text, lowest);
  } catch {
    return JSON.parse(text); // written by another hand, or no JSON at all
  }
}

type WithDetections = Record<string, unknown> & { detections: Detection[] };

function leading(text: string, lowest: number): WithDetections {
  const first = text.indexOf(REGION);
  if (first < 0) return JSON.parse(text);
  const last = text.lastIndexOf(REGION);
  const before = JSON.parse(`${text.slice(0, first)}]}`);
  // The last region stands for all that are not read, with everything behind it.
  const behind = JSON.parse(`{"detections":[${text.slice(last)}`);
  const detections: Detection[] = [];
  for (let at = first; at < last; ) {
    const next = text.indexOf(REGION, at + REGION.length);
    const region: Detection = JSON.parse(text.slice(at, next - 1));
    if (Math.fround(region.score) < lowest) return { ...before, ...behind, detections };
    detections.push(region);
    at = next;
  }
  return { ...before, ...behind, detections: [...detections, ...behind.detections] };
}
