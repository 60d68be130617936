import { reason, SigboxError } from '../errors.js';
import { readMetadata } from '../model/metadata.js';
import type { InputSpec } from '../types.js';
import { gatherFacts, type ModelFacts, modelFile } from './facts.js';
import { families } from './families/index.js';
import { findImageInput, settleSize } from './image-input.js';
import { type LabelsGiven, settleLabels, specLabels } from './labels.js';
import { readLabelsFile } from './labels-file.js';
import { isPlain, mergeSpec } from './merge-spec.js';
import { type ModelSpec, readSpec } from './model-spec.js';
import { probeRun } from './probe.js';
import type { Decision, FamilyInput, GivenParts, Recognition } from './recognition.js';

/** What the user says of a model; wins over everything found out. */
export interface ModelGiven {
  /** A ModelSpec, or parts of one. */
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
 * @throws SigboxError E_ARGUMENT  not a file URL, a size that the model does not take. E_IO  no such file.
 *   E_MODEL  not an ONNX file, or one whose contract can't be told; the message names what settles it.
 */
export async function identify(model: string | URL | undefined, given: ModelGiven = {}): Promise<IdentifiedModel> {
  const file = modelFile(model);
  const whole = wholeSpec(given.spec);
  if (whole !== null)
    return { file, spec: whole, decisions: [decision('spec', 'given', 'it is complete')], warnings: [] };
  const { properties } = await readMetadata(file);
  const text = properties[SPEC_KEY];
  if (text === undefined) return recognise(await gatherFacts(model), given);
  const spec = readSpec(parse(text, file), `metadata of ${file}`);
  const because = `the file says so itself ("${SPEC_KEY}")`;
  return { file, spec: mergeSpec(spec, given), decisions: [decision('spec', 'from metadata', because)], warnings: [] };
}

async function recognise(facts: ModelFacts, given: ModelGiven): Promise<IdentifiedModel> {
  const image = findImageInput(facts.file, facts.inputs);
  const inputOf = (family: FamilyInput): InputSpec => {
    const { size, ...prescribed } = family;
    const { width, height } = settleSize(image, given.size, size ?? [640, 640]);
    return { multipleOf: 1, extras: [], ...prescribed, ...image, width, height };
  };
  const named = await readLabelsFile(given.labelsFile);
  const evidence = {
    ...facts,
    image,
    sizeOf: inputOf,
    probe: probeRun(facts, inputOf),
    given: givenParts(given, named),
  };
  let recognition: Recognition | null = null;
  for (const family of families) {
    recognition = await family(evidence);
    if (recognition !== null) break;
  }
  if (recognition === null) throw unknownModel(facts);
  const { family, head, input, decisions } = recognition;
  const parts = isPlain(given.spec) ? given.spec : {};
  const labels = Array.isArray(parts.labels)
    ? specLabels(parts.labels, parts.head === undefined ? recognition.classes : null)
    : await settleLabels(facts, recognition, named);
  const size = settleSize(image, given.size, input.size ?? [640, 640]);
  const spec = { name: `${family} (${labels.count} classes)`, input: inputOf(input), head, labels: labels.labels };
  return {
    file: facts.file,
    spec: mergeSpec(spec, given),
    decisions: [
      decision('family', family, decisions[0]?.because ?? ''),
      ...decisions.slice(1),
      decision('input size', `${size.width} × ${size.height}`, size.because),
      decision('labels', `${labels.count} names`, labels.because),
    ],
    warnings: [...(recognition.warnings ?? []), ...labels.warnings],
  };
}

function decision(field: string, value: string, because: string): Decision {
  return { field, value, because };
}

function givenParts({ spec }: ModelGiven, named: LabelsGiven | undefined): GivenParts {
  const parts = isPlain(spec) ? spec : {};
  const labels = Array.isArray(parts.labels) ? parts.labels.length : null;
  const names = named === undefined ? labels : Math.max(...named.names.keys()) + 1;
  return { head: isPlain(parts.head) ? parts.head : {}, input: isPlain(parts.input) ? parts.input : {}, names };
}

/** A spec that leaves nothing to be found out; null where it is partial. */
function wholeSpec(spec: unknown): ModelSpec | null {
  const parts = ['input', 'head', 'labels'];
  if (spec === undefined || typeof spec !== 'object' || spec === null)
    return spec === undefined ? null : readSpec(spec, 'spec');
  return parts.every((part) => part in spec) ? readSpec(spec, 'spec') : null;
}

function unknownModel({ file, inputs, outputs }: ModelFacts): SigboxError {
  const shown = (values: ModelFacts['inputs']) =>
    values.map(({ name, dims }) => `"${name}" [${dims.join(', ')}]`).join(', ');
  return new SigboxError(
    'E_MODEL',
    `model ${file}: its outputs are of no family that sigbox knows: inputs ${shown(inputs)}; outputs ${shown(outputs)}. ` +
      'If it detects objects, say what they mean: the option spec, or --spec FILE.json; sigbox inspect --json prints one ' +
      'to start from.',
  );
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SigboxError('E_MODEL', `metadata of ${file}: "${SPEC_KEY}" is not JSON: ${reason(cause)}.`, { cause });
  }
}
