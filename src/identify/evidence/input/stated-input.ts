import type { InputSpec } from '../../../types/model.js';
import { type Decision, type FamilyInput, settled } from '../../recognition.js';
import type { ModelFacts } from '../graph/facts.js';
import type { PictureInput } from './image-input.js';
import { type PicturePath, picturePath } from './picture-path.js';

/** What a file itself says of the values of its input: it wins over what its family usually takes. */
export interface StatedInput {
  /** How a family's picture is prepared for this file. */
  apply(family: FamilyInput): FamilyInput;
  /** What was read, for people. */
  decisions: Decision[];
  warnings: string[];
  /** Whether the file leaves no doubt about the range of the values. */
  certain: boolean;
  /** The operator behind which the picture could not be followed; null where its way is known. */
  lost: string | null;
}

type Values = Pick<FamilyInput, 'channels' | 'scale' | 'mean' | 'std'>;

const PLAIN = { mean: [0, 0, 0], std: [1, 1, 1] } satisfies Partial<InputSpec>;
const PIXELS = { ...PLAIN, scale: 1 };
const FRACTIONS = { ...PLAIN, scale: 1 / 255 };

/** Reads the type of the input, the operators behind it and ONNX's own metadata of images, in this order of weight. */
export function statedInput(facts: Pick<ModelFacts, 'graph' | 'metadata'>, image: PictureInput): StatedInput {
  const path = picturePath(facts.graph, image);
  const silent = {
    warnings: [],
    certain: path.reached,
    lost: path.reached || path.end === 'nothing' ? null : path.end,
  };
  if (image.type === 'uint8' || image.type === 'int8') return ofIntegers(image.type, path);
  const read = ofArithmetic(path);
  const described = ofMetadata(facts.metadata.properties, read);
  if (described !== null) return described;
  if (read === null && !path.reversed) return { ...silent, apply: (family) => family, decisions: [] };
  const decisions = [...(read === null ? [] : [settled('input.scale', String(read.values.scale), read.because)])];
  if (path.reversed)
    decisions.push(settled('input.channels', 'reversed', 'the graph reverses the order of channels itself'));
  const apply = (family: FamilyInput) => ({
    ...family,
    ...read?.values,
    channels: path.reversed ? other(family.channels) : family.channels,
  });
  // What is done behind normalisation does not change its range.
  return { ...silent, apply, decisions, certain: true, lost: read === null ? silent.lost : null };
}

function other(channels: FamilyInput['channels']): FamilyInput['channels'] {
  return channels === 'rgb' ? 'bgr' : 'rgb';
}

/** A slope up to this turns bytes into small numbers: 1/255, or 1/std where std is of bytes. */
const OF_BYTES = 0.05;
/** An offset above this is a mean of bytes. */
const MEAN_OF_BYTES = 3;

interface Arithmetic {
  values: Omit<Values, 'channels'>;
  because: string;
}

function ofArithmetic({ slope, offset }: PicturePath): Arithmetic | null {
  const steepest = Math.max(...slope.map(Math.abs));
  const shift = Math.max(...offset.map(Math.abs));
  if (steepest === 1 && shift === 0) return null;
  const shown = slope.every((factor) => factor === slope[0]) ? shortly(slope[0]!) : slope.map(shortly).join(', ');
  const done = shift === 0 ? `multiplies the picture by ${shown}` : `multiplies the picture by ${shown} and shifts it`;
  const bytes = steepest <= OF_BYTES || (steepest === 1 && shift > MEAN_OF_BYTES);
  const because = `the graph ${done} itself, so it takes ${bytes ? 'bytes from 0 to 255' : 'fractions from 0 to 1'}`;
  return { values: bytes ? PIXELS : FRACTIONS, because };
}

function shortly(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Integers are bytes as they are, moved by the zero point where there is one, unless their step says that they are more. */
function ofIntegers(type: 'uint8' | 'int8', { quantised, reversed }: PicturePath): StatedInput {
  const common = { warnings: [] as string[], certain: true, lost: null };
  const zero = quantised?.zero ?? (type === 'int8' ? -128 : 0);
  const range = 255 * (quantised?.step ?? 1);
  const asBytes = quantised === null || (range > 0.9 && range < 1.1) || (range > 250 && range < 260);
  const turned = (family: FamilyInput) => (reversed ? other(family.channels) : family.channels);
  if (asBytes) {
    const because = zero === 0 ? 'a uint8 input takes bytes as they are' : `its zero point is ${zero}`;
    return {
      ...common,
      apply: (family) => ({
        ...family,
        scale: 1,
        mean: [0 - zero, 0 - zero, 0 - zero],
        std: [1, 1, 1],
        channels: turned(family),
      }),
      decisions: [settled('input.scale', '1', type === 'int8' ? `${because}: bytes less ${-zero}` : because)],
      warnings: type === 'int8' && quantised === null ? [NO_ZERO_POINT] : [],
    };
  }
  const { step } = quantised;
  const apply = (family: FamilyInput): FamilyInput => ({
    ...family,
    channels: turned(family),
    mean: family.mean.map((mean, c) => mean - zero * step * family.std[c]!) as FamilyInput['mean'],
    std: family.std.map((std) => std * step) as FamilyInput['std'],
  });
  const because = `the input stands for (value − ${zero}) · ${shortly(step)}`;
  return { ...common, apply, decisions: [settled('input.std', 'quantised', because)] };
}

const NO_ZERO_POINT =
  'The input is int8 and the file does not say its zero point: bytes less 128 are taken. A spec {"input":{"mean":[…]}} ' +
  'sets another.';

/** Source: "Metadata Props" in docs/MetadataProps.md of onnx: Image.BitmapPixelFormat and Image.NominalPixelRange. */
function ofMetadata(properties: Readonly<Record<string, string>>, read: Arithmetic | null): StatedInput | null {
  const format = FORMATS[properties['Image.BitmapPixelFormat']?.toLowerCase() ?? ''];
  const said = RANGES[properties['Image.NominalPixelRange']?.toLowerCase() ?? ''];
  if (format === undefined && said === undefined) return null;
  // What the graph does with the picture is done; metadata only says so.
  const contradicted = read !== null && (said === PIXELS || said === FRACTIONS) && said.scale !== read.values.scale;
  const range = said === undefined || contradicted ? read?.values : said;
  const decisions: Decision[] = [];
  const from = (key: string) => `metadata "${key}" is "${properties[key]}"`;
  if (format !== undefined) decisions.push(settled('input.channels', format, from('Image.BitmapPixelFormat')));
  if (range !== undefined) {
    const because = range === said ? from('Image.NominalPixelRange') : read!.because;
    decisions.push(settled('input.scale', shortly(range.scale), because));
  }
  const linear = /linear/i.test(properties['Image.ColorSpaceGamma'] ?? '');
  const warnings = linear ? ['Metadata "Image.ColorSpaceGamma" asks for linear light: sRGB values are given.'] : [];
  if (contradicted)
    warnings.push(`${from('Image.NominalPixelRange').replace('m', 'M')}, but ${read.because}: the graph is followed.`);
  return {
    apply: (family) => ({ ...family, ...(range ?? {}), ...(format === undefined ? {} : { channels: format }) }),
    decisions,
    warnings,
    certain: range !== undefined,
    lost: null,
  };
}

const FORMATS: Readonly<Record<string, FamilyInput['channels']>> = {
  bgr8: 'bgr',
  bgra8: 'bgr',
  rgb8: 'rgb',
  rgba8: 'rgb',
};

const RANGES: Readonly<Record<string, Omit<Values, 'channels'>>> = {
  nominalrange_0_255: PIXELS,
  normalized_0_1: FRACTIONS,
  normalized_1_1: { scale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  nominalrange_16_235: { scale: 219 / 255, mean: [-16, -16, -16], std: [1, 1, 1] },
};
