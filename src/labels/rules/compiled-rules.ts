import { check } from '../../check/check.js';
import { list, optional, strictObject } from '../../check/shapes.js';
import { text } from '../../check/words.js';
import { complain } from '../../errors.js';
import type { Detection, LabelScore } from '../../types/detections.js';
import { type LabelRule, type LabelRules, labelGroups, labelRules, type RuleMode } from '../../types/rules.js';
import { costOf, RegionRules, type RuledDetections } from './apply-rules.js';
import { COST_UNIT } from './label-repairer.js';
import { resolveRules } from './resolve-rules.js';
import { numberRules, RuleSet } from './rule-set.js';

const where = 'compileRules';
const given = strictObject({
  rules: labelRules,
  labels: list('labels', text, { min: 1 }),
  groups: optional(labelGroups),
});

export interface RepairOptions {
  /** Score from which a label is present, or one for each label. */
  thresholds: number | ArrayLike<number>;
  /** Default 'repair' */
  mode?: RuleMode;
}

/** A label set under rules. */
export interface RepairedLabels {
  /** The labels that are present, in the order of `CompiledRules.labels`. */
  labels: string[];
  added: string[];
  dropped: string[];
  /** The rules that the labels over their thresholds violated. */
  violated: string[];
  /** Σ |logit(score) − logit(threshold)| over the labels that changed side. */
  cost: number;
  /** Whether the repair is known to cost least: false only for rules that are too entangled to compile. */
  isCertain: boolean;
}

export interface ApplyOptions {
  /** Score from which a label is present. */
  scoreThreshold: number;
  /** Label → its own, in place of `scoreThreshold`. Default {} */
  labelThresholds?: Readonly<Record<string, number>>;
  /** Score from which the regions have labels; labels that a region lacks count as scored so. Default: the lowest threshold */
  floor?: number;
  /** Default 'repair' */
  mode?: RuleMode;
  /** Label → class number of a label that a rule adds where no detection has it. Default: its place in `CompiledRules.labels` */
  classIds?: Readonly<Record<string, number>>;
}

/** Rules, compiled for a list of labels. Made by `compileRules`. */
export class CompiledRules {
  readonly labels: readonly string[];
  /** In their plain form. */
  readonly rules: readonly LabelRule[];
  /** What was left out: names that are no label. */
  readonly warnings: readonly string[];
  readonly #set: RuleSet;
  readonly #present: Uint8Array;
  readonly #costs: Float64Array;

  constructor(labels: readonly string[], rules: readonly LabelRule[], warnings: readonly string[]) {
    this.labels = labels;
    this.rules = rules;
    this.warnings = warnings;
    const numbers = new Map(labels.map((label, i) => [label, i]));
    this.#set = new RuleSet(numberRules(rules, (label) => numbers.get(label)!));
    this.#present = new Uint8Array(labels.length);
    this.#costs = new Float64Array(labels.length);
  }

  /**
   * The label set of one region that satisfies all rules and costs least: the sum of |logit(score) − logit(threshold)| over
   * the labels that change side. Ties: fewer changes; then, of the first label on which two sets differ, the one that leaves
   * it unchanged. Where no set can be reached, as with 'drop', no label is left.
   *
   * @param scores  [labels] in [0, 1], in the order of `labels`; not changed. Costs take them as 1e-9 to 1 − 1e-9
   * @throws SigboxError E_ARGUMENT  lengths that disagree
   */
  repair(scores: ArrayLike<number>, { thresholds, mode = 'repair' }: RepairOptions): RepairedLabels {
    const { labels } = this;
    requireLength('scores', scores, labels.length);
    if (typeof thresholds !== 'number') requireLength('thresholds', thresholds, labels.length);
    const thresholdOf = (i: number) => (typeof thresholds === 'number' ? thresholds : thresholds[i]!);
    const present = this.#present;
    for (let i = 0; i < labels.length; i++) present[i] = scores[i]! >= thresholdOf(i) ? 1 : 0;
    if (this.#set.satisfies(present) || mode === 'report') return this.#unchanged(present);
    const before = present.slice();
    for (let i = 0; i < labels.length; i++) {
      const isFixed = mode === 'drop' && present[i] === 0;
      this.#costs[i] = isFixed ? Number.POSITIVE_INFINITY : costOf(scores[i]!, thresholdOf(i));
    }
    if (!this.#set.repair(present, this.#costs)) present.fill(0);
    return this.#changed(before, present);
  }

  /**
   * Regions under the rules. Labels go by their names, whatever their class numbers; those that the rules were not compiled
   * for are dropped.
   *
   * @param detections  of one image, with all labels from `floor` on. Not changed.
   * @returns regions with a label over its threshold, highest score first; `removed`: those that the rules left without one
   */
  apply(
    detections: readonly Detection[],
    { scoreThreshold, labelThresholds = {}, floor, mode = 'repair', classIds = {} }: ApplyOptions,
  ): RuledDetections {
    const { labels } = this;
    const numbers = new Map(labels.map((label, i) => [label, i]));
    const thresholds = Float64Array.from(labels, (label) => labelThresholds[label] ?? scoreThreshold);
    const lowest = floor ?? Math.min(...thresholds);
    const rules = new RegionRules(this.rules, { labels, thresholds, floor: lowest, mode });
    const known = new Map(Object.entries(classIds));
    for (const { labels: own } of detections) for (const { label, classId } of own) known.set(label, classId);
    const numbered = detections.map((detection) => ({
      ...detection,
      labels: detection.labels.flatMap((own) => {
        const classId = numbers.get(own.label);
        return classId === undefined ? [] : [{ ...own, classId }];
      }),
    }));
    const over = numbered.flatMap((scored) => {
      const kept = scored.labels.filter(({ label, score }) => score >= thresholds[numbers.get(label)!]!);
      return kept.length === 0 ? [] : [{ region: { ...scored, ...kept[0]!, labels: kept }, scores: scored.labels }];
    });
    return withClassIds(rules.apply(over), known);
  }

  #unchanged(present: Uint8Array): RepairedLabels {
    const violated = this.#violated(present);
    const labels = this.labels.filter((_, i) => present[i] === 1);
    return { labels, added: [], dropped: [], violated, cost: 0, isCertain: true };
  }

  #changed(before: Uint8Array, present: Uint8Array): RepairedLabels {
    const { labels } = this;
    const result: RepairedLabels = {
      ...{ labels: [], added: [], dropped: [], cost: 0 },
      violated: this.#violated(before),
      isCertain: this.#set.isCertain,
    };
    for (let i = 0; i < labels.length; i++) {
      if (present[i] === 1) result.labels.push(labels[i]!);
      if (present[i] === before[i]) continue;
      (present[i] === 1 ? result.added : result.dropped).push(labels[i]!);
      result.cost += this.#costs[i]! * COST_UNIT;
    }
    return result;
  }

  #violated(present: Uint8Array): string[] {
    return this.#set.violated(present).map((i) => this.rules[i]!.rule);
  }
}

/** With the class numbers that labels have elsewhere. */
function withClassIds({ detections, removed }: RuledDetections, known: ReadonlyMap<string, number>): RuledDetections {
  const own = <Of extends LabelScore>(score: Of): Of => ({
    ...score,
    classId: known.get(score.label) ?? score.classId,
  });
  const region = (detection: Detection): Detection => ({
    ...own(detection),
    labels: detection.labels.map(own),
    ...(detection.dropped && { dropped: detection.dropped.map(own) }),
  });
  const found = { detections: detections.map(region) };
  if (removed === undefined) return found;
  return { ...found, removed: removed.map((each) => ({ ...each, dropped: each.dropped.map(own) })) };
}

function requireLength(name: string, { length: received }: ArrayLike<number>, labels: number): void {
  if (received === labels) return;
  throw complain('E_ARGUMENT', { where: 'repair', expected: `${name} of ${labels} labels`, received });
}

/**
 * Compiles rules between labels.
 *
 * @param rules   as in a label map
 * @param labels  all that a region may have, each once, in the order of scores
 * @param groups  group → its labels. Default {}
 * @throws SigboxError E_ARGUMENT  rules that can't be right: a wrong shape, no rule left once unknown labels are left out,
 *   rules that contradict each other (a smallest group of them is named), a label that no region could have
 */
export function compileRules(
  rules: LabelRules,
  labels: readonly string[],
  { groups = {} }: { groups?: Readonly<Record<string, readonly string[]>> } = {},
): CompiledRules {
  const checked = check(given, { rules, labels, groups }, { where });
  const { rules: resolved, warnings } = resolveRules(checked.rules, {
    labels: checked.labels,
    groups: checked.groups ?? {},
    where,
  });
  return new CompiledRules(checked.labels, resolved, warnings);
}
