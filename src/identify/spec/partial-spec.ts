import { reason, SigboxError } from '../../errors.js';
import { readRegular } from '../../files/read-file.js';
import type { HeadSpec } from '../../heads/index.js';
import type { InputSpec } from '../../types/model.js';
import type { ModelSpec } from './model-spec.js';

type PartsOf<Of> = Of extends unknown ? Partial<Of> : never;

/** Parts of a spec; each field wins over what identification finds. A head of another family must be whole. */
export interface PartialSpec extends Partial<Omit<ModelSpec, 'input' | 'head'>> {
  input?: Partial<InputSpec>;
  head?: PartsOf<HeadSpec>;
}

/**
 * Parts of a spec as they are, or from a JSON file; they are checked where they are used.
 *
 * @throws SigboxError E_IO  the file can't be read. E_MODEL  it is not JSON.
 */
export async function readSpecParts(given: unknown): Promise<unknown> {
  if (typeof given !== 'string' && !(given instanceof URL)) return given;
  try {
    return JSON.parse((await readRegular(given)).toString());
  } catch (cause) {
    const [code, what] =
      cause instanceof SyntaxError ? (['E_MODEL', 'is not JSON'] as const) : (['E_IO', 'cannot be read'] as const);
    throw new SigboxError(code, `spec ${given}: ${what}: ${reason(cause)}.`, { cause });
  }
}
