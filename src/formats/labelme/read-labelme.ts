import { join, posix } from 'node:path';
import { list, looseObject, nullish, object, tuple } from '../../check/shapes.js';
import { anything, finite, flag, text } from '../../check/words.js';
import { isFolder, listFiles, readJson } from '../../files/read-file.js';
import type { AnnotatedImage } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import type { Reader } from '../format.js';
import { checkContent, malformed } from '../reading/malformed.js';
import type { Remarks } from '../reading/remarks.js';
import { joinRows, type Row, sortedLabels } from '../rows.js';
import { boxAround } from '../shapes.js';

const fileSchema = object({
  shapes: list('shapes', anything),
  imagePath: text,
  imageHeight: nullish(finite),
  imageWidth: nullish(finite),
});

const shapeSchema = object({
  label: text,
  points: list('points', tuple('two numbers', finite, 2)),
  shape_type: nullish(text),
  score: nullish(finite),
  difficult: nullish(flag),
  flags: nullish(looseObject({})),
});

/**
 * Reads LabelMe's JSON files: one, or all in a folder and below. Rectangles of two or four points, turned ones
 * (X-AnyLabeling's `rotation`), polygons, circles and masks count by the box around them; points and lines are no boxes.
 * `score` and `difficult` of a shape are read, as are its flags `difficult` and `crowd`. Labels are sorted, for LabelMe
 * has no list of them.
 *
 * Source: https://github.com/wkentaro/labelme, labelme/_label_file.py
 */
export const readLabelme: Reader = async (path, { remarks }) => {
  const images: AnnotatedImage[] = [];
  if (!(await isFolder(path))) images.push(imageOf(await readJson(path), { file: path, folder: '' }, remarks));
  else {
    for (const name of await listFiles(path, ['.json'])) {
      const file = join(path, name);
      const content = await remarks.attemptLater(() => readJson(file), 'unreadable-file');
      if (content === null) continue;
      const place = { file, folder: posix.dirname(name) };
      if (!isLabelme(content)) remarks.add('other-file', file);
      else images.push(...(remarks.attempt(() => [imageOf(content, place, remarks)]) ?? []));
    }
  }
  return { labels: sortedLabels(images), images };
};

export function isLabelme(content: unknown): boolean {
  return typeof content === 'object' && content !== null && 'shapes' in content && 'imagePath' in content;
}

/** @param place.folder  of the file, below the folder that is read; the image's path is below it */
function imageOf(content: unknown, place: { file: string; folder: string }, remarks: Remarks): AnnotatedImage {
  const { file, folder } = place;
  const { shapes, imagePath, imageWidth, imageHeight } = checkContent(fileSchema, content, file);
  const rows = shapes.map((shape, i) => remarks.attempt(() => rowOf(shape, `${file}: shapes.${i}`, remarks)));
  return {
    image: nameBelow(folder, imagePath),
    width: imageWidth ?? 0,
    height: imageHeight ?? 0,
    regions: joinRows(rows.filter((row) => row !== null)),
  };
}

/** LabelMe itself, and supervision, take the backslash for a separator. Source: labelme/_label_file.py */
function nameBelow(folder: string, imagePath: string): string {
  const path = imagePath.replaceAll('\\', '/');
  return /^([a-z]:)?\//i.test(path) ? path : posix.join(folder, path);
}

function rowOf(content: unknown, where: string, remarks: Remarks): Row | null {
  const { label, score, difficult, flags, ...shape } = checkContent(shapeSchema, content, where);
  const kind = shape.shape_type ?? 'polygon';
  const box = boxOf(kind, shape.points, where);
  if (box === null) {
    remarks.add('not-a-box', `${where}: ${kind}`);
    return null;
  }
  return {
    box,
    label,
    ...(typeof score === 'number' && { score }),
    ...((difficult === true || flags?.difficult === true) && { difficult: true }),
    ...(flags?.crowd === true && { crowd: true }),
  };
}

/** Points that a shape needs at least; others are no boxes. */
const FEWEST: Record<string, number> = { rectangle: 2, polygon: 3, circle: 2, mask: 2, rotation: 3 };

function boxOf(kind: string, points: [number, number][], where: string): Box | null {
  const fewest = FEWEST[kind];
  if (fewest === undefined) return null;
  if (points.length < fewest) throw malformed(where, `${fewest} points or more`, points.length);
  if (kind !== 'circle') return boxAround(points.flat());
  const [[x, y], [onX, onY]] = points as [[number, number], [number, number]];
  const radius = Math.hypot(onX - x, onY - y);
  return [x - radius, y - radius, x + radius, y + radius];
}
