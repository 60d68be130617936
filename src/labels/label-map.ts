import { didYouMean } from '../check/nearest-name.js';
import { SigboxError } from '../errors.js';
import type { LabelList, LabelMap, ParentLabel } from '../types/model.js';

/** Labels under a map. */
export interface MappedLabels {
  /** As many as before: the new name of each; null where it was null, or is dropped. */
  labels: (string | null)[];
  /** Those below others first, else in the map's order. */
  parents: ParentLabel[];
  /** Labels that the map drops, by their old names. */
  dropped: string[];
}

/**
 * What labels become under a map. Renaming is done at once: {a: b, b: a} exchanges two.
 *
 * @param labels  not changed
 * @param where   names the map in messages
 * @throws SigboxError E_ARGUMENT  a label that is not there (the nearest is named), parents above each other in a circle
 */
export function mapLabels(labels: LabelList, map: LabelMap, where = 'map'): MappedLabels {
  const renamed = new Map(Object.entries(map.labels ?? {}));
  for (const label of renamed.keys()) requireLabel(labels, label, `${where}: there is no label`);
  const newName = (label: string) => (renamed.has(label) ? renamed.get(label)! : map.others === 'drop' ? null : label);
  const mapped = labels.map((label) => (label === null ? null : newName(label)));
  const dropped = new Set(labels.filter((label, i) => label !== null && mapped[i] === null) as string[]);
  return { labels: mapped, parents: parentsOf(mapped, map, where), dropped: [...dropped] };
}

/**
 * The labels that results may have, by class number: of several classes with one label it is the first one's, and parents
 * that no class is called by stand behind the classes.
 */
export function resultLabels(labels: LabelList, parents: readonly ParentLabel[] = []): (string | null)[] {
  const first = firstOfLabel(labels);
  const above = parents.map(({ label }) => label).filter((label) => !labels.includes(label));
  return [...labels.map((label, classId) => (first[classId] === classId ? label : null)), ...above];
}

/** Whether several classes have one label. */
export function hasTwins(labels: LabelList): boolean {
  const seen = new Set<string>();
  for (const label of labels) {
    if (label === null) continue;
    if (seen.has(label)) return true;
    seen.add(label);
  }
  return false;
}

/** [labels.length] for each class, the first one that has the same label; itself where it has none. */
export function firstOfLabel(labels: LabelList): Uint16Array {
  const first = new Map<string, number>();
  return Uint16Array.from(labels, (label, classId) => {
    if (label === null) return classId;
    if (!first.has(label)) first.set(label, classId);
    return first.get(label)!;
  });
}

function parentsOf(labels: LabelList, { parents = {}, parentScore }: LabelMap, where: string): ParentLabel[] {
  const named = [...labels, ...Object.keys(parents)];
  for (const [parent, children] of Object.entries(parents)) {
    for (const child of children)
      requireLabel(named, child, `${where}: ${JSON.stringify(parent)} stands above no label`);
  }
  const found = new Map<string, Set<string>>();
  for (const parent of Object.keys(parents)) below(parent, [], { parents, labels, found, where });
  return [...found].map(([label, all]) => ({ label, below: [...all], score: parentScore ?? 'maximum' }));
}

interface Search {
  parents: Record<string, string[]>;
  labels: LabelList;
  /** Of parents that are done. */
  found: Map<string, Set<string>>;
  where: string;
}

/** The class labels below a label. @param path  the parents that led to it */
function below(label: string, path: string[], search: Search): Set<string> {
  const { parents, labels, found, where } = search;
  if (path.includes(label)) {
    const circle = [...path.slice(path.indexOf(label)), label].join(' > ');
    throw new SigboxError('E_ARGUMENT', `${where}: its parents go round in a circle: ${circle}. Take one of them out.`);
  }
  const own = new Set(labels.includes(label) ? [label] : []);
  if (!Object.hasOwn(parents, label)) return own;
  const known = found.get(label);
  if (known !== undefined) return known;
  const all = [...own, ...parents[label]!.flatMap((child) => [...below(child, [...path, label], search)])];
  found.set(label, new Set(all));
  return found.get(label)!;
}

function requireLabel(labels: LabelList, label: string, complaint: string): void {
  if (labels.includes(label)) return;
  throw new SigboxError('E_ARGUMENT', `${complaint} "${label}".${didYouMean(labels, label)}`);
}
