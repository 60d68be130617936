import { SigboxError, type SigboxErrorCode } from '../errors.js';

/** Class numbers are 16 bits wide. */
export const MOST_CLASSES = 65_536;
const LONGEST_LABEL = 1_000;

/**
 * Checks that names fit into a list of labels: a single class number of a thousand million would need a list of that
 * length.
 *
 * @param where  source of the names, for the message
 * @throws SigboxError  a class number that is too high, a name that is too long
 */
export function requireLabelBounds(
  names: Iterable<readonly [classId: number, name: string]>,
  where: string,
  { code = 'E_ARGUMENT', mend = '' }: { code?: SigboxErrorCode; mend?: string } = {},
): void {
  const complain = (expected: string, received: string) => {
    throw new SigboxError(code, `${where}: expected ${expected}, received ${received}. ${mend}`);
  };
  for (const [classId, name] of names) {
    if (!(Number.isInteger(classId) && classId >= 0 && classId < MOST_CLASSES)) {
      complain(`class numbers from 0 to ${MOST_CLASSES - 1}`, String(classId));
    }
    if (name.length > LONGEST_LABEL) {
      complain(`names of at most ${LONGEST_LABEL} characters`, `${name.length} for class ${classId}`);
    }
  }
}
