import { parse } from 'yaml';
import { reason, SigboxError } from '../../errors.js';
import { readRegular } from '../../files/read-file.js';
import type { LabelsGiven } from '../labels.js';

/**
 * Reads class names from a file in one of the usual forms: a name per line; JSON or YAML with a list, a map from class
 * number to name, or either of them under `names`, as in Ultralytics' data.yaml.
 *
 * @returns undefined where no file is given
 * @throws SigboxError E_IO  the file can't be read. E_ARGUMENT  it holds no names.
 */
export async function readLabelsFile(file: string | URL | undefined): Promise<LabelsGiven | undefined> {
  if (file === undefined) return undefined;
  const from = `labels file ${file}`;
  const bytes = await readRegular(file).catch((cause) => {
    throw new SigboxError('E_IO', `${from}: cannot be read: ${reason(cause)}.`, { cause });
  });
  const text = bytes.toString();
  const names = /\.(json|ya?ml)$/i.test(String(file)) ? structured(text, from) : perLine(text);
  if (names !== null && names.size > 0) return { from, names };
  const forms = 'a name per line, or JSON or YAML with a list of names or a map from class number to name';
  throw new SigboxError('E_ARGUMENT', `${from}: expected ${forms}, received something else.`);
}

function perLine(text: string): Map<number, string> {
  const lines = text
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split(/\r?\n/);
  return new Map(lines.map((line, i) => [i, line.trim()] as const).filter(([, name]) => name !== ''));
}

function structured(text: string, from: string): Map<number, string> | null {
  let value: unknown;
  try {
    value = parse(text); // JSON is YAML
  } catch (cause) {
    throw new SigboxError('E_ARGUMENT', `${from}: is not valid: ${reason(cause)}.`, { cause });
  }
  const names = (value as { names?: unknown } | null)?.names ?? value;
  if (typeof names !== 'object' || names === null) return null;
  const entries = Object.entries(names).map(([id, name]) => [Number(id), name] as const);
  const isName = (name: unknown) => typeof name === 'string' || typeof name === 'number'; // digits need no quotes in YAML
  const fits = entries.every(([id, name]) => Number.isInteger(id) && id >= 0 && isName(name));
  return fits ? new Map(entries.map(([id, name]) => [id, String(name)])) : null;
}
