/** The name that looks most like a text, by shared pairs of letters (Dice's coefficient); null if none does. */
export function nearestName(names: readonly (string | null)[], text: string): string | null {
  let nearest: string | null = null;
  let highest = 0.4; // below, the two have too little in common to be a slip of the pen
  for (const name of names) {
    const likeness = name === null ? 0 : dice(pairs(name), pairs(text));
    if (likeness > highest) [nearest, highest] = [name, likeness];
  }
  return nearest;
}

/** ` Did you mean "…"?` with the name that looks most like a text; '' if none does. */
export function didYouMean(names: readonly (string | null)[], text: string): string {
  const near = nearestName(names, text);
  return near === null ? '' : ` Did you mean "${near}"?`;
}

function pairs(text: string): Set<string> {
  const letters = ` ${text.toLowerCase()} `;
  return new Set(Array.from({ length: letters.length - 1 }, (_, i) => letters.slice(i, i + 2)));
}

function dice(a: Set<string>, b: Set<string>): number {
  return (2 * [...a].filter((pair) => b.has(pair)).length) / (a.size + b.size);
}
