import type { Evidence } from './recognition.js';
import { parseNames } from './sidecars/python-dict.js';

/** How many classes have names, and who says so; null where nothing does. */
export function namedClasses({ given, metadata, config }: Evidence): { count: number; from: string } | null {
  if (given.names !== null) return { count: given.names, from: 'the given names' };
  const names = parseNames(metadata.properties.names ?? '');
  if (names !== null && names.size > 0) return { count: Math.max(...names.keys()) + 1, from: 'metadata "names"' };
  const count = Object.keys((config?.id2label as object | undefined) ?? {}).length;
  return count === 0 ? null : { count, from: 'config.json "id2label"' };
}
