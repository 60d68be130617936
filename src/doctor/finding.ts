/** One kind of problem with annotations, and where it occurs. */
export interface Finding {
  kind: string;
  /** error: evaluation or training goes wrong with it; warning: look at it. */
  severity: 'error' | 'warning';
  /** What was found, without the count: 'boxes reach outside their image'. */
  what: string;
  /** What to do about it. */
  mend: string;
  /** Every place, the worst first where they are ranked. */
  places: FindingPlace[];
}

/** Where a problem is. */
export interface FindingPlace {
  image?: string;
  label?: string;
  /** xyxy, pixels */
  box?: number[];
  /** What is special about this one: the other image, the size of the file. */
  note?: string;
  /** How likely it is a mistake, in [0, 1], where that is known. */
  mistakenness?: number;
}

/** A finding, or nothing where there are no places. */
export function finding(
  kind: string,
  severity: Finding['severity'],
  words: { what: string; mend: string },
  places: FindingPlace[],
): Finding[] {
  return places.length === 0 ? [] : [{ kind, severity, ...words, places }];
}
