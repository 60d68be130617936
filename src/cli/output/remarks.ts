import { printable } from '../../text/printable.js';
import type { Remark } from '../../types/annotations.js';

/**
 * Prints what was skipped or assumed when annotations were read, on standard error.
 *
 * @param path     of the annotations
 * @param dataset  what was read; of other forms there is nothing to say
 */
export function printRemarks(path: string, dataset: object): void {
  const { remarks = [] } = dataset as { remarks?: readonly Remark[] };
  for (const { message } of remarks) process.stderr.write(`sigbox: ${printable(`${path}: ${message}`)}\n`);
}
