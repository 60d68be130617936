import { isPlain } from '../check/shapes.js';
import { SigboxError } from '../errors.js';
import { doubtsOf } from '../heads/doubts.js';
import { headOf } from '../heads/index.js';
import { requireFed } from '../model/feeds.js';
import type { InputSpec } from '../types/model.js';
import type { Interpolation } from '../types/pictures.js';
import { borneOut } from './borne-out.js';
import type { ModelFacts } from './evidence/graph/facts.js';
import { findImageInput, type PictureInput, settleSize } from './evidence/input/image-input.js';
import { otherRange } from './evidence/input/input-range.js';
import { type StatedInput, statedInput } from './evidence/input/stated-input.js';
import { classCount } from './evidence/values/class-count.js';
import { openProbe, type Probe } from './evidence/values/probe.js';
import { recogniseGiven } from './given.js';
import type { IdentifiedModel, ModelGiven } from './identify.js';
import { type LabelsGiven, settleLabels, specLabels } from './labels.js';
import {
  type Decision,
  type Evidence,
  type FamilyInput,
  type GivenParts,
  type Recognition,
  settled,
} from './recognition.js';
import { notesOnOthers, type Reading, refuseIntegers, SeveralReadings } from './refusal.js';
import { readLabelsFile } from './sidecars/labels-file.js';
import { mergeSpec } from './spec/merge-spec.js';

/**
 * Recognises a model by what is known of it without metadata that says all.
 *
 * @throws SigboxError E_MODEL  it is of no family, or of several; the message names what settles it
 */
export async function recognise(facts: ModelFacts, given: ModelGiven): Promise<IdentifiedModel> {
  const known = await gather(facts, given);
  try {
    return await settle(known, given);
  } catch (error) {
    if (error instanceof SeveralReadings) throw await undecidedAmong(known, given, error);
    throw error;
  } finally {
    await known.probe.close();
  }
}

/** What all attempts to recognise a model share. */
interface Known {
  facts: ModelFacts;
  image: PictureInput;
  stated: StatedInput;
  named: LabelsGiven | undefined;
  probe: Probe;
}

async function gather(found: ModelFacts, given: ModelGiven): Promise<Known> {
  const named = await readLabelsFile(given.labelsFile);
  const image = findImageInput(found.file, found.inputs, givenParts(given, named).input.name);
  const facts = ofOnePicture(found, image);
  return { facts, image, stated: statedInput(facts, image), named, probe: openProbe(facts) };
}

/** A batch that the file fixes is one picture's to whoever looks at the outputs. */
function ofOnePicture(facts: ModelFacts, { batch = 1 }: PictureInput): ModelFacts {
  if (batch === 1) return facts;
  const outputs = facts.outputs.map((output) => {
    const [first, ...others] = output.dims;
    if (first === batch) return { ...output, dims: [1, ...others] };
    throw new SigboxError(
      'E_MODEL',
      `model ${facts.file}: it takes ${batch} pictures at once, and output "${output.name}" [${output.dims.join(', ')}] ` +
        'does not keep them apart. Export it for a batch of 1 or of any size.',
    );
  });
  return { ...facts, outputs };
}

async function settle(known: Known, given: ModelGiven): Promise<IdentifiedModel> {
  const { facts, image, named, probe } = known;
  const parts = givenParts(given, named);
  const wanted = given.size ?? sizeOf(parts.input);
  const inputOf = (family: FamilyInput) => ({ ...inputFor(known, family, wanted), ...extrasOf(parts.input) });
  const evidence: Evidence = {
    ...facts,
    image,
    sizeOf: inputOf,
    probe: async (family) => (await probe.run(inputOf(family))).outputs,
    given: parts,
  };
  const found = await familyOf(evidence);
  const recognition = found.classes === null ? await counted(evidence, found) : found;
  const { family, head, input, decisions } = recognition;
  refuseIntegers(facts, head);
  const labels = await labelsOf(facts, recognition, given, named);
  const size = settleSize(image, wanted, input.size ?? [640, 640]);
  const name = labels.unknown ? family : `${family} (${labels.count} classes)`;
  const usual = mergeSpec({ name, input: inputOf(input), head, labels: labels.labels }, given);
  requireFed(
    facts.file,
    usual.input,
    facts.inputs.map((value) => value.name),
  );
  const said = VALUES.some((field) => field in parts.input);
  const other = said ? null : await otherRange(probe, { ...usual, classes: usual.labels.length }, known.stated);
  const prepared = other === null ? usual : { ...usual, input: other.input };
  const last = await probe.exact(prepared.input);
  const seen = borneOut(last, prepared.head, prepared.labels, parts.head);
  const spec = { ...prepared, head: seen.head };
  return {
    file: facts.file,
    spec,
    decisions: [
      settled('family', family, decisions[0]?.because ?? ''),
      ...decisions.slice(1),
      ...seen.decisions,
      ...(other === null ? [] : [other.decision]),
      ...known.stated.decisions.filter(({ field }) => !(field.replace('input.', '') in parts.input)),
      ...resized(recognition, spec.input.interpolation, parts),
      settled('input size', `${size.width} × ${size.height}`, size.because),
      settled('labels', `${labels.count} names`, labels.because),
    ],
    warnings: [
      ...(recognition.warnings ?? []),
      ...notesOnOthers(unmentioned(facts, recognition), headOf(spec.head).outputs(spec.head), parts),
      ...known.stated.warnings,
      ...labels.warnings,
      ...doubtsOf(last.outputs, spec.head, last.geometry, spec.labels.length),
      ...seen.warnings,
    ],
  };
}

/** What the user says of values. */
const VALUES = ['scale', 'mean', 'std'] as const;

/** Outputs of which a family has told already are not told of again. */
function unmentioned(facts: ModelFacts, { warnings = [] }: Recognition): ModelFacts {
  const mentioned = (name: string) => warnings.some((warning) => warning.includes(`"${name}"`));
  return { ...facts, outputs: facts.outputs.filter(({ name }) => !mentioned(name)) };
}

/** A head that the user gives does not say how many classes it has; a run may. */
async function counted(evidence: Evidence, found: Recognition): Promise<Recognition> {
  return { ...found, classes: classCount(found.head, await evidence.probe(found.input)) };
}

function inputFor({ image, stated }: Known, family: FamilyInput, wanted?: [width: number, height: number]): InputSpec {
  const { size, ...prescribed } = stated.apply(family);
  const { width, height } = settleSize(image, wanted, size ?? [640, 640]);
  return { rounding: 'nearest', multipleOf: 1, extras: [], ...prescribed, ...image, width, height };
}

/** What a model is fed beside the picture, if the user says it; checked with the whole spec. */
function extrasOf({ extras }: GivenParts['input']): Partial<Pick<InputSpec, 'extras'>> {
  const fits = Array.isArray(extras) && extras.every((extra) => isPlain(extra) && typeof extra.value === 'string');
  return fits ? { extras: extras as InputSpec['extras'] } : {};
}

/** Only readings that the run bears out are suggested. */
async function undecidedAmong(known: Known, given: ModelGiven, several: SeveralReadings): Promise<SigboxError> {
  const possible: string[] = [];
  let doubt = '';
  for (const { spec, means } of several.readings) {
    const wrong = await faultOf(known, given, spec);
    if (wrong === null) possible.push(`${JSON.stringify(spec)} for ${means}`);
    else doubt ||= wrong;
  }
  const { file } = known.facts;
  if (possible.length === 0) {
    const advice = 'No reading that sigbox knows holds in a run';
    const spec = 'A whole spec (--spec FILE.json) says what its outputs are.';
    return new SigboxError('E_MODEL', `model ${file}: ${several.message}. ${advice}: ${doubt} ${spec}`);
  }
  return new SigboxError(
    'E_MODEL',
    `model ${file}: ${several.message}. A spec (--spec FILE.json) settles it: ${possible.join(', or ')}.`,
  );
}

/** @returns what is wrong with a reading in a run; null where it holds */
async function faultOf(known: Known, given: ModelGiven, spec: Reading['spec']): Promise<string | null> {
  const base = isPlain(given.spec) ? given.spec : {};
  const part = (name: 'head' | 'input') => ({ ...(isPlain(base[name]) ? base[name] : {}), ...(spec[name] as object) });
  const merged = { ...base, ...spec, head: part('head'), input: part('input') };
  try {
    const { warnings } = await settle(known, { ...given, spec: merged });
    return warnings.find((warning) => BROKEN.test(warning)) ?? null;
  } catch (error) {
    if (error instanceof SeveralReadings) return `${error.message}.`;
    if (error instanceof SigboxError) return error.message.replace(/^model .*?: /, '');
    throw error;
  }
}

const BROKEN =
  /^(In a run (scores|most boxes|every|class)|Every score|Output ".*" (is nothing but|of the model is empty))/;

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
  return specLabels(spec.labels, recognition.classes);
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
