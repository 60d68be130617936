import { SigboxError } from '../errors.js';
import { knownListOf } from '../labels/known-lists.js';
import { requireLabelBounds } from '../labels/label-bounds.js';
import { COCO_BY_ID } from '../labels/lists/coco.js';
import type { LabelList } from '../types/model.js';
import type { ModelFacts } from './evidence/graph/facts.js';
import type { Recognition } from './recognition.js';
import { parseNames } from './sidecars/python-dict.js';

/** Names that the user gives, and where they are from. */
export interface LabelsGiven {
  from: string;
  names: Map<number, string>;
}

export interface SettledLabels {
  labels: LabelList;
  /** Without the columns that mean nothing. */
  count: number;
  because: string;
  /** Neither how many classes there are nor what they are called is known. */
  unknown?: boolean;
  warnings: string[];
}

const NAME_THEM = 'labelsFile (--labels-file) names the classes instead.';

/** Classes of a model that says neither how many there are nor what they are called. */
const UNKNOWN_CLASSES = 1000;

/**
 * The label of each class column: from the user, the file's metadata, config.json or a file of its family beside it, a
 * data set that has as many classes; else class_0, class_1 … and a warning.
 *
 * @throws SigboxError E_ARGUMENT  names of the user that do not fit the model's classes
 */
export async function settleLabels(
  facts: ModelFacts,
  recognition: Recognition,
  given?: LabelsGiven,
): Promise<SettledLabels> {
  for (const source of [given, fromMetadata(facts), fromConfig(facts), recognition.names]) {
    if (source === undefined) continue;
    if (areCocos(source, recognition)) {
      const labels = padded(cocoById(recognition.classes), recognition.classes);
      return settled(
        labels,
        `${source.from}: COCO’s 80 names on ${recognition.classes} columns are numbered by its ids`,
      );
    }
    if (source === given) requireLabelBounds(source.names, source.from);
    else requireLabelBounds(source.names, source.from, { code: 'E_MODEL', mend: NAME_THEM });
    const labels = onColumns(source.names, recognition);
    if (labels !== null) return named(labels, source, recognition);
    if (source === given)
      throw misfit(source.from, source.names.size, Math.max(...source.names.keys()), recognition.classes);
  }
  return unnamed(recognition);
}

/**
 * Labels of a spec, which has one for each column.
 *
 * @param classes  columns of the head; null: not known
 * @throws SigboxError E_ARGUMENT  more or fewer than the model has classes
 */
export function specLabels(labels: LabelList, classes: number | null): SettledLabels {
  if (classes === null || classes === labels.length) return settled(labels, 'given');
  throw misfit('labels of the spec', labels.length, labels.length - 1, classes);
}

/**
 * Other names for the classes of a model that names them itself: one for each column, or one for each column that means
 * something, in their order.
 *
 * @throws SigboxError E_ARGUMENT  more or fewer
 */
export function renamed(labels: LabelList, { from, names }: LabelsGiven): LabelList {
  requireLabelBounds(names, from);
  const last = Math.max(...names.keys());
  if (last === labels.length - 1) return labels.map((_, column) => real(names.get(column)));
  const count = labels.filter((label) => label !== null).length;
  if (names.size !== count || last !== count - 1) throw misfit(from, names.size, last, count);
  let next = 0;
  return labels.map((label) => (label === null ? null : real(names.get(next++))));
}

async function unnamed({ classes, background, cocoIds }: Recognition): Promise<SettledLabels> {
  if (cocoIds) return settled(padded(cocoById(classes), classes), 'its class numbers are COCO’s ids');
  const real = classes === null ? null : classes - (background === undefined ? 0 : 1);
  const list = real === null ? undefined : knownListOf(real);
  if (list !== undefined) {
    const found = settled(beside(await list.load(), background), `as many classes as ${list.name} has`);
    const warning =
      `The model does not name its ${real} classes: they are called as in ${list.name}, which has as many. ` +
      'If they are others, labelsFile (--labels-file) names them.';
    return list.telling ? found : { ...found, warnings: [warning] };
  }
  const names = Array.from({ length: real ?? UNKNOWN_CLASSES }, (_, i) => `class_${i}`);
  const warning =
    'The model does not name its classes: they are called class_0, class_1 … here. labelsFile (--labels-file) names them.';
  return { ...settled(beside(names, background), 'nothing names them'), unknown: real === null, warnings: [warning] };
}

/** Gaps in a numbering are the names' own affair; a list that ends early is more likely that of another model. */
function named(labels: LabelList, { from }: LabelsGiven, { classes, background, cocoIds }: Recognition): SettledLabels {
  const found = settled(labels, from);
  const last = labels.findLastIndex((label) => label !== null);
  if (classes === null || cocoIds || last >= classes - (background === 'last' ? 2 : 1)) return found;
  const real = classes - (background === undefined ? 0 : 1);
  return { ...found, warnings: [`${from}: it names ${found.count} of ${real} classes; the others are left out.`] };
}

function settled(labels: LabelList, because: string): SettledLabels {
  return { labels, count: labels.filter((label) => label !== null).length, because, warnings: [] };
}

function fromMetadata({ metadata }: ModelFacts): LabelsGiven | undefined {
  const { names: text, character } = metadata.properties;
  const names = text === undefined ? null : parseNames(text);
  if (names !== null && names.size > 0) return { from: 'metadata "names"', names };
  const lines = character?.trim().split('\n') ?? []; // as RapidLayout and others of PaddlePaddle's kin write them
  return lines.length > 1 ? { from: 'metadata "character"', names: new Map(lines.entries()) } : undefined;
}

function fromConfig({ config }: ModelFacts): LabelsGiven | undefined {
  const entries = Object.entries((config?.id2label as Record<string, unknown> | undefined) ?? {});
  const names = new Map(entries.map(([id, name]) => [Number(id), String(name)]));
  return names.size === 0 ? undefined : { from: 'config.json "id2label"', names };
}

/** COCO's own 80 names beside the 90 or 91 columns of its ids. */
function areCocos({ names }: LabelsGiven, { classes, cocoIds }: Recognition): boolean {
  const isById = (classes === 90 || classes === 91) && !cocoIds;
  const named = COCO_BY_ID.filter((name) => name !== null);
  return isById && names.size === named.length && named.every((name, i) => names.get(i) === name);
}

/** @returns null where the names do not fit the columns */
function onColumns(names: ReadonlyMap<number, string>, recognition: Recognition): LabelList | null {
  const { classes, background, cocoIds } = recognition;
  const last = Math.max(...names.keys());
  const list = Array.from({ length: last + 1 }, (_, i) => real(names.get(i)));
  if (cocoIds && names.size === 80 && last === 79) {
    return padded(
      cocoById(classes).map((name) => (name === null ? null : list.shift()!)),
      classes,
    );
  }
  // A list may name the background as well, or begin with the first object.
  const labels = background === 'first' && list[0] !== null ? [null, ...list] : list;
  if (background === 'last' && list.length === classes && list.at(-1) !== null) return null;
  return classes !== null && labels.length > classes ? null : padded(labels, classes);
}

/** Ninety columns are the ids from 1 on, without the 0 that stands for nothing. */
function cocoById(classes: number | null): LabelList {
  return classes === 90 ? COCO_BY_ID.slice(1) : COCO_BY_ID;
}

function padded(labels: LabelList, classes: number | null): LabelList {
  if (classes === null) return labels;
  return Array.from({ length: classes }, (_, i) => labels[i] ?? null);
}

/** Names that stand for no object: exports of models that use COCO's ids name the gaps N/A. */
const NO_OBJECT = /^(n\/a|_*background_*|no[ _-]?object)$/i;

function real(name: string | undefined): string | null {
  return name === undefined || NO_OBJECT.test(name) ? null : name;
}

function beside(names: readonly string[], background: Recognition['background']): LabelList {
  if (background === 'first') return [null, ...names];
  return background === 'last' ? [...names, null] : names;
}

function misfit(from: string, count: number, highest: number, classes: number | null): SigboxError {
  const message = `${from}: expected names for ${classes} classes, received ${count} up to number ${highest}.`;
  return new SigboxError('E_ARGUMENT', message);
}
