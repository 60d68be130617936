import * as v from 'valibot';
import { readJson } from '../../files/read-file.js';
import type { AnnotatedImage, AnnotatedRegion } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import { checked, malformed } from '../check.js';
import { boxAround, sortedLabels } from '../csv/rows.js';
import type { Reader } from '../format.js';

const number = v.number();

const regionSchema = v.object({
  type: v.string(),
  original_width: v.optional(number, 0),
  original_height: v.optional(number, 0),
  value: v.looseObject({}),
  score: v.nullish(number),
  meta: v.nullish(v.object({ scores: v.exactOptional(v.array(v.nullable(number))) })),
});

const valueSchema = v.object({
  ...{ x: number, y: number, width: number, height: number },
  rotation: v.nullish(number),
  rectanglelabels: v.pipe(v.array(v.string()), v.minLength(1)),
});

const resultsSchema = v.optional(
  v.array(v.object({ result: v.array(regionSchema), was_cancelled: v.nullish(v.boolean()) })),
  [],
);

const schema = v.array(v.object({ data: v.looseObject({}), annotations: resultsSchema, predictions: resultsSchema }));

type Task = v.InferOutput<typeof schema>[number];
type Region = v.InferOutput<typeof regionSchema>;

/**
 * Reads Label Studio's tasks: of each the first annotation that was not skipped, else the first prediction. Turned
 * rectangles count by the box around them; regions that are no labelled rectangles are passed over. Names are those in
 * `file_name`, else what the image's URL ends in. Labels are sorted, for tasks have no list of them.
 *
 * Source: https://labelstud.io/guide/export, https://labelstud.io/tags/rectanglelabels
 */
export const readLabelStudio: Reader = async (path) => {
  const tasks = checked(schema, await readJson(path), path);
  const images = tasks.map((task, i) => imageOf(task, `${path}: ${i}`));
  return { labels: sortedLabels(images), images };
};

function imageOf({ data, annotations, predictions }: Task, where: string): AnnotatedImage {
  const { result = [] } = annotations.find(({ was_cancelled }) => !was_cancelled) ?? predictions[0] ?? {};
  const rectangles = result.filter(({ type }) => type === 'rectanglelabels');
  const [first] = result;
  const size = (side: unknown) => (typeof side === 'number' ? side : 0);
  return {
    image: nameOf(data, where),
    width: first?.original_width ?? size(data.width),
    height: first?.original_height ?? size(data.height),
    regions: rectangles.map((region, i) => regionOf(region, `${where}: region ${i}`)),
  };
}

function nameOf(data: Record<string, unknown>, where: string): string {
  if (typeof data.file_name === 'string') return data.file_name;
  const url = data.image ?? Object.values(data).find((value) => typeof value === 'string');
  if (typeof url !== 'string') throw malformed(`${where}: data`, 'the URL of an image', url);
  const [, local] = /\/data\/local-files\/\?d=(.*)$/s.exec(url) ?? [];
  return decoded(local ?? url.slice(url.lastIndexOf('/') + 1));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign of its own
  }
}

function regionOf({ value, score, meta, ...region }: Region, where: string): AnnotatedRegion {
  const { rectanglelabels, ...place } = checked(valueSchema, value, where);
  const scores = meta?.scores ?? [score];
  const labels = rectanglelabels.map((label, i) => {
    const own = scores[i] ?? score;
    return typeof own === 'number' ? { label, score: own } : { label };
  });
  return { box: boxOf(place, region.original_width, region.original_height), labels };
}

/** Percent to pixels; the turn is clockwise, about the upper left corner. */
function boxOf(
  {
    x,
    y,
    width,
    height,
    rotation,
  }: { x: number; y: number; width: number; height: number; rotation?: number | null | undefined },
  imageWidth: number,
  imageHeight: number,
): Box {
  const [x1, y1] = [(x / 100) * imageWidth, (y / 100) * imageHeight];
  const [w, h] = [(width / 100) * imageWidth, (height / 100) * imageHeight];
  if (!rotation) return [x1, y1, x1 + w, y1 + h];
  const [cos, sin] = [Math.cos((rotation * Math.PI) / 180), Math.sin((rotation * Math.PI) / 180)];
  const corners = [
    [0, 0],
    [w, 0],
    [w, h],
    [0, h],
  ] as const;
  return boxAround(corners.flatMap(([dx, dy]) => [x1 + dx * cos - dy * sin, y1 + dx * sin + dy * cos]));
}
