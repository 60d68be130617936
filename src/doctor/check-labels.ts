import type { GroundTruthSet } from '../evaluate/tables/ground-truth-set.js';
import { type Finding, finding } from './finding.js';

/** Labels that are used once, or not at all, and those that look like one label written in several ways. */
export function doctorLabels({ labels, table }: GroundTruthSet): Finding[] {
  const counts = new Uint32Array(labels.length);
  for (const classId of table.classIds) counts[classId]!++;
  const usedTimes = (times: number) =>
    labels.flatMap((label, classId) => (counts[classId] === times ? [{ label }] : []));
  return [
    ...finding(
      'similar-labels',
      'warning',
      { what: 'labels look like another label', mend: 'Give them one name, or merge them with --map.' },
      similar(labels, counts),
    ),
    ...finding(
      'label-used-once',
      'warning',
      { what: 'labels are used once', mend: 'Check the spelling, or annotate more of them: one object says nothing.' },
      usedTimes(1),
    ),
    ...finding(
      'label-not-used',
      'warning',
      { what: 'labels are not used', mend: 'Remove them from the list of labels, unless they are meant to be there.' },
      usedTimes(0),
    ),
  ];
}

function similar(labels: readonly string[], counts: Uint32Array) {
  const byKey = new Map<string, number[]>();
  for (const [classId, label] of labels.entries())
    byKey.set(keyOf(label), [...(byKey.get(keyOf(label)) ?? []), classId]);
  return [...byKey.values()].flatMap((classIds) => {
    const [most, ...others] = classIds.sort((a, b) => counts[b]! - counts[a]!);
    return others.map((classId) => {
      const note = `like "${labels[most!]}", which is used ${counts[most!]} times; this one ${counts[classId]} times`;
      return { label: labels[classId]!, note };
    });
  });
}

/** Without capitals, accents' forms, punctuation and the plural. */
function keyOf(label: string): string {
  const letters = label
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return letters === '' ? label : letters.replace(/(?<=..[^s])s$/, '');
}
