import type { ModelGiven } from './identify.js';
import { type ModelSpec, readSpec } from './model-spec.js';

/** A spec with what the user gave in place of what was found out, field by field. */
export function mergeSpec(found: ModelSpec, { spec, size }: ModelGiven): ModelSpec {
  const sized = size === undefined ? found : merge(found, { input: { width: size[0], height: size[1] } });
  return spec === undefined && size === undefined ? found : readSpec(merge(sized, spec ?? {}), 'spec');
}

function merge(base: unknown, over: unknown): unknown {
  if (!isPlain(base) || !isPlain(over)) return over;
  // Another head has other fields: those of the one found do not belong to it.
  if ('family' in over && over.family !== base.family) return over;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) merged[key] = merge(base[key], value);
  return merged;
}

export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
