import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SigboxError } from '../errors.js';

// In a variable of its own: bundlers would take `new URL('…', import.meta.url)` for a file to copy.
const own = import.meta.url;
let root: string | undefined;

const MEND =
  'mark sigbox external in the bundler (esbuild --external:sigbox, Vite ssr.external, webpack externals, Next ' +
  'serverExternalPackages)';

/**
 * Path of a file of this package: the built-in model, a worker, a font. It is found from this module, or, if a bundler has
 * moved it, as the package that is installed for it or for the working folder.
 *
 * @param path  below the package's root, with forward slashes
 * @throws SigboxError E_IO  it was bundled, and the package is not installed
 */
export function packageFile(path: string): string {
  root ??= findRoot();
  return join(root, ...path.split('/'));
}

/**
 * Packages that start processes look for their own files as well.
 *
 * @throws SigboxError E_WORKER  a bundler has moved this module
 */
export function requireUnbundled(): void {
  if (attempt(() => nameOf(ownRoot())) === 'sigbox') return;
  throw new SigboxError('E_WORKER', `sigbox was bundled, so that workers can’t start: ${MEND}, or use workers: 0.`);
}

/**
 * Loads packages that only some users need, and that they install themselves.
 *
 * @param where  what needs them, for the message
 * @param load   imports them, by their names: bundlers look for those
 * @throws SigboxError E_ARGUMENT  one of them is not installed
 */
export async function loadOptional<T>(
  where: string,
  packages: readonly [string, ...string[]],
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    const [what, it] = packages.length === 1 ? ['package', 'it'] : ['packages', 'them'];
    const expected = `expected the ${what} ${packages.join(' and ')} beside sigbox`;
    const install = `npm install ${packages.join(' ')} (with -g where sigbox is)`;
    throw new SigboxError('E_ARGUMENT', `${where}: ${expected}. Install ${it}: ${install}.`, { cause });
  }
}

function ownRoot(): string {
  return fileURLToPath(new URL('../..', own));
}

function findRoot(): string {
  const candidates = [ownRoot, () => installedFor(own), () => installedFor(pathToFileURL(process.cwd() + sep).href)];
  for (const candidate of candidates) {
    const folder = attempt(candidate);
    if (folder !== null && attempt(() => nameOf(folder)) === 'sigbox') return folder;
  }
  throw new SigboxError('E_IO', `sigbox was bundled and can’t find its own files (model, worker, font): ${MEND}.`);
}

function installedFor(module: string): string {
  return join(createRequire(module).resolve('sigbox/package.json'), '..');
}

function nameOf(folder: string): unknown {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name;
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null; // the next place may do
  }
}
