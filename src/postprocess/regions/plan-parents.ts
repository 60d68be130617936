import { firstOfLabel, resultLabels } from '../../labels/label-map.js';
import type { LabelList, ParentLabel } from '../../types/model.js';
import type { PlannedParent } from '../../types/plan.js';
import type { PostprocessOptions } from '../options/postprocess-options.js';

/** The options that name labels, with or without defaults filled in. */
export interface LabelOptions extends Pick<PostprocessOptions, 'include'> {
  exclude: string[];
  labelThresholds: Record<string, number>;
  labelIouThresholds: Record<string, number>;
  iouThreshold: number;
}

/** Options without those that concern parents, and the latter apart. */
export interface ParentsPlan<Options> {
  /** The options that concern labels of classes alone. */
  ofClasses: Options;
  parents: PlannedParent[];
  /** Classes that are detected only because a parent above them is included. */
  hidden: number[];
}

/**
 * Settles what options say of parents.
 *
 * A region has a parent label if it has a label below it, unless the parent is excluded, is not included, or has a score
 * threshold of its own.
 * If a parent is included, the labels below it are detected, but shown only if they are included as well.
 */
export function planParents<Options extends LabelOptions>(
  labels: LabelList,
  parents: readonly ParentLabel[],
  options: Options,
): ParentsPlan<Options> {
  if (parents.length === 0) return { ofClasses: options, parents: [], hidden: [] };
  const { include, exclude, labelThresholds, labelIouThresholds, iouThreshold } = options;
  const alone = new Set(parents.map(({ label }) => label).filter((label) => !labels.includes(label)));
  const wanted = parents.filter(({ label }) => !exclude.includes(label) && (include?.includes(label) ?? true));
  const numbers = resultLabels(labels, parents);
  const first = firstOfLabel(labels);
  const planned = wanted.map(
    ({ label, below, score }): PlannedParent => ({
      label,
      score,
      classId: numbers.indexOf(label),
      below: [...first.keys()].filter((classId) => below.includes(labels[classId]!) && first[classId] === classId),
      scoreThreshold: labelThresholds[label] ?? 0,
      iouThreshold: labelIouThresholds[label] ?? iouThreshold,
    }),
  );
  const shown = include?.filter((label) => !alone.has(label));
  const looked = shown && [...new Set([...shown, ...wanted.flatMap(({ below }) => below)])];
  const isHidden = (classId: number) => looked!.includes(labels[classId]!) && !shown!.includes(labels[classId]!);
  const ofClasses = {
    ...options,
    exclude: exclude.filter((label) => !alone.has(label)),
    labelThresholds: without(labelThresholds, alone),
    labelIouThresholds: without(labelIouThresholds, alone),
  };
  if (looked !== undefined) ofClasses.include = looked;
  return { ofClasses, parents: planned, hidden: looked === undefined ? [] : [...first.keys()].filter(isHidden) };
}

function without(values: Record<string, number>, labels: ReadonlySet<string>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([label]) => !labels.has(label)));
}
