import type { Detection, DetectionResult, LabelScore, RemovedRegion } from '../../types/detections.js';
import type { ParentScore } from '../../types/model.js';
import type { LabelRule, RuleMode } from '../../types/rules.js';
import { COST_UNIT } from './label-repairer.js';
import type { NumberedRule } from './rule-diagram.js';
import { numberRules, RuleSet } from './rule-set.js';

/** A label that has no class, and those it stands above. */
export interface RuledParent {
  label: string;
  below: readonly string[];
  /** How its score is made of theirs. Default 'maximum' */
  score?: ParentScore;
}

/** The same by number. */
interface NumberedParent {
  classId: number;
  below: readonly number[];
  score: ParentScore;
}

export interface RegionRulesOptions {
  /** [labels] by class number; those of parents stand behind the classes. Labels of null and of NaN thresholds take no part. */
  labels: readonly (string | null)[];
  /** [labels] score from which each is present; NaN: it is not wanted */
  thresholds: Float64Array;
  /** The score of labels that a region has none of. */
  floor: number;
  mode: RuleMode;
  /** Default none */
  parents?: readonly RuledParent[];
}

/** A region as its scores are, before any rule. */
export interface ScoredRegion {
  /** With the labels over their thresholds. */
  region: Detection;
  /** All labels that it has a score of. */
  scores: readonly LabelScore[];
}

/** Among the rules that a region violated, where its repair was cut short. */
export const NOT_PROVEN = '(too entangled: a cheaper repair may exist)';

/** Regions, and those that rules left without a label. */
export type RuledDetections = Pick<DetectionResult, 'detections' | 'removed'>;

/** Rules for regions, compiled for one set of thresholds. */
export class RegionRules {
  readonly #options: RegionRulesOptions;
  readonly #rules: readonly LabelRule[];
  /** What users ask for. */
  readonly #asked: RuleSet;
  /** The same, and what holds of parents. */
  readonly #all: RuleSet;
  /** Label → the labels that imply it, of rules and of parents. */
  readonly #impliedBy: ReadonlyMap<number, number[]>;
  readonly #parents: readonly NumberedParent[];
  readonly #derived: ReadonlySet<number>;
  readonly #present: Uint8Array;
  readonly #costs: Float64Array;
  readonly #scores: Float64Array;

  constructor(rules: readonly LabelRule[], options: RegionRulesOptions) {
    const { labels, thresholds, parents = [] } = options;
    this.#options = options;
    const wanted = (label: string) => !Number.isNaN(thresholds[labels.indexOf(label)] ?? Number.NaN);
    this.#rules = rules.filter(({ when, anyOf = [], atMostOne = [] }) =>
      [...when, ...anyOf, ...atMostOne].every(wanted),
    );
    const numbers = new Map(labels.map((label, i) => [label, i] as const).reverse());
    const numberOf = (label: string) => numbers.get(label)!;
    const asked = numberRules(this.#rules, numberOf);
    const above = parents.filter(({ label }) => wanted(label));
    const structure = above.flatMap(({ label, below }) =>
      holdWith(numberOf(label), below.filter(wanted).map(numberOf)),
    );
    this.#asked = new RuleSet(asked);
    this.#all = structure.length === 0 ? this.#asked : new RuleSet([...asked, ...structure]);
    this.#impliedBy = implications([...asked, ...structure]);
    this.#parents = above.map(({ label, below, score = 'maximum' }) => {
      return { classId: numberOf(label), below: below.filter(wanted).map(numberOf), score };
    });
    this.#derived = new Set(this.#parents.map(({ classId }) => classId));
    this.#present = new Uint8Array(labels.length);
    this.#costs = new Float64Array(labels.length);
    this.#scores = new Float64Array(labels.length);
  }

  /**
   * Regions under the rules. With 'repair' no label is left with a lower score than one that implies it. A region that keeps
   * its labels and scores is the same object as before.
   *
   * @returns highest score first; of equal scores, in the order given
   */
  apply(regions: readonly ScoredRegion[]): RuledDetections {
    const detections: Detection[] = [];
    const removed: RemovedRegion[] = [];
    for (const region of regions) {
      const ruled = this.#applyTo(region);
      if ('labels' in ruled) detections.push(ruled);
      else removed.push(ruled);
    }
    detections.sort((a, b) => b.score - a.score);
    return removed.length === 0 ? { detections } : { detections, removed };
  }

  #applyTo({ region, scores }: ScoredRegion): Detection | RemovedRegion {
    const present = this.#present.fill(0);
    for (const { classId } of region.labels) present[classId] = 1;
    if (this.#asked.satisfies(present)) return this.#options.mode === 'repair' ? this.#coherent(region) : region;
    const violated = this.#asked.violated(present).map((i) => this.#rules[i]!.rule);
    if (this.#options.mode === 'report') return { ...region, violated };
    this.#priceChanges(region, scores);
    const before = present.slice();
    if (!this.#all.repair(present, this.#costs)) present.fill(0);
    if (!this.#all.isCertain) violated.push(NOT_PROVEN);
    return this.#changed(region, before, violated);
  }

  /** Fills in the scores of a region and what changes of its labels cost. */
  #priceChanges(region: Detection, scores: readonly LabelScore[]): void {
    const { thresholds, floor, mode } = this.#options;
    const known = this.#scores.fill(floor);
    for (const { classId, score } of [...scores, ...region.labels]) known[classId] = score;
    for (let label = 0; label < known.length; label++) {
      const isAdded = this.#present[label] === 0;
      if (mode === 'drop' && isAdded) this.#costs[label] = Number.POSITIVE_INFINITY;
      else this.#costs[label] = this.#derived.has(label) ? 0 : costOf(known[label]!, thresholds[label]!);
    }
  }

  #changed(region: Detection, before: Uint8Array, violated: string[]): Detection | RemovedRegion {
    const present = this.#present;
    const kept = region.labels.filter(({ classId }) => present[classId] === 1);
    const dropped = region.labels
      .filter(({ classId }) => present[classId] === 0)
      .map((label): LabelScore => ({ ...label, by: 'rule' }));
    const added: LabelScore[] = [];
    for (let classId = 0; classId < present.length; classId++) {
      if (present[classId] === 0 || before[classId] === 1) continue;
      added.push({ label: this.#options.labels[classId]!, classId, score: this.#scores[classId]!, by: 'rule' });
    }
    const labels = this.#raised([...kept, ...added], this.#options.mode === 'repair' ? kept : []);
    if (labels.length === 0) return { box: region.box, dropped, violated };
    const { by: _, ...first } = labels[0]!;
    return { ...region, ...first, labels, violated, ...(dropped.length > 0 && { dropped }) };
  }

  #coherent(region: Detection): Detection {
    if (this.#impliedBy.size === 0) return region;
    const labels = this.#raised(region.labels, region.labels);
    if (labels.every(({ score }, i) => score === region.labels[i]!.score)) return region;
    const { by: _, ...first } = labels[0]!;
    return { ...region, ...first, labels };
  }

  /**
   * Labels of which none that was added, nor any of `others`, has a lower score than one that implies it.
   *
   * @returns copies, highest score first; what is implied stands behind a label with the same score
   */
  #raised(labels: readonly LabelScore[], others: readonly LabelScore[]): LabelScore[] {
    const scores = new Map(labels.map(({ classId, score }) => [classId, score]));
    const raises = labels.filter((label) => label.by === 'rule' || others.includes(label));
    const raised = new Set<number>();
    for (let changes = raises.length; changes > 0; ) {
      changes = 0;
      for (const { classId } of raises) {
        const implying = this.#impliedBy.get(classId) ?? [];
        const best = Math.max(scores.get(classId)!, ...implying.map((each) => scores.get(each) ?? 0));
        if (best === scores.get(classId)) continue;
        scores.set(classId, best);
        raised.add(classId);
        changes++;
      }
    }
    for (const parent of this.#parents) {
      const score = scores.has(parent.classId) ? parentScoreOf(parent, scores) : null;
      if (score !== null && score !== scores.get(parent.classId)) scores.set(parent.classId, score);
    }
    const rank = ({ classId }: LabelScore) => Number(raised.has(classId) || this.#derived.has(classId));
    return labels
      .map((label) => ({ ...label, score: scores.get(label.classId)! }))
      .sort((a, b) => b.score - a.score || rank(a) - rank(b));
  }
}

/** @returns null where none of the labels below it is there, as where they are hidden */
function parentScoreOf({ below, score }: NumberedParent, scores: ReadonlyMap<number, number>): number | null {
  const own = below.flatMap((label) => scores.get(label) ?? []);
  if (own.length === 0) return null;
  if (score === 'maximum') return Math.max(...own);
  return Math.fround(1 - own.reduce((product, each) => product * (1 - each), 1));
}

/** The least and highest score that costs tell apart: logits beyond are no better known. */
const LOWEST = 1e-9;

/** What it costs to have a label on the other side of its threshold, in units of COST_UNIT. */
export function costOf(score: number, threshold: number): number {
  return Math.round(Math.abs(logitOf(score) - logitOf(threshold)) / COST_UNIT);
}

function logitOf(score: number): number {
  const inside = Math.min(Math.max(score, LOWEST), 1 - LOWEST);
  return Math.log(inside) - Math.log1p(-inside);
}

/** A parent is present where a label below it is, and nowhere else. */
function holdWith(parent: number, below: readonly number[]): NumberedRule[] {
  const children = below.filter((child) => child !== parent);
  return [
    ...children.map((child): NumberedRule => ({ when: [child], anyOf: [parent], atMostOne: null })),
    { when: [parent], anyOf: children, atMostOne: null },
  ];
}

function implications(rules: readonly NumberedRule[]): Map<number, number[]> {
  const impliedBy = new Map<number, number[]>();
  for (const { when, anyOf } of rules) {
    if (when.length !== 1 || anyOf?.length !== 1) continue;
    impliedBy.set(anyOf[0]!, [...(impliedBy.get(anyOf[0]!) ?? []), when[0]!]);
  }
  return impliedBy;
}
