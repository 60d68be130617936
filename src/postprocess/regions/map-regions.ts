import { complain, type SigboxError } from '../../errors.js';
import { mapLabels, resultLabels } from '../../labels/label-map.js';
import type { AnnotatedLabel, AnnotatedRegion } from '../../types/annotations.js';
import type { LabelList, LabelMap, ParentLabel } from '../../types/model.js';
import { iou } from '../suppress/measures.js';

/** Annotations under a label map. */
export interface RegionMap {
  /** Every label that may occur, each once. */
  labels: string[];
  /** The regions of one image; not changed. Regions without any label left are dropped. */
  map(regions: readonly AnnotatedRegion[]): AnnotatedRegion[];
}

/** Rules need scores below the thresholds, and annotations no longer have those. */
export function rulesNeedScores(where: string): SigboxError {
  const mend = 'detect and annotate apply them with --map, sigbox export to a run that annotate --candidates made.';
  return complain('E_ARGUMENT', { where, expected: 'a map without rules, for annotations', received: 'rules', mend });
}

/** If two regions of one merged label overlap by more than this IoU, the lower-scoring one loses the label. */
const RIVALS = 0.5;

/**
 * Applies a label map to annotations, as `createDetector` applies it to a model. Labels that become one label are one
 * detection if their boxes overlap with an IoU above 0.5; parents are added. Annotations without scores, such as ground
 * truth, keep all their regions, because nobody annotates an object twice.
 *
 * @param labels  of the annotations
 * @throws SigboxError E_ARGUMENT  a map that does not fit the labels
 */
export function regionMap(labels: LabelList, map: LabelMap, where: string): RegionMap {
  const mapped = mapLabels(labels, map, where);
  const names = new Map(labels.map((label, i) => [label, mapped.labels[i] ?? null]));
  const sources = [...names.values()].filter((name) => name !== null);
  const merged = new Set(sources.filter((name, i) => sources.indexOf(name) < i));
  return {
    labels: resultLabels(mapped.labels, mapped.parents).filter((label) => label !== null),
    map(regions) {
      let found = regions.map((region) => ({ ...region, labels: renamed(region.labels, names) }));
      for (const label of merged) found = withoutRivals(found, label);
      const base = found;
      for (const parent of mapped.parents) found = withParent(found, base, parent);
      return found
        .filter((region) => region.labels.length > 0)
        .map((region) => ({ ...region, labels: inOrder(region.labels) }));
    },
  };
}

/** Of labels that become one, the one with the highest score. */
function renamed(
  labels: readonly AnnotatedLabel[],
  names: ReadonlyMap<string | null, string | null>,
): AnnotatedLabel[] {
  const best = new Map<string, AnnotatedLabel>();
  for (const { label, ...rest } of labels) {
    const name = names.get(label) ?? null;
    const rival = name === null ? undefined : best.get(name);
    if (name !== null && (rival === undefined || (rest.score ?? 0) > (rival.score ?? 0)))
      best.set(name, { label: name, ...rest });
  }
  return [...best.values()];
}

/** Greedily, from the highest score down. */
function withoutRivals<Region extends AnnotatedRegion>(regions: readonly Region[], label: string): Region[] {
  const scoreOf = (region: Region) => region.labels.find((own) => own.label === label)?.score;
  const scored = [...regions.keys()].filter((i) => scoreOf(regions[i]!) !== undefined);
  const kept: number[] = [];
  const gone = new Set<number>();
  for (const i of scored.sort((a, b) => scoreOf(regions[b]!)! - scoreOf(regions[a]!)!)) {
    if (kept.some((other) => iou(regions[other]!.box, regions[i]!.box) > RIVALS)) gone.add(i);
    else kept.push(i);
  }
  return regions.map((region, i) =>
    gone.has(i) ? { ...region, labels: region.labels.filter((own) => own.label !== label) } : region,
  );
}

/** @param base  the regions before any parent was added */
function withParent<Region extends AnnotatedRegion>(
  regions: readonly Region[],
  base: readonly Region[],
  parent: ParentLabel,
): Region[] {
  const added = regions.map((region, i) => {
    const below = base[i]!.labels.filter(({ label }) => parent.below.includes(label));
    if (below.length === 0) return region;
    const scores = below.flatMap(({ score }) => score ?? []);
    const own: AnnotatedLabel = { label: parent.label };
    if (scores.length === below.length) own.score = joint(scores, parent);
    return { ...region, labels: [...region.labels.filter(({ label }) => label !== parent.label), own] };
  });
  return withoutRivals(added, parent.label);
}

function joint(scores: readonly number[], { score }: ParentLabel): number {
  if (score === 'maximum') return Math.max(...scores);
  return Math.fround(1 - scores.reduce((product, each) => product * (1 - each), 1));
}

/** Highest score first; a parent behind a label with the same score. */
function inOrder(labels: readonly AnnotatedLabel[]): AnnotatedLabel[] {
  return [...labels].sort((a, b) => (b.score ?? 0) - (a.score ?? 0));
}
