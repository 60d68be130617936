import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parse } from 'yaml';
import { complain, reason, SigboxError } from '../../errors.js';
import { namesReadyMap, readyMap } from '../../labels/ready-maps.js';
import type { LabelList, LabelMap } from '../../types/model.js';
import { expectationOf } from '../spec/model-spec.js';

/** A map by itself, the name of a ready one, or the path or file URL of a JSON or YAML file with one. */
export type LabelMapGiven = string | URL | LabelMap;

/** A map that has been read. */
export interface NamedLabelMap {
  map: LabelMap;
  /** Names it in messages. */
  where: string;
}

const schema = v.strictObject({
  labels: v.exactOptional(v.record(v.string(), v.nullable(v.string()))),
  others: v.exactOptional(v.picklist(['keep', 'drop'])),
  parents: v.exactOptional(v.record(v.string(), v.array(v.string()))),
  parentScore: v.exactOptional(v.picklist(['maximum', 'noisy-or'])),
});

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
  const checked = v.safeParse(schema, content);
  if (checked.success) return { map: checked.output, where };
  const [issue] = checked.issues;
  const mend = 'A map has labels (old name: new name or null), others, parents (parent: [labels]) and parentScore.';
  throw complain('E_ARGUMENT', { where, expected: expectationOf(issue), received: issue.input, mend });
}

async function readStructured(file: string | URL, where: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new SigboxError('E_IO', `${where}: cannot be read: ${reason(cause)}.`, { cause });
  });
  try {
    return parse(text); // JSON is YAML
  } catch (cause) {
    throw new SigboxError('E_ARGUMENT', `${where}: is not valid: ${reason(cause)}.`, { cause });
  }
}
