import { isPlain } from '../check/shapes.js';
import { reason, SigboxError } from '../errors.js';
import { isHeadFamily } from '../heads/index.js';
import { requireFed } from '../model/feeds.js';
import { readModel } from '../model/onnx/metadata.js';
import type { InputSpec } from '../types/model.js';
import type { Interpolation } from '../types/pictures.js';
import { gatherFacts, type ModelFacts, modelFile } from './evidence/facts.js';
import { findImageInput, settleSize } from './evidence/image-input.js';
import { refuseForeignOperators } from './evidence/operators.js';
import { probeRun } from './evidence/probe.js';
import { recogniseGiven } from './given.js';
import { type LabelsGiven, renamed, settleLabels, specLabels } from './labels.js';
import {
  type Decision,
  type Evidence,
  type FamilyInput,
  type GivenParts,
  type Recognition,
  settled,
} from './recognition.js';
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
export async function identify(model: string | URL | undefined, options: ModelGiven = {}): Promise<IdentifiedModel> {
  const given = { ...options, spec: await readSpecParts(options.spec) };
  const file = modelFile(model);
  const { metadata, operators } = readModel(file);
  refuseForeignOperators(file, operators);
  const whole = wholeSpec(given.spec);
  refuseTwice(given);
  if (whole !== null)
    return { file, spec: whole, decisions: [settled('spec', 'given', 'it is complete')], warnings: [] };
  const text = metadata.properties[SPEC_KEY];
  if (text === undefined) return recognise(await gatherFacts(model), given);
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

async function recognise(facts: ModelFacts, given: ModelGiven): Promise<IdentifiedModel> {
  const named = await readLabelsFile(given.labelsFile);
  const parts = givenParts(given, named);
  const image = findImageInput(facts.file, facts.inputs, parts.input.name);
  const wanted = given.size ?? sizeOf(parts.input);
  const inputOf = (family: FamilyInput): InputSpec => {
    const { size, ...prescribed } = family;
    const { width, height } = settleSize(image, wanted, size ?? [640, 640]);
    return { rounding: 'nearest', multipleOf: 1, extras: [], ...prescribed, ...image, width, height };
  };
  const probe = probeRun(facts, inputOf);
  const evidence = { ...facts, image, sizeOf: inputOf, probe: probe.run, given: parts };
  const recognition = await familyOf(evidence);
  const { family, head, input, decisions } = recognition;
  const labels = await labelsOf(facts, recognition, given, named);
  const size = settleSize(image, wanted, input.size ?? [640, 640]);
  const name = `${family} (${labels.count} classes)`;
  const spec = mergeSpec({ name, input: inputOf(input), head, labels: labels.labels }, given);
  requireFed(
    facts.file,
    spec.input,
    facts.inputs.map((value) => value.name),
  );
  return {
    file: facts.file,
    spec,
    decisions: [
      settled('family', family, decisions[0]?.because ?? ''),
      ...decisions.slice(1),
      ...resized(recognition, spec.input.interpolation, parts),
      settled('input size', `${size.width} × ${size.height}`, size.because),
      settled('labels', `${labels.count} names`, labels.because),
    ],
    warnings: [...(recognition.warnings ?? []), ...labels.warnings, ...(await probe.doubts(spec))],
  };
}

const PROGRAMS: Record<Interpolation, string> = {
  antialias: 'takes the mean of pixels, or its graph resizes',
  bilinear: 'resizes as OpenCV does, INTER_LINEAR',
  bicubic: 'resizes as OpenCV does, INTER_CUBIC',
  'bilinear-warp': 'warps as OpenCV does',
};

function resized({ family, decisions }: Recognition, interpolation: Interpolation, { input }: GivenParts): Decision[] {
  if (decisions.some(({ field }) => field === 'input.interpolation')) return [];
  const because = 'interpolation' in input ? 'given' : `${family}’s own program ${PROGRAMS[interpolation]}`;
  return [settled('input.interpolation', interpolation, because)];
}

async function familyOf(evidence: Evidence): Promise<Recognition> {
  const told = recogniseGiven(evidence.given);
  if (told !== null) return told;
  const { families } = await import('./families/index.js'); // not for models that say what they are
  for (const family of families) {
    const recognition = await family(evidence);
    if (recognition !== null) return recognition;
  }
  throw unknownModel(evidence);
}

function labelsOf(facts: ModelFacts, recognition: Recognition, { spec }: ModelGiven, named?: LabelsGiven) {
  if (!isPlain(spec) || !Array.isArray(spec.labels)) return settleLabels(facts, recognition, named);
  return specLabels(spec.labels, spec.head === undefined ? recognition.classes : null);
}

function givenParts({ spec }: ModelGiven, named: LabelsGiven | undefined): GivenParts {
  const parts = isPlain(spec) ? spec : {};
  const labels = Array.isArray(parts.labels) ? parts.labels.length : null;
  const names = named === undefined ? labels : Math.max(...named.names.keys()) + 1;
  return { head: isPlain(parts.head) ? parts.head : {}, input: isPlain(parts.input) ? parts.input : {}, names };
}

function sizeOf({ width, height }: GivenParts['input']): [width: number, height: number] | undefined {
  return typeof width === 'number' && typeof height === 'number' ? [width, height] : undefined;
}

/** A spec that leaves nothing to be found out; null where it is partial. */
function wholeSpec(spec: unknown): ModelSpec | null {
  if (spec === undefined || (isPlain(spec) && !isSpec(spec) && !hasUnknownHead(spec))) return null;
  return readSpec(spec, 'spec');
}

function hasUnknownHead({ head }: Record<string, unknown>): boolean {
  return isPlain(head) && 'family' in head && !isHeadFamily(head.family);
}

function unknownModel({ file, inputs, outputs }: ModelFacts): SigboxError {
  const shown = (values: ModelFacts['inputs']) =>
    values.map(({ name, dims }) => `"${name}" [${dims.join(', ')}]`).join(', ');
  return new SigboxError(
    'E_MODEL',
    `model ${file}: its outputs are of no family that sigbox knows: inputs ${shown(inputs)}; outputs ${shown(outputs)}. ` +
      'If it detects objects, say what they mean in the head of a spec, and how its input is prepared: the option spec, ' +
      'or --spec FILE.json; sigbox inspect --save FILE writes that of the built-in model, as an example.',
  );
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SigboxError('E_MODEL', `metadata of ${file}: "${SPEC_KEY}" is not JSON: ${reason(cause)}.`, { cause });
  }
}
