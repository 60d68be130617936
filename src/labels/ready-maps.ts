import { nearestName } from '../check/nearest-name.js';
import { complain } from '../errors.js';
import type { LabelList, LabelMap } from '../types/model.js';
import { MAPPED_SETS, type MappedSet, namesOfSet, things } from './correspondences.js';

/** `coco-to-voc` and the like: from each known data set to each other. */
export const READY_MAPS: readonly string[] = MAPPED_SETS.flatMap((from) =>
  MAPPED_SETS.filter((to) => to !== from).map((to) => `${from}-to-${to}`),
);

/** Whether a text is, or means to be, the name of a ready map rather than a path. */
export function namesReadyMap(text: string): boolean {
  return /^[a-z0-9-]+-to-[a-z0-9-]+$/.test(text);
}

/**
 * A map from the names of one data set to those of another: a name becomes that of the same thing, or of what it is a
 * kind of (Taxi: car). Labels that are names of the target set only are kept; all others are dropped.
 *
 * @param name    one of READY_MAPS
 * @param labels  those that are to be mapped
 * @throws SigboxError E_ARGUMENT  no such map, or none of the labels is a name of either data set
 */
export async function readyMap(name: string, labels: LabelList): Promise<LabelMap> {
  const [from, to] = setsOf(name);
  const [source, target] = [new Set(await namesOfSet(from)), new Set(await namesOfSet(to))];
  const all = things();
  const newName = (label: string): string | null => {
    if (!source.has(label)) return target.has(label) ? label : null;
    const thing = all.find((each) => stands(each[from], label) && each[to].same !== null);
    return thing?.[to].same ?? null;
  };
  const named = labels.filter((label) => label !== null);
  const pairs = named.map((label) => [label, newName(label)] as const);
  if (named.length > 0 && pairs.every(([, to]) => to === null)) {
    throw complain('E_ARGUMENT', {
      where: `map ${name}`,
      expected: `labels of ${from}`,
      received: named.slice(0, 3).join(', '),
    });
  }
  return { labels: Object.fromEntries(pairs) };
}

function stands({ same, kinds }: { same: string | null; kinds: string[] }, label: string): boolean {
  return same === label || kinds.includes(label);
}

function setsOf(name: string): [from: MappedSet, to: MappedSet] {
  for (const from of MAPPED_SETS) {
    for (const to of MAPPED_SETS) if (from !== to && name === `${from}-to-${to}`) return [from, to];
  }
  const near = nearestName(READY_MAPS, name);
  throw complain('E_ARGUMENT', {
    where: 'map',
    expected: `a ready map SET-to-SET, with two different ones of ${MAPPED_SETS.join(', ')}`,
    received: name,
    ...(near === null ? {} : { mend: `Did you mean "${near}"?` }),
  });
}
