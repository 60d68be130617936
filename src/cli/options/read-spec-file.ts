import { reason, SigboxError } from '../../errors.js';
import { readRegular } from '../../files/read-file.js';

/**
 * A spec, or parts of one, from a JSON file; what is in it is checked where it is used.
 *
 * @throws SigboxError E_IO  the file can't be read. E_MODEL  it is not JSON.
 */
export async function readSpecFile(file: string): Promise<unknown> {
  try {
    return JSON.parse((await readRegular(file)).toString());
  } catch (cause) {
    const [code, what] =
      cause instanceof SyntaxError ? (['E_MODEL', 'is not JSON'] as const) : (['E_IO', 'cannot be read'] as const);
    throw new SigboxError(code, `spec ${file}: ${what}: ${reason(cause)}.`, { cause });
  }
}
