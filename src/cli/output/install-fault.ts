import { reason, SigboxError } from '../../errors.js';

const MISSING = /^Cannot find (?:package|module) '([^'./][^']*)'/;
const AGAIN = 'Delete the project’s node_modules and install again: npm install --ignore-scripts.';

/**
 * An error as it is, unless it comes from an installation that lacks a package or sharp's library: that becomes one line.
 *
 * @returns a SigboxError E_IO, or the error
 */
export function installFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof SigboxError) return error;
  const name = 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' ? MISSING.exec(error.message)?.[1] : undefined;
  if (name !== undefined) return fault(`the package ${name}, which sigbox needs, is missing`, error);
  if (!error.message.startsWith('Could not load the "sharp" module')) return error;
  return fault(reason(error.message.split('\n', 1)[0]), error);
}

function fault(what: string, cause: Error): SigboxError {
  return new SigboxError('E_IO', `${what}. ${AGAIN}`, { cause });
}
