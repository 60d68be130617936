import { join, posix } from 'node:path';
import * as v from 'valibot';
import { isFolder, listFiles, readJson } from '../../files/read-file.js';
import type { AnnotatedImage } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import { checked, malformed } from '../check.js';
import { boxAround, joinRows, type Row, sortedLabels } from '../csv/rows.js';
import type { Reader } from '../format.js';

const schema = v.object({
  shapes: v.array(
    v.object({
      label: v.string(),
      points: v.array(v.tuple([v.number(), v.number()])),
      shape_type: v.optional(v.string(), 'polygon'),
      score: v.nullish(v.number()),
      difficult: v.nullish(v.boolean()),
      flags: v.nullish(v.record(v.string(), v.unknown())),
    }),
  ),
  imagePath: v.string(),
  imageHeight: v.nullish(v.number()),
  imageWidth: v.nullish(v.number()),
});

type Shape = v.InferOutput<typeof schema>['shapes'][number];

/**
 * Reads LabelMe's JSON files: one, or all in a folder and below. Rectangles of two or four points, polygons, circles and
 * masks count by the box around them; points and lines are passed over. `score` and `difficult` of a shape are read, as
 * are its flags `difficult` and `crowd`. Other JSON files in the folder are passed over. Labels are sorted, for LabelMe
 * has no list of them.
 *
 * Source: https://github.com/wkentaro/labelme, labelme/_label_file.py
 */
export const readLabelme: Reader = async (path) => {
  const images: AnnotatedImage[] = [];
  if (!(await isFolder(path))) images.push(imageOf(await readJson(path), path, ''));
  else {
    for (const name of await listFiles(path, ['.json'])) {
      const content = await readJson(join(path, name));
      if (isLabelme(content)) images.push(imageOf(content, join(path, name), posix.dirname(name)));
    }
  }
  return { labels: sortedLabels(images), images };
};

export function isLabelme(content: unknown): boolean {
  return typeof content === 'object' && content !== null && 'shapes' in content && 'imagePath' in content;
}

/** @param folder  of the file, below the folder that is read; the image's path is below it */
function imageOf(content: unknown, file: string, folder: string): AnnotatedImage {
  const { shapes, imagePath, imageWidth, imageHeight } = checked(schema, content, file);
  return {
    image: posix.join(folder, imagePath),
    width: imageWidth ?? 0,
    height: imageHeight ?? 0,
    regions: joinRows(shapes.flatMap((shape, i) => rowOf(shape, `${file}: shapes.${i}`) ?? [])),
  };
}

function rowOf({ label, score, difficult, flags, ...shape }: Shape, where: string): Row | null {
  const box = boxOf(shape, where);
  if (box === null) return null;
  return {
    box,
    label,
    ...(typeof score === 'number' && { score }),
    ...((difficult === true || flags?.difficult === true) && { difficult: true }),
    ...(flags?.crowd === true && { crowd: true }),
  };
}

function boxOf({ shape_type, points }: Pick<Shape, 'shape_type' | 'points'>, where: string): Box | null {
  const least = { rectangle: 2, polygon: 3, circle: 2, mask: 2 }[shape_type];
  if (least === undefined) return null;
  if (points.length < least) throw malformed(where, `${least} points or more`, points.length);
  if (shape_type !== 'circle') return boxAround(points.flat());
  const [[x, y], [onX, onY]] = points as [[number, number], [number, number]];
  const radius = Math.hypot(onX - x, onY - y);
  return [x - radius, y - radius, x + radius, y + radius];
}
