import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import pacote from 'pacote';
import { complain, reason } from '../../src/errors.js';
import { writeWhole } from '../../src/files/write-whole.js';
import type { PackageSource } from '../../src/model/builtin.js';

/**
 * Gets a package's tarball from npm's cache or the registry. Installs nothing and runs none of its scripts.
 *
 * @param file   where the tarball goes; it appears there whole and with the right integrity, or not at all
 * @param where  folder from which a relative `file:` package is meant
 * @throws SigboxError E_IO  it can't be had, or it is not the one that `integrity` names.
 */
export async function fetchTarball(source: PackageSource, file: string, where: string): Promise<void> {
  const options = { ...npmSettings(), where, integrity: source.integrity };
  const tarball = await pacote.tarball(source.package, options).catch((cause) => {
    throw unfetched(source, cause);
  });
  await writeWhole(file, tarball);
}

/**
 * Unpacks a tarball for as long as `use` runs.
 *
 * @param file  as fetchTarball left it
 * @param use   gets the folder, which is removed afterwards
 * @throws SigboxError E_IO  the tarball can't be read, or is not the one that `integrity` names.
 */
export async function withPackage<T>(
  source: PackageSource,
  file: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sigbox-model-'));
  try {
    await extract(source, file, folder);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function extract({ integrity }: PackageSource, file: string, folder: string): Promise<void> {
  const options = { ...npmSettings(), where: dirname(file), integrity };
  // Relative to `where`: npm would read # and % in an absolute path as parts of a URL.
  await pacote.extract(`file:${basename(file)}`, folder, options).catch((cause) => {
    const mend = 'Remove that file and run npm run model again.';
    throw complain('E_IO', {
      where: file,
      expected: `integrity ${integrity}`,
      received: receivedHash(cause),
      mend,
      cause,
    });
  });
}

/** What npm tells the scripts it runs about its registry and cache; pacote reads no settings itself. */
function npmSettings() {
  const { npm_config_registry: registry, npm_config_cache: cache } = process.env;
  return {
    ...(registry ? { registry } : {}),
    ...(cache ? { cache: join(cache, '_cacache') } : {}),
    // npm waits 10 s and then 100 s before it tries again; a build that has no network should say so soon.
    retry: { retries: 2, factor: 2, minTimeout: 500, maxTimeout: 2000 },
  };
}

function unfetched({ package: name, integrity }: PackageSource, cause: unknown) {
  const where = `package ${name}`;
  const { code } = cause as { code?: string };
  if (code !== 'EINTEGRITY') {
    const mend = 'Is the registry reachable (npm ping) and the name right?';
    return complain('E_IO', { where, expected: 'its tarball', received: reason(cause), mend, cause });
  }
  const mend = 'Another tarball lies under that name: do not use it before you know why.';
  return complain('E_IO', { where, expected: `integrity ${integrity}`, received: receivedHash(cause), mend, cause });
}

/** The hash that came, which npm's libraries tell as the last one of their message. */
function receivedHash(cause: unknown): string {
  return (
    reason(cause)
      .match(/sha512-[\w+/]+=*/g)
      ?.at(-1) ?? reason(cause)
  );
}
