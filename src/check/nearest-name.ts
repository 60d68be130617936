/**
 * The name that somebody means by a text, or null if none is likely: the same letters in another case, a name that the
 * text begins or is a word of, or the one with the fewest slips (a letter too many, too few, another, or two swapped).
 */
export function nearestName(names: readonly (string | null)[], text: string): string | null {
  const typed = plain(text);
  const known = names.filter((name) => name !== null && name !== '') as string[];
  const test = (holds: (name: string) => boolean) => known.filter((name) => holds(plain(name)));
  const long = typed.length >= 3; // shorter ones begin too much
  const [same] = test((name) => name === typed);
  const begun = long ? test((name) => name.startsWith(typed)) : [];
  const [shortest = null] = begun.sort((a, b) => a.length - b.length);
  return (
    same ??
    shortest ??
    fewestSlips(known, typed) ??
    (long ? (test((name) => name.split(' ').includes(typed))[0] ?? null) : null)
  );
}

/** ` Did you mean "…"?` with the name that a text means; '' if none is likely. */
export function didYouMean(names: readonly (string | null)[], text: string): string {
  const near = nearestName(names, text);
  return near === null ? '' : ` Did you mean "${near}"?`;
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[-_ ]+/g, ' ')
    .trim();
}

/** At most one slip in three letters, so that what is meant is likely. */
function fewestSlips(names: readonly string[], typed: string): string | null {
  let nearest: string | null = null;
  let fewest = Math.floor(typed.length / 3) + 1;
  for (const name of names) {
    const count = slips(plain(name), typed, fewest);
    if (count < fewest) [nearest, fewest] = [name, count];
  }
  return nearest;
}

/** Optimal string alignment distance (Damerau-Levenshtein without overlapping swaps); `most` if it is that or more. */
function slips(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) >= most) return most;
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
