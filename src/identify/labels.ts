import { SigboxError } from '../errors.js';
import { KNOWN_LISTS } from '../labels/known-lists.js';
import { COCO_BY_ID } from '../labels/lists/coco.js';
import type { LabelList } from '../types.js';
import type { ModelFacts } from './facts.js';
import { parseNames } from './python-dict.js';
import type { Recognition } from './recognition.js';

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
  warnings: string[];
}

/** Classes of a model that says neither how many there are nor what they are called. */
const UNKNOWN_CLASSES = 1000;

/**
 * The label of each class column: from the user, the file's metadata, config.json beside it, a data set that has as many
 * classes; else class_0, class_1 … and a warning.
 *
 * @throws SigboxError E_ARGUMENT  names of the user that do not fit the model's classes
 */
export function settleLabels(facts: ModelFacts, recognition: Recognition, given?: LabelsGiven): SettledLabels {
  for (const source of [given, fromMetadata(facts), fromConfig(facts)]) {
    if (source === undefined) continue;
    const labels = onColumns(source.names, recognition);
    if (labels !== null) return settled(labels, source.from);
    if (source === given) throw misfit(source, recognition);
  }
  const { classes, background, cocoIds } = recognition;
  if (cocoIds) return settled(COCO_BY_ID.slice(0, classes ?? COCO_BY_ID.length), 'its class numbers are COCO’s ids');
  const real = classes === null ? null : classes - (background === undefined ? 0 : 1);
  const list = KNOWN_LISTS.find(({ labels }) => labels.length === real);
  if (list !== undefined) return settled(beside(list.labels, background), `as many classes as ${list.name} has`);
  const names = Array.from({ length: real ?? UNKNOWN_CLASSES }, (_, i) => `class_${i}`);
  const warning =
    'The model does not name its classes: they are called class_0, class_1 … here. labelsFile (--labels-file) names them.';
  return { ...settled(beside(names, background), 'nothing names them'), warnings: [warning] };
}

function settled(labels: LabelList, because: string): SettledLabels {
  return { labels, count: labels.filter((label) => label !== null).length, because, warnings: [] };
}

function fromMetadata({ metadata }: ModelFacts): LabelsGiven | undefined {
  const names = metadata.properties.names === undefined ? null : parseNames(metadata.properties.names);
  return names === null || names.size === 0 ? undefined : { from: 'metadata "names"', names };
}

function fromConfig({ config }: ModelFacts): LabelsGiven | undefined {
  const entries = Object.entries((config?.id2label as Record<string, unknown> | undefined) ?? {});
  const names = new Map(entries.map(([id, name]) => [Number(id), String(name)]));
  return names.size === 0 ? undefined : { from: 'config.json "id2label"', names };
}

/** @returns null where the names do not fit the columns */
function onColumns(names: ReadonlyMap<number, string>, recognition: Recognition): LabelList | null {
  const { classes, background, cocoIds } = recognition;
  const last = Math.max(...names.keys());
  const list = Array.from({ length: last + 1 }, (_, i) => named(names.get(i)));
  const count = classes ?? list.length;
  if (cocoIds && names.size === 80 && last === 79) {
    const inOrder = [...list];
    return COCO_BY_ID.slice(0, count).map((name) => (name === null ? null : inOrder.shift()!));
  }
  if (background === 'first' && list.length === count - 1) return [null, ...list];
  if (list.length > count) return null;
  return [...list, ...new Array<null>(count - list.length).fill(null)];
}

/** Exports of models that use COCO's ids name the gaps N/A. */
function named(name: string | undefined): string | null {
  return name === undefined || name === 'N/A' ? null : name;
}

function beside(names: readonly string[], background: Recognition['background']): LabelList {
  if (background === 'first') return [null, ...names];
  return background === 'last' ? [...names, null] : names;
}

function misfit({ from, names }: LabelsGiven, { classes }: Recognition): SigboxError {
  const highest = Math.max(...names.keys());
  const message = `${from}: expected names for ${classes} classes, received ${names.size} up to number ${highest}.`;
  return new SigboxError('E_ARGUMENT', message);
}
