import type { HeadSpec } from '../types.js';
import type { Head } from './head.js';
import { ssd } from './ssd.js';

/** Every output contract, by family. A new one is a file beside `ssd.ts` and a line here. */
const heads: { [Family in HeadSpec['family']]: Head<Extract<HeadSpec, { family: Family }>> } = { ssd };

export function headOf(spec: HeadSpec): Head<HeadSpec> {
  return heads[spec.family];
}

export type { ClassSelection } from './head.js';
