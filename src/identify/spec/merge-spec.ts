import { isPlain } from '../../check/shapes.js';
import { complain } from '../../errors.js';
import type { ModelGiven } from '../identify.js';
import { type ModelSpec, readSpec } from './model-spec.js';

/** A spec with what the user gave in place of what was found out, field by field. */
export function mergeSpec(found: ModelSpec, { spec, size }: ModelGiven): ModelSpec {
  const sized = size === undefined ? found : merge(found, { input: { width: size[0], height: size[1] } });
  const merged = readSpec(merge(sized, spec ?? {}), 'spec'); // also where nothing was given: families can be wrong
  return spec === undefined && size === undefined ? found : merged;
}

/**
 * @throws SigboxError E_ARGUMENT  names or a size in the spec and beside it: one of the two would count for nothing. The
 *   same size may be given twice.
 */
export function refuseTwice({ spec, size, labelsFile }: ModelGiven): void {
  if (!isPlain(spec)) return;
  if (labelsFile !== undefined && spec.labels !== undefined) {
    const expected = 'none beside a spec with labels';
    const mend = 'Put its names into labels of the spec, one per class column, or leave them out there.';
    throw complain('E_ARGUMENT', { where: 'labels file', expected, received: String(labelsFile), mend });
  }
  const { width = size?.[0], height = size?.[1] } = isPlain(spec.input) ? spec.input : {};
  if (size === undefined || (width === size[0] && height === size[1])) return;
  const expected = `${width} × ${height}, which the spec says`;
  const mend = 'Change input.width and input.height of the spec, or leave the size out.';
  throw complain('E_ARGUMENT', { where: 'size', expected, received: size.join(' × '), mend });
}

function merge(base: unknown, over: unknown): unknown {
  if (!isPlain(base) || !isPlain(over)) return over;
  // Another head has other fields: those of the one found do not belong to it.
  if ('family' in over && over.family !== base.family) return over;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) merged[key] = merge(base[key], value);
  return merged;
}
