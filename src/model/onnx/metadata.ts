import { statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { reason, SigboxError } from '../../errors.js';
import {
  type Found,
  type GraphUnderway,
  isDefault,
  type ModelGraph,
  walkNode,
  walkSparseWeight,
  walkWeight,
} from './graph.js';
import { type Field, ProtobufFile } from './protobuf.js';

/** What an ONNX file says about itself. */
export interface ModelMetadata {
  irVersion: number;
  producer: string;
  /** Version of the default operator set (ai.onnx); 0 when none is named. */
  opset: number;
  /** metadata_props: free keys and values. */
  properties: Record<string, string>;
}

/** An input or output as the file declares it. */
export interface ValueDescription {
  name: string;
  /** Element type, as onnxruntime names it; "not a tensor" for sequences and maps. */
  type: string;
  /** A name where a dim is dynamic; "?" where it has none. */
  dims: readonly (number | string)[];
}

/** What goes into a model and what comes out, in the file's order. */
export interface ModelValues {
  inputs: ValueDescription[];
  outputs: ValueDescription[];
}

/** As in the file, where a shape may be missing: then dims is null. */
export type DeclaredValue = Omit<ValueDescription, 'dims'> & { dims: ValueDescription['dims'] | null };

/** What an ONNX file holds, but for its weights. */
export interface ModelDescription {
  metadata: ModelMetadata;
  /** In the file's order, without the weights that are listed as inputs. */
  inputs: DeclaredValue[];
  outputs: DeclaredValue[];
  /** The types of all operators: "Conv"; outside of ONNX's own domain with it: "com.microsoft::QAttention". */
  operators: ReadonlySet<string>;
  graph: ModelGraph;
  /** Files that hold weights, as the model names them: relative to its own folder. Sorted; none where it holds them all. */
  weightFiles: readonly string[];
}

// Field numbers of the messages in onnx.proto3.
const MODEL = { irVersion: 1, producerName: 2, graph: 7, opsetImport: 8, metadataProps: 14, functions: 25 };
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, sparseInitializer: 15 };
const FUNCTION = { node: 7 };
const VALUE = { name: 1, type: 2 };
const TYPE = { tensor: 1 };
const TENSOR_TYPE = { elementType: 1, shape: 2 };
const SHAPE = { dim: 1 };
const DIM = { value: 1, name: 2 };
const OPSET = { domain: 1, version: 2 };
const ENTRY = { key: 1, value: 2 };

/** By TensorProto.DataType. */
const TYPES = [
  ...['undefined', 'float32', 'uint8', 'int8', 'uint16', 'int16', 'int32', 'int64', 'string', 'bool', 'float16'],
  ...['float64', 'uint32', 'uint64', 'complex64', 'complex128', 'bfloat16'],
];

/**
 * Reads what an ONNX file says of itself, its inputs, outputs and operators. Weights are stepped over, not read.
 *
 * @throws SigboxError E_IO  the file can't be read. E_MODEL  it is not an ONNX file.
 */
export function readModel(path: string): ModelDescription {
  const file = openModel(path);
  try {
    return walkModel(file);
  } catch (cause) {
    const what = kindOf(file) ?? `something else (${reason(cause)})`;
    throw new SigboxError('E_MODEL', `model ${path}: expected an ONNX file, received ${what}.`, { cause });
  } finally {
    file.close();
  }
}

/**
 * All files of a model: its own, and those with its weights. Left out are weights that are missing, which no node may need,
 * and what lies outside the model's folder or is no regular file: onnxruntime reads neither.
 *
 * @throws SigboxError  as `readModel`
 */
export function modelFiles(path: string): string[] {
  const folder = dirname(path);
  const weights = readModel(path).weightFiles.map((file) => join(folder, file));
  const isInside = (file: string) => !/^\.\.([/\\]|$)/.test(relative(folder, file));
  const isRegular = (file: string) => statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  return [path, ...weights.filter((file) => isInside(file) && isRegular(file))];
}

function openModel(path: string): ProtobufFile {
  try {
    return new ProtobufFile(path);
  } catch (cause) {
    throw new SigboxError('E_IO', `model ${path}: cannot be opened: ${reason(cause)}.`, { cause });
  }
}

const KINDS: readonly [RegExp, string][] = [
  [/^version https:\/\/git-lfs/, 'the pointer that Git LFS leaves in its place; git lfs pull fetches the file itself'],
  [/^\s*<(!doctype|html|\?xml)/i, 'a web page: was it a download that failed?'],
  [/^(\xff\xd8\xff|\x89PNG|GIF8|RIFF)/, 'a picture'],
  [/^PK/, 'a ZIP archive, as PyTorch writes them; its model is to be exported to ONNX'],
];

/** What else lies where models are expected. */
function kindOf(file: ProtobufFile): string | undefined {
  try {
    const text = String.fromCharCode(...file.head(64));
    return KINDS.find(([pattern]) => pattern.test(text))?.[1];
  } catch {
    return undefined; // it can't be read at all: then that is what is said of it
  }
}

function walkModel(file: ProtobufFile): ModelDescription {
  const metadata: ModelMetadata = { irVersion: 0, producer: '', opset: 0, properties: {} };
  const found: Found = { operators: new Set(), weightFiles: new Set() };
  let graph: Pick<ModelDescription, 'inputs' | 'outputs' | 'graph'> | null = null;
  for (const field of file.fields()) {
    if (field.number === MODEL.irVersion) metadata.irVersion = field.value;
    else if (field.number === MODEL.producerName) metadata.producer = file.text(field);
    else if (field.number === MODEL.graph) graph = walkGraph(file, field, found);
    else if (field.number === MODEL.functions) walkNodes(file, field, FUNCTION.node, found);
    else if (field.number === MODEL.opsetImport) metadata.opset = Math.max(metadata.opset, defaultOpset(file, field));
    else if (field.number === MODEL.metadataProps) {
      const entry = textsOf(file, field);
      metadata.properties[entry.get(ENTRY.key) ?? ''] = entry.get(ENTRY.value) ?? '';
    }
  }
  if (graph === null) throw new Error(file.size === 0 ? 'the file is empty' : 'it holds no graph');
  return { metadata, ...graph, operators: found.operators, weightFiles: [...found.weightFiles].sort() };
}

function walkGraph(file: ProtobufFile, graph: Field, found: Found) {
  const inputs: DeclaredValue[] = [];
  const outputs: DeclaredValue[] = [];
  const weights = new Set<string>();
  const main: GraphUnderway = { nodes: [], constants: new Map() };
  for (const field of file.fields(graph)) {
    if (field.number === GRAPH.node) walkNode(file, field, found, main);
    else if (field.number === GRAPH.initializer) weights.add(walkWeight(file, field, found, main));
    else if (field.number === GRAPH.input) inputs.push(declaredValue(file, field));
    else if (field.number === GRAPH.output) outputs.push(declaredValue(file, field));
    else if (field.number === GRAPH.sparseInitializer) {
      for (const name of walkSparseWeight(file, field, found)) weights.add(name);
    }
  }
  return { inputs: inputs.filter(({ name }) => !weights.has(name)), outputs, graph: main };
}

function walkNodes(file: ProtobufFile, message: Field, number: number, found: Found): void {
  for (const field of file.fields(message)) {
    if (field.number === number) walkNode(file, field, found, null);
  }
}

function declaredValue(file: ProtobufFile, value: Field): DeclaredValue {
  const found: DeclaredValue = { name: '', type: 'not a tensor', dims: [] };
  for (const field of file.fields(value)) {
    if (field.number === VALUE.name) found.name = file.text(field);
    if (field.number !== VALUE.type) continue;
    for (const type of file.fields(field)) {
      if (type.number === TYPE.tensor) Object.assign(found, tensorType(file, type));
    }
  }
  return found;
}

function tensorType(file: ProtobufFile, message: Field): Pick<DeclaredValue, 'type' | 'dims'> {
  let type = 'undefined';
  let dims: (number | string)[] | null = null;
  for (const field of file.fields(message)) {
    if (field.number === TENSOR_TYPE.elementType) type = TYPES[field.value] ?? `type ${field.value}`;
    if (field.number !== TENSOR_TYPE.shape) continue;
    dims = [];
    for (const dim of file.fields(field)) if (dim.number === SHAPE.dim) dims.push(dimOf(file, dim));
  }
  return { type, dims };
}

function dimOf(file: ProtobufFile, message: Field): number | string {
  for (const field of file.fields(message)) {
    // Some exporters write −1.
    if (field.number === DIM.value) return field.value >= 0 ? field.value : '?';
    if (field.number === DIM.name) return file.text(field) || '?';
  }
  return '?';
}

/** The version where the domain is the default one, else 0. */
function defaultOpset(file: ProtobufFile, opset: Field): number {
  let version = 0;
  for (const field of file.fields(opset)) {
    if (field.number === OPSET.domain && !isDefault(file.text(field))) return 0;
    if (field.number === OPSET.version) version = field.value;
  }
  return version;
}

function textsOf(file: ProtobufFile, message: Field): Map<number, string> {
  return new Map([...file.fields(message)].map((field) => [field.number, file.text(field)]));
}
