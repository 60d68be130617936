import { complain } from '../../src/errors.js';

/** One node of the graph in a TensorFlow.js model.json. */
export interface TfNode {
  name: string;
  op: string;
  /** Names of the nodes it takes; `name:0` is the same as `name`. */
  input?: string[];
  attr?: Record<string, TfAttribute>;
}

interface TfAttribute {
  /** The bytes of a string, as numbers or as base64: both occur. */
  s?: string | number[];
  i?: string | number;
  f?: number;
  list?: { i?: (string | number)[] };
}

export function textAttribute(node: TfNode, name: string): string {
  const bytes = attribute(node, name).s ?? [];
  return (typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : Buffer.from(bytes)).toString('latin1');
}

export function numberAttribute(node: TfNode, name: string): number {
  const { i, f } = attribute(node, name);
  return Number(f ?? i);
}

export function numbersAttribute(node: TfNode, name: string): number[] {
  return (attribute(node, name).list?.i ?? []).map(Number);
}

/** Refuses a node whose attributes ask for something that its lowering does not do. */
export function requireForm(node: TfNode, expected: string, holds: boolean, received: unknown): void {
  if (!holds) throw complain('E_MODEL', { where: `${node.op} ${node.name}`, expected, received });
}

function attribute(node: TfNode, name: string): TfAttribute {
  const found = node.attr?.[name];
  if (found) return found;
  throw complain('E_MODEL', { where: `${node.op} ${node.name}`, expected: `attribute ${name}`, received: undefined });
}
