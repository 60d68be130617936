import { type Federated, type GroundTruthSet, remark } from './ground-truth-set.js';

/** A ground truth in which categories of one name are one class, for results that name their labels. */
export function unifyLabels(groundTruth: GroundTruthSet): GroundTruthSet {
  const { labels, categoryIds, table, federated } = groundTruth;
  const names = [...new Set(labels)];
  if (names.length === labels.length) return groundTruth;
  const classOf = labels.map((label) => names.indexOf(label));
  const what = 'the name of another: those of one name are one label';
  return {
    ...groundTruth,
    labels: names,
    categoryIds: categoryIds === null ? null : names.map((name) => categoryIds[labels.indexOf(name)]!),
    table: { ...table, classIds: table.classIds.map((classId) => classOf[classId]!) },
    size: { ...groundTruth.size, classes: names.length },
    federated: federated === null ? null : unifiedFederated(federated, classOf, names.length),
    warnings: [
      ...groundTruth.warnings,
      ...remark(labels.length - names.length, 'category has', 'categories have', what),
    ],
  };
}

function unifiedFederated({ absent, incomplete, frequencies }: Federated, classOf: readonly number[], classes: number) {
  const unified = (sets: readonly ReadonlySet<number>[]) =>
    sets.map((set) => new Set([...set].map((id) => classOf[id]!)));
  return {
    absent: unified(absent),
    incomplete: unified(incomplete),
    frequencies: Array.from({ length: classes }, (_, i) => frequencies[classOf.indexOf(i)] ?? null),
  };
}
