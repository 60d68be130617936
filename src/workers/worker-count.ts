import { availableParallelism } from 'node:os';
import { complain } from '../errors.js';

/** How many workers a detector has, and what its user should know of that. */
export interface WorkerCount {
  workers: number;
  warnings: string[];
}

/**
 * The number of worker processes. Bun and Deno run sigbox, but can't send ports to processes, as workers need it: there is none,
 * and inference happens in the process itself.
 *
 * @param given     number that was asked for. Default: one per core; one where a graphics card runs the model
 * @param versions  of the process
 * @throws SigboxError E_ARGUMENT  workers were asked for where there can be none
 */
export function workerCount(
  given: number | undefined,
  provider: string,
  versions: Record<string, string | undefined> = process.versions,
): WorkerCount {
  const runtime = versions.bun !== undefined ? 'Bun' : versions.deno !== undefined ? 'Deno' : null;
  if (runtime === null) return { workers: given ?? (provider === 'cpu' ? availableParallelism() : 1), warnings: [] };
  if (given === 0) return { workers: 0, warnings: [] };
  if (given !== undefined) {
    const expected = `options.workers to be 0 on ${runtime}, whose processes take no worker’s messages`;
    const mend = 'Use workers: 0 (--workers 0), or Node.';
    throw complain('E_ARGUMENT', { where: 'createDetector', expected, received: given, mend });
  }
  const warning = `on ${runtime} inference runs in this process and blocks its event loop; worker processes need Node. workers: 0 says that this is meant`;
  return { workers: 0, warnings: [warning] };
}
