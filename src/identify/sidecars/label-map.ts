import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { check } from '../../check/check.js';
import { complain, reason, SigboxError } from '../../errors.js';
import { readRegular } from '../../files/read-file.js';
import { namesReadyMap, readyMap } from '../../labels/ready-maps.js';
import { parseDimacs } from '../../labels/rules/dimacs.js';
import { type LabelList, type LabelMap, labelMap } from '../../types/model.js';
import type { LabelRules } from '../../types/rules.js';

/** A map by itself, the name of a ready one, or the path or file URL of a JSON or YAML file with one. */
export type LabelMapGiven = string | URL | LabelMap;

/** A map that has been read. */
export interface NamedLabelMap {
  map: LabelMap;
  /** Names it in messages. */
  where: string;
}

/**
 * Reads a label map.
 *
 * @param labels  those that it is for; a ready map says of each what becomes of it
 * @throws SigboxError E_IO  the file can't be read. E_ARGUMENT  it holds no map, there is no ready map of that name, or it
 *   does not fit the labels
 */
export async function readLabelMap(given: LabelMapGiven, labels: LabelList): Promise<NamedLabelMap> {
  if (typeof given === 'string' && namesReadyMap(given)) {
    return { map: await readyMap(given, labels), where: `map ${given}` };
  }
  const fromFile = typeof given === 'string' || given instanceof URL;
  const where = fromFile ? `map ${given}` : 'map';
  const content = fromFile ? await readStructured(given, where) : given;
  const mend =
    'A map has labels (old name: new name or null), others, parents (parent: [labels]), parentScore, groups and rules.';
  const map = check(labelMap, content, { where, mend });
  if (map.rules?.dimacs === undefined) return { map, where };
  const folder = fromFile ? dirname(given instanceof URL ? fileURLToPath(given) : given) : '.';
  return { map: { ...map, rules: await withClauses(map.rules, folder, where) }, where };
}

/** Rules with the clauses of their DIMACS file. */
async function withClauses(rules: LabelRules, folder: string, where: string): Promise<LabelRules> {
  const { dimacs, dimacsLabels, clauses = [], ...others } = rules;
  if (dimacsLabels === undefined) {
    const expected = 'rules.dimacsLabels beside rules.dimacs: the labels of variables 1, 2, …';
    throw complain('E_ARGUMENT', { where, expected, received: 'none' });
  }
  const file = resolve(folder, dimacs!);
  const text = (await readFileOf(file, where)).toString();
  return { ...others, clauses: [...clauses, ...parseDimacs(text, dimacsLabels, `${where}: ${dimacs}`)] };
}

function readFileOf(file: string | URL, where: string): Promise<Buffer> {
  return readRegular(file).catch((cause) => {
    throw new SigboxError('E_IO', `${where}: cannot be read: ${reason(cause)}.`, { cause });
  });
}

async function readStructured(file: string | URL, where: string): Promise<unknown> {
  const text = await readFileOf(file, where);
  try {
    return parse(text.toString()); // JSON is YAML
  } catch (cause) {
    throw new SigboxError('E_ARGUMENT', `${where}: is not valid: ${reason(cause)}.`, { cause });
  }
}
