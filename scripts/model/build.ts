import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { complain, reason } from '../../src/errors.js';
import { writeWhole } from '../../src/files/write-whole.js';
import { type BuildManifest, readManifest, updateManifest } from './manifest.js';

export interface BuildOptions {
  /** Write the hash and size of the result into the manifest instead of checking them. Default false */
  update?: boolean;
}

/**
 * Makes the ONNX file of a manifest, unless it is there already.
 *
 * @returns one line that says what was done
 * @throws SigboxError E_IO  the package can't be had. E_MODEL  the manifest or the package can't be understood, or the
 *   result is not the one that the manifest promises; nothing is written then.
 */
export async function buildModel(manifestFile: string, { update = false }: BuildOptions = {}): Promise<string> {
  const manifest = await readManifest(manifestFile);
  const folder = dirname(manifestFile);
  const onnxFile = join(folder, manifest.file);
  const tarball = tarballOf(manifest, folder);
  if (!update && (await isBuilt(onnxFile, manifest))) {
    return `${onnxFile} is up to date${await keepTarball(manifest, tarball, folder)}`;
  }
  // Only here, because the usual run has nothing to do and should not wait for npm's libraries.
  const [{ convert }, { fetchTarball, withPackage }] = await Promise.all([
    import('./convert.js'),
    import('./fetch.js'),
  ]);
  if (!existsSync(tarball)) await fetchTarball(manifest.source, tarball, folder);
  const onnx = await withPackage(manifest.source, tarball, (unpacked) => convert(manifest, unpacked));
  const result = { sha256: sha256Of(onnx), bytes: onnx.length };
  if (update) await updateManifest(manifestFile, result);
  else requireSame(onnxFile, manifest, result);
  await writeWhole(onnxFile, onnx);
  return `${onnxFile} built, ${result.bytes} bytes, sha256 ${result.sha256}`;
}

/**
 * Where the package of a model stays after the build, for the test that compares the model with its origin. The name
 * changes with the integrity, so that an old tarball is never taken for a new one.
 */
export function tarballOf({ name, source }: Pick<BuildManifest, 'name' | 'source'>, folder: string): string {
  const hash = Buffer.from(source.integrity.replace('sha512-', ''), 'base64').toString('hex');
  return join(folder, '.cache', `${name}-${hash.slice(0, 16)}.tgz`);
}

async function isBuilt(file: string, { sha256 }: BuildManifest): Promise<boolean> {
  return existsSync(file) && sha256Of(await readFile(file)) === sha256;
}

/** Only a test needs the tarball of a model that is there: a failure is told, and no reason to stop a build. */
async function keepTarball({ source }: BuildManifest, tarball: string, folder: string): Promise<string> {
  if (existsSync(tarball)) return '';
  const { fetchTarball } = await import('./fetch.js');
  return fetchTarball(source, tarball, folder).then(
    () => '; fetched its package again, for the parity test',
    (error) => `; its package, for the parity test, is missing: ${reason(error)}`,
  );
}

function requireSame(file: string, { sha256, bytes }: BuildManifest, result: Pick<BuildManifest, 'sha256' | 'bytes'>) {
  const mend = 'If the spec or the converter was changed on purpose: npm run model -- --update.';
  const where = `${file}, as converted`;
  if (result.sha256 !== sha256) {
    throw complain('E_MODEL', { where, expected: `sha256 ${sha256 || '(none yet)'}`, received: result.sha256, mend });
  }
  if (result.bytes !== bytes)
    throw complain('E_MODEL', { where, expected: `${bytes} bytes`, received: result.bytes, mend });
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
