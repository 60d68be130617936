import { type Field, type ProtobufFile, varints } from './protobuf.js';
import { readConstant } from './tensor.js';

/** What a node does, and between which values it stands. */
export interface GraphNode {
  /** "Conv"; outside of ONNX's own domain with it: "com.microsoft::QAttention". */
  type: string;
  /** Names of values; empty where an optional input is left out. */
  inputs: readonly string[];
  outputs: readonly string[];
  /** Numbers and texts; tensors and graphs are left out. */
  attributes: Readonly<Record<string, Attribute>>;
}

export type Attribute = number | string | readonly number[];

/** A small tensor that the file holds. */
export interface Constant {
  dims: readonly number[];
  values: readonly number[];
}

/** The main graph of a model: its nodes in order, and its constants of at most 64 numbers by name. */
export interface ModelGraph {
  nodes: readonly GraphNode[];
  constants: ReadonlyMap<string, Constant>;
}

/** What nodes and weights add up to, in all graphs of a model. */
export interface Found {
  operators: Set<string>;
  weightFiles: Set<string>;
}

/** The main graph, while it is read. */
export interface GraphUnderway extends ModelGraph {
  nodes: GraphNode[];
  constants: Map<string, Constant>;
}

// Field numbers of the messages in onnx.proto3.
const NODE = { input: 1, output: 2, opType: 4, attribute: 5, domain: 7 };
const ATTRIBUTE = {
  name: 1,
  float: 2,
  int: 3,
  text: 4,
  tensor: 5,
  graph: 6,
  floats: 7,
  ints: 8,
  tensors: 10,
  graphs: 11,
};
const GRAPH = { node: 1, initializer: 5, sparseInitializer: 15 };
const SPARSE_TENSOR = { values: 1 };

/** @param graph  null: a graph inside of a node, of which only operators and weights are of interest */
export function walkNode(file: ProtobufFile, node: Field, found: Found, graph: GraphUnderway | null): void {
  let type = '';
  let domain = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: Record<string, Attribute> = {};
  let constant: Constant | null = null;
  for (const field of file.fields(node)) {
    if (field.number === NODE.opType) type = file.text(field);
    else if (field.number === NODE.domain) domain = file.text(field);
    else if (field.number === NODE.attribute) constant = walkAttribute(file, field, found, attributes) ?? constant;
    else if (graph === null) continue;
    else if (field.number === NODE.input) inputs.push(file.text(field));
    else if (field.number === NODE.output) outputs.push(file.text(field));
  }
  const full = isDefault(domain) ? type : `${domain}::${type}`;
  found.operators.add(full);
  if (graph === null) return;
  if (full === 'Constant' && constant !== null) graph.constants.set(outputs[0] ?? '', constant);
  graph.nodes.push({ type: full, inputs, outputs, attributes });
}

/** The default domain has two names. */
export function isDefault(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

/** A weight, or a constant small enough to be kept. */
export function walkWeight(file: ProtobufFile, field: Field, found: Found, graph: GraphUnderway | null): string {
  const { name, weightFile, constant } = readConstant(file, field, graph !== null);
  if (weightFile !== null) found.weightFiles.add(weightFile);
  if (constant !== null) graph?.constants.set(name, constant);
  return name;
}

/** Weights of a sparse tensor are a tensor of their own. */
export function walkSparseWeight(file: ProtobufFile, field: Field, found: Found): string[] {
  const parts = [...file.fields(field)].filter(({ number }) => number === SPARSE_TENSOR.values);
  return parts.map((part) => walkWeight(file, part, found, null));
}

/** @returns the constant of a Constant node, in any of its forms */
function walkAttribute(
  file: ProtobufFile,
  attribute: Field,
  found: Found,
  attributes: Record<string, Attribute>,
): Constant | null {
  let name = '';
  let value: Attribute | null = null;
  const list: number[] = [];
  let constant: Constant | null = null;
  for (const field of file.fields(attribute)) {
    const { number } = field;
    if (number === ATTRIBUTE.name) name = file.text(field);
    else if (number === ATTRIBUTE.int) value = field.value;
    else if (number === ATTRIBUTE.float) value = file.floats(field)[0] ?? 0;
    else if (number === ATTRIBUTE.text) value = file.text(field);
    else if (number === ATTRIBUTE.ints) list.push(...(field.packed ? varints(file.bytes(field)) : [field.value]));
    else if (number === ATTRIBUTE.floats) list.push(...file.floats(field));
    else if (number === ATTRIBUTE.graph || number === ATTRIBUTE.graphs) walkInner(file, field, found);
    else if (number === ATTRIBUTE.tensor || number === ATTRIBUTE.tensors) constant = walkTensor(file, field, found);
  }
  if (value !== null) attributes[name] = value;
  else if (list.length > 0) attributes[name] = list;
  if (constant !== null || !name.startsWith('value_')) return constant;
  if (typeof value === 'number') return { dims: [], values: [value] };
  return list.length > 0 && list.length <= 64 ? { dims: [list.length], values: list } : null;
}

function walkTensor(file: ProtobufFile, field: Field, found: Found): Constant | null {
  const { weightFile, constant } = readConstant(file, field, true);
  if (weightFile !== null) found.weightFiles.add(weightFile);
  return constant;
}

function walkInner(file: ProtobufFile, graph: Field, found: Found): void {
  for (const field of file.fields(graph)) {
    if (field.number === GRAPH.node) walkNode(file, field, found, null);
    else if (field.number === GRAPH.initializer) walkWeight(file, field, found, null);
    else if (field.number === GRAPH.sparseInitializer) walkSparseWeight(file, field, found);
  }
}
