import { isPlain } from '../check/shapes.js';
import { reason, SigboxError } from '../errors.js';
import { isHeadFamily } from '../heads/index.js';
import { type ModelDescription, readModel } from '../model/onnx/metadata.js';
import { gatherFacts, type ModelFacts, modelFile } from './evidence/graph/facts.js';
import { refuseForeignOperators } from './evidence/graph/operators.js';
import { renamed } from './labels.js';
import { recognise } from './recognise.js';
import { type Decision, settled } from './recognition.js';
import { readLabelsFile } from './sidecars/labels-file.js';
import { mergeSpec, refuseTwice } from './spec/merge-spec.js';
import { isSpec, type ModelSpec, readSpec } from './spec/model-spec.js';
import { readSpecParts } from './spec/partial-spec.js';

/** What the user says of a model; wins over everything found out. */
export interface ModelGiven {
  /** A ModelSpec, parts of one, or the path of a JSON file with them. */
  spec?: unknown;
  size?: [width: number, height: number] | undefined;
  labelsFile?: string | URL | undefined;
}

/** A model file and what it is. */
export interface IdentifiedModel {
  file: string;
  spec: ModelSpec;
  /** How each part of the spec was settled. */
  decisions: Decision[];
  /** What the user should know before trusting the results. */
  warnings: string[];
}

/** Key of an ONNX file's metadata under which its spec may stand, as JSON. */
export const SPEC_KEY = 'sigbox.spec';

/**
 * Finds out what a model is: from the given spec, the spec in its metadata, or by its family: metadata first, then the
 * names and dims of inputs and outputs, then the values of one run. Nothing is guessed silently.
 *
 * @param model  path or file URL of an ONNX file; the built-in model when undefined
 * @throws SigboxError E_ARGUMENT  not a file URL; a size that the model does not take; names that are not as many as its
 *   classes; either of these beside a spec that says something else. E_IO  no such file.
 *   E_MODEL  not an ONNX file, or one whose contract can't be told; the message names what settles it.
 */
export async function identify(model: string | URL | undefined, given: ModelGiven = {}): Promise<IdentifiedModel> {
  const description = readModel(modelFile(model));
  return identifyDescribed(model, description, given, () => gatherFacts(model, description));
}

/** The same for a model whose facts were gathered already. */
export function identifyFacts(facts: ModelFacts, given: ModelGiven = {}): Promise<IdentifiedModel> {
  return identifyDescribed(facts.file, facts, given, () => Promise.resolve(facts));
}

async function identifyDescribed(
  model: string | URL | undefined,
  { metadata, operators }: Pick<ModelDescription, 'metadata' | 'operators'>,
  options: ModelGiven,
  gather: () => Promise<ModelFacts>,
): Promise<IdentifiedModel> {
  const given = { ...options, spec: await readSpecParts(options.spec) };
  const file = modelFile(model);
  refuseForeignOperators(file, operators);
  const whole = wholeSpec(given.spec);
  refuseTwice(given);
  if (whole !== null)
    return { file, spec: whole, decisions: [settled('spec', 'given', 'it is complete')], warnings: [] };
  const text = metadata.properties[SPEC_KEY];
  if (text === undefined) return recognise(await gather(), given);
  return ofMetadata(file, readSpec(parse(text, file), `metadata of ${file}`), given);
}

async function ofMetadata(file: string, found: ModelSpec, given: ModelGiven): Promise<IdentifiedModel> {
  const decisions = [settled('spec', 'from metadata', `the file says so itself ("${SPEC_KEY}")`)];
  const named = await readLabelsFile(given.labelsFile);
  if (named === undefined) return { file, spec: mergeSpec(found, given), decisions, warnings: [] };
  const labels = renamed(found.labels, named);
  decisions.push(settled('labels', `${named.names.size} names`, named.from));
  return { file, spec: mergeSpec({ ...found, labels }, given), decisions, warnings: [] };
}

/** A spec that leaves nothing to be found out; null where it is partial. */
function wholeSpec(spec: unknown): ModelSpec | null {
  if (spec === undefined || (isPlain(spec) && !isSpec(spec) && !hasUnknownHead(spec))) return null;
  return readSpec(spec, 'spec');
}

function hasUnknownHead({ head }: Record<string, unknown>): boolean {
  return isPlain(head) && 'family' in head && !isHeadFamily(head.family);
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SigboxError('E_MODEL', `metadata of ${file}: "${SPEC_KEY}" is not JSON: ${reason(cause)}.`, { cause });
  }
}
