import { list, looseObject, nullish } from '../../check/shapes.js';
import { anything } from '../../check/words.js';
import { complain } from '../../errors.js';
import { readJson } from '../../files/read-file.js';
import { isPictureName } from '../../image/picture-endings.js';
import type { AnnotatedImage, Dataset } from '../../types/annotations.js';
import type { ReadContext, Reader } from '../format.js';
import { checkContent, malformed } from '../reading/malformed.js';
import type { Remarks } from '../reading/remarks.js';
import { sortedLabels } from '../rows.js';
import { regionsOf, statedSize } from './regions.js';

const taskSchema = looseObject({
  data: looseObject({}),
  annotations: nullish(list('annotations', anything)),
  predictions: nullish(list('predictions', anything)),
});

/** A task, with what was drawn by hand and by models. */
interface Task {
  where: string;
  data: Record<string, unknown>;
  /** Finished ones, with their results; the one that is marked as ground truth first. */
  annotations: unknown[][];
  predictions: unknown[][];
}

/**
 * Reads Label Studio's tasks, as its exports JSON and JSON-MIN have them. Rectangles, turned ones, ellipses, polygons and
 * brush strokes count by the box around them. Names are those in `file_name`, else of the image's URL. Labels are sorted,
 * for tasks have no list of them.
 *
 * Tasks without a finished annotation are no ground truth: they are skipped. Where no task is annotated, or results are
 * asked for, predictions are read.
 *
 * Source: https://labelstud.io/guide/export, https://labelstud.io/tags/rectanglelabels
 */
export const readLabelStudio: Reader = async (path, context) => {
  const content = await readJson(path);
  if (!Array.isArray(content)) throw malformed(path, 'a list of tasks', content);
  return labelStudioDataset(content, path, context);
};

/** A dataset of tasks that are parsed already. */
export function labelStudioDataset(entries: readonly unknown[], path: string, context: ReadContext): Dataset {
  const { remarks } = context;
  const tasks = entries.flatMap((entry, i) => remarks.attempt(() => taskOf(entry, `${path}: ${i}`)) ?? []);
  const choice = choiceOf(tasks, path, context);
  const images = tasks.flatMap((task) => {
    const results = choice(task);
    return results === null ? [] : (remarks.attempt(() => [imageOf(task, results, remarks)]) ?? []);
  });
  return { labels: sortedLabels(images), images };
}

/** What is read of a task: of the whole file annotations, or of the whole file predictions; null: nothing. */
function choiceOf(
  tasks: readonly Task[],
  path: string,
  { role, remarks }: ReadContext,
): (task: Task) => unknown[] | null {
  const annotated = tasks.some(({ annotations }) => annotations.length > 0);
  const predicted = tasks.some(({ predictions }) => predictions.length > 0);
  if (role === 'ground-truth' && !annotated && tasks.length > 0) {
    const received = predicted ? 'predictions only' : 'tasks without a finished annotation';
    throw complain('E_ARGUMENT', { where: path, expected: 'annotations as ground truth', received });
  }
  const wanted = predicted && (role === 'results' || !annotated) ? 'predictions' : 'annotations';
  if (wanted === 'predictions' && role !== 'results') remarks.add('predictions', path, tasks.length);
  return ({ where, ...task }) => {
    const [first, ...others] = task[wanted];
    if (first === undefined && wanted === 'annotations') remarks.add('not-annotated', where);
    if (others.length > 0 && wanted === 'annotations') remarks.add('several-annotations', where);
    return first ?? (wanted === 'predictions' ? [] : null);
  };
}

function taskOf(entry: unknown, where: string): Task {
  const fields = Object(entry) as Record<string, unknown>;
  if (!('data' in fields) && ('annotation_id' in fields || Object.values(fields).some(isResultList)))
    return taskOfMinimal(fields, where);
  const { data, annotations, predictions } = checkContent(taskSchema, entry, where);
  const finished = (annotations ?? [])
    .map((each) => Object(each))
    .filter(({ was_cancelled }) => was_cancelled !== true);
  const ordered = [...finished].sort((a, b) => Number(b.ground_truth === true) - Number(a.ground_truth === true));
  return { where, data, annotations: resultsOf(ordered), predictions: resultsOf(predictions ?? []) };
}

/** JSON-MIN and CSV: fields of the task, and each control tag's results as a list. An absent one was not labelled. */
function taskOfMinimal(fields: Record<string, unknown>, where: string): Task {
  const lists = Object.values(fields).filter(isResultList) as Record<string, unknown>[][];
  const results = lists.flat().map(({ original_width, original_height, ...value }) => ({
    ...{ original_width, original_height, value },
  }));
  const data = Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === 'string'));
  return { where, data, annotations: [results], predictions: [] };
}

function isResultList(value: unknown): boolean {
  return (
    Array.isArray(value) && value.some((each) => typeof each === 'object' && each !== null && 'original_width' in each)
  );
}

/** Exports have predictions as mere ids, which say nothing. */
function resultsOf(annotations: readonly unknown[]): unknown[][] {
  return annotations.flatMap((each) => {
    const { result } = Object(each) as Record<string, unknown>;
    return Array.isArray(result) ? [result] : [];
  });
}

function imageOf({ data, where }: Task, results: readonly unknown[], remarks: Remarks): AnnotatedImage {
  const side = (value: unknown) => (typeof value === 'number' ? value : 0);
  const size = { width: side(data.width), height: side(data.height), ...statedSize(results) };
  return { image: nameOf(data, where), ...size, regions: regionsOf(results, where, remarks) };
}

/** The value that names a picture: by its key, by its ending, or as the only one. */
function nameOf(data: Record<string, unknown>, where: string): string {
  if (typeof data.file_name === 'string') return data.file_name;
  const values = Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const withKey = (pattern: RegExp) => values.find(([key]) => pattern.test(key));
  const url =
    withKey(/^image$/i) ??
    values.find(([, value]) => isPictureName(value.replace(/[?#].*$/s, '')) || isPictureName(value)) ??
    withKey(/image|img|photo|picture|url|path/i) ??
    values.find(([, value]) => value.includes('/')) ??
    values[0];
  if (url === undefined) throw malformed(`${where}: data`, 'the URL of an image', undefined);
  return url[1];
}
