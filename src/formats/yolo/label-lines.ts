import type { Box } from '../../types/detections.js';
import { malformed } from '../reading/malformed.js';
import type { Remarks } from '../reading/remarks.js';
import { boxAround } from '../shapes.js';

/** One line of a label file, its numbers still as they stand. */
export interface LabelLine {
  classId: number;
  /** What follows the class. */
  numbers: number[];
  /** File and line, for messages. */
  where: string;
}

/** What the lines of a data set hold behind the box, which one line alone does not tell. */
export interface LineLayout {
  /** Numbers of the key points behind the box; 0: none, more than four numbers are a polygon. */
  keyPoints: number;
  /** Whether lines end with a track id. */
  trackIds: boolean;
}

/** Shares of an image's sides, with a score where there is one. */
export interface YoloBox {
  classId: number;
  box: Box;
  score: number | undefined;
}

/** @throws SigboxError E_IO  a line that is no list of numbers, a class and at least four more */
export function parseLabelLine(line: string, where: string): LabelLine {
  const [classId, ...numbers] = line.trim().split(/\s+/).map(Number) as [number, ...number[]];
  if (Number.isNaN(classId) || !numbers.every(Number.isFinite) || numbers.length < 4) {
    throw malformed(where, 'class cx cy width height', line.trim());
  }
  return { classId, numbers, where };
}

/** Coordinates may be this far outside of the image, by the rounding of whoever wrote them. */
const SLACK = 0.01;

/**
 * Tells from all lines what stands behind the boxes: key points by the data.yaml's `kpt_shape`, or by their values; track
 * ids by whole numbers over 1, which no coordinate and no score is.
 *
 * Source of what may follow: ultralytics.engine.results.save_txt
 *
 * @param keyPoints  numbers of key points, where data.yaml says it
 */
export function lineLayoutOf(lines: readonly LabelLine[], keyPoints: number | undefined, remarks: Remarks): LineLayout {
  const trackIds = hasTrackIds(lines, keyPoints ?? 0);
  if (trackIds) remarks.add('track-ids', lines[0]!.where, lines.length);
  if (keyPoints !== undefined) return { keyPoints, trackIds };
  const found = keyPointsByValues(lines, trackIds);
  if (found > 0) remarks.add('key-points', `${lines[0]!.where}: ${found} numbers`, lines.length);
  return { keyPoints: found, trackIds };
}

function hasTrackIds(lines: readonly LabelLine[], keyPoints: number): boolean {
  const isId = (value: number) => Number.isInteger(value) && value >= 1;
  const withMore = lines.filter(({ numbers }) => numbers.length > 4 + keyPoints);
  const inside = (numbers: readonly number[]) => numbers.slice(0, 4).every((value) => Math.abs(value) <= 1 + SLACK);
  const ended = withMore.filter(({ numbers }) => inside(numbers) && isId(numbers.at(-1)!));
  if (ended.some(({ numbers }) => numbers.at(-1)! > 1)) return true;
  // Where everything is the first track, box, score and id look like a triangle whose last point lies at the lower edge.
  const lengths = new Set(withMore.map(({ numbers }) => numbers.length));
  return ended.length > 0 && ended.length === withMore.length && lengths.size === 1 && lengths.has(6 + keyPoints);
}

/** Three numbers per point with a visibility of 0, 1 or 2; or two, of points that all lie inside the box. */
function keyPointsByValues(lines: readonly LabelLine[], trackIds: boolean): number {
  const rests = lines.map(({ numbers }) => (trackIds ? numbers.slice(0, -1) : numbers));
  const length = rests[0]?.length ?? 0;
  if (length <= 6 || rests.some((numbers) => numbers.length !== length)) return 0;
  for (const scores of [0, 1]) {
    const count = length - 4 - scores;
    if (count % 3 === 0 && count >= 3 && rests.every((numbers) => isVisiblePoints(numbers, count))) return count;
    if (count % 2 === 0 && count >= 4 && lines.length > 1 && rests.every((numbers) => isInsidePoints(numbers, count)))
      return count;
  }
  return 0;
}

function isVisiblePoints(numbers: readonly number[], count: number): boolean {
  for (let i = 6; i < 4 + count; i += 3) if (![0, 1, 2].includes(numbers[i]!)) return false;
  return isInsidePoints(
    numbers.filter((_, i) => i < 4 || (i < 4 + count && (i - 6) % 3 !== 0)),
    (2 * count) / 3,
  );
}

function isInsidePoints(numbers: readonly number[], count: number): boolean {
  const [left, top, right, bottom] = cornersOf(numbers);
  for (let i = 4; i < 4 + count; i += 2) {
    const [x, y] = [numbers[i]!, numbers[i + 1]!];
    const isAbsent = x === 0 && y === 0;
    if (isAbsent) continue;
    if (x < left - SLACK || x > right + SLACK || y < top - SLACK || y > bottom + SLACK) return false;
  }
  return right > left && bottom > top;
}

/**
 * What a line holds: a box with key points or none, or a polygon by the box around it; a score; a track id.
 *
 * @returns null where coordinates are no shares of the image's sides
 * @throws SigboxError E_IO  a number of numbers that nothing explains
 */
export function labelledBox(line: LabelLine, { keyPoints, trackIds }: LineLayout): YoloBox | null {
  const numbers = [...line.numbers];
  const last = numbers.at(-1)!;
  if (trackIds && numbers.length > 4 + keyPoints && Number.isInteger(last) && last >= 1) numbers.pop();
  const { classId } = line;
  if (numbers.length <= 5 + keyPoints) {
    if (numbers.length !== 4 && numbers.length < 4 + keyPoints && numbers.length !== 5)
      throw unexplained(line, keyPoints);
    const score = numbers.length === 5 || numbers.length === 5 + keyPoints ? numbers.at(-1) : undefined;
    return isShare(numbers.slice(0, 4)) ? { classId, box: cornersOf(numbers), score: scoreOf(score, line) } : null;
  }
  if (keyPoints > 0) throw unexplained(line, keyPoints);
  const score = numbers.length % 2 === 1 ? numbers.pop() : undefined;
  return isShare(numbers) ? { classId, box: boxAround(numbers), score: scoreOf(score, line) } : null;
}

function scoreOf(score: number | undefined, { where }: LabelLine): number | undefined {
  if (score === undefined || (score >= 0 && score <= 1)) return score;
  throw malformed(where, 'a score from 0 to 1', score);
}

function unexplained({ numbers, where }: LabelLine, keyPoints: number) {
  const expected = `a class, a box and ${keyPoints} numbers of key points`;
  return malformed(where, expected, `${numbers.length + 1} numbers`);
}

function isShare(numbers: readonly number[]): boolean {
  return numbers.every((value) => value >= -SLACK && value <= 1 + SLACK);
}

function cornersOf([x, y, width, height]: readonly number[]): Box {
  return [x! - width! / 2, y! - height! / 2, x! + width! / 2, y! + height! / 2];
}
