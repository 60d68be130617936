import { complain } from '../../errors.js';
import type { Clause } from '../../types/rules.js';

/**
 * Clauses of a text in DIMACS CNF: lines of numbers that end with 0, positive for a label that is present and negative for one
 * that is absent; "c" begins a comment, "p cnf VARIABLES CLAUSES" may stand in front.
 *
 * @param labels  variable n is labels[n − 1]
 * @throws SigboxError E_ARGUMENT  a word that is not a number, a variable without a label, an empty clause
 */
export function parseDimacs(text: string, labels: readonly string[], where: string): Clause[] {
  const clauses: Clause[] = [];
  let open: { when: string[]; anyOf: string[] } = { when: [], anyOf: [] };
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*([cp%]|$)/.test(line)) continue;
    for (const word of line.trim().split(/\s+/)) {
      const place = `${where}: line ${i + 1}`;
      const literal = /^-?\d+$/.test(word) ? Number(word) : Number.NaN;
      if (Number.isNaN(literal))
        throw complain('E_ARGUMENT', { where: place, expected: 'whole numbers', received: word });
      if (literal !== 0) {
        const label = labels[Math.abs(literal) - 1];
        if (label === undefined)
          throw complain('E_ARGUMENT', { where: place, expected: variables(labels), received: literal });
        (literal > 0 ? open.anyOf : open.when).push(label);
        continue;
      }
      if (open.when.length + open.anyOf.length === 0) {
        throw complain('E_ARGUMENT', {
          where: place,
          expected: 'a clause of one number or more before 0',
          received: 'none',
        });
      }
      if (!open.anyOf.some((label) => open.when.includes(label))) clauses.push(open); // else it always holds
      open = { when: [], anyOf: [] };
    }
  }
  if (open.when.length + open.anyOf.length > 0) clauses.push(open);
  return clauses;
}

function variables({ length }: readonly string[]): string {
  return `variables from 1 to ${length}, one for each of dimacsLabels`;
}
