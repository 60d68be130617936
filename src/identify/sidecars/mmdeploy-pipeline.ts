import { check } from '../../check/check.js';
import {
  either,
  type Infer,
  list,
  looseObject,
  nullish,
  object,
  optional,
  related,
  type Schema,
  tuple,
  withDefault,
} from '../../check/shapes.js';
import { count, finite, flag, text } from '../../check/words.js';
import { complain } from '../../errors.js';
import { jsonBeside } from '../evidence/graph/facts.js';
import { type OpenCvKernel, resizedLike } from '../evidence/input/opencv-kernels.js';
import { BGR255, type FamilyInput } from '../recognition.js';

export interface MmdeployPipeline {
  input: FamilyInput;
  /** What it asks for and does not get. */
  warnings: string[];
}

const NAME = 'pipeline.json';

const sides = either('a side or [width, height], whole pixels', count, tuple('a pair', count, 2));
const triple = tuple('three numbers', finite, 3);
const greys = either('numbers', finite, list('numbers', finite, { min: 1 }));
const grey = either('a number, or numbers as "img"', finite, object({ img: greys }));

type Sides = Infer<typeof sides>;
type Grey = Infer<typeof grey>;

const fileSchema = object({
  pipeline: object({ tasks: list('tasks', looseObject({ module: text })) }),
});
const transformsSchema = object({ transforms: list('steps', looseObject({ type: text })) });

/** Older versions call the size of a Resize `scale`. */
const resize = object({
  size: optional(sides),
  scale: optional(sides),
  keep_ratio: withDefault(flag, false),
  interpolation: withDefault(text, 'bilinear'),
});

/** The steps that make the input. */
const STEPS = {
  Resize: related(resize, ({ size, scale }) =>
    (size ?? scale) === undefined ? { field: 'size', expected: 'a side or [width, height], whole pixels' } : null,
  ),
  LetterResize: object({
    scale: sides,
    stretch_only: withDefault(flag, false),
    pad_val: withDefault(grey, 0),
    interpolation: withDefault(text, 'bilinear'),
  }),
  Pad: object({
    size: nullish(sides),
    size_divisor: nullish(count),
    pad_to_square: withDefault(flag, false),
    pad_val: withDefault(grey, 0),
  }),
  Normalize: object({ mean: triple, std: triple, to_rgb: withDefault(flag, true) }),
};
type Steps = { [Name in keyof typeof STEPS]: Infer<(typeof STEPS)[Name]> };
type Step = { [Name in keyof Steps]: { name: Name; is: Steps[Name] } }[keyof Steps];

/** Steps that leave the picture as it is. */
const NEUTRAL = /^(Load|DefaultFormatBundle$|ImageToTensor$|Collect$|Pack|Random|ToTensor$)/;

/**
 * What the pipeline.json that mmdeploy writes beside an export says of pictures.
 *
 * Sides are width before height, as mmdeploy 1 writes them; its steps are taken as its own runtime takes them.
 *
 * Source: export_info.py of mmdeploy.backend.sdk, get_preprocess of mmdeploy.codebase.mmdet, and Resize, LetterResize, Pad
 * and Normalize in csrc/mmdeploy/preprocess/transform.
 *
 * @returns null where there is no such file
 * @throws SigboxError E_MODEL  it can't be read, or says nothing of how pictures are resized
 */
export async function readMmdeployPipeline(model: string): Promise<MmdeployPipeline | null> {
  const found = await jsonBeside(model, NAME);
  if (found === null) return null;
  const { path, value } = found;
  const preprocess = check(fileSchema, value, from(path)).pipeline.tasks.find(({ module }) => module === 'Transform');
  const transforms = check(transformsSchema, preprocess ?? {}, from(`${path}, task "Transform"`)).transforms;
  const named = transforms.map((transform) => ({ ...transform, type: transform.type.replace(/^.*\./, '') }));
  const steps = named.flatMap((transform) => stepOf(transform, path));
  const others = named.filter(({ type }) => !(type in STEPS) && !NEUTRAL.test(type)).map(({ type }) => type);
  const unknown = others.length === 0 ? [] : [`${NAME}: what ${others.join(', ')} does to a picture is left out.`];
  const { input, warnings } = inputOf(steps, path);
  return { input, warnings: [...warnings, ...unknown] };
}

function stepOf({ type, ...fields }: { type: string }, path: string): Step[] {
  if (!isStep(type)) return [];
  const schema: Schema<Steps[keyof Steps]> = STEPS[type];
  return [{ name: type, is: check(schema, fields, from(`${path}, step "${type}"`)) } as Step];
}

function from(where: string): { where: string; code: 'E_MODEL' } {
  return { where, code: 'E_MODEL' };
}

function isStep(type: string): type is keyof typeof STEPS {
  return Object.hasOwn(STEPS, type);
}

function inputOf(steps: readonly Step[], path: string): MmdeployPipeline {
  const resize = step(steps, 'Resize');
  const letter = step(steps, 'LetterResize');
  const { interpolation: kernel } = letter ?? resize ?? {};
  if (kernel === undefined) {
    throw complain('E_MODEL', { where: path, expected: 'a step "Resize" or "LetterResize"', received: 'none of them' });
  }
  const { interpolation, warnings } = resizedLike(KERNELS[kernel], `${NAME} "interpolation": ${kernel}`);
  const place = letter === undefined ? resizedPlace(resize!, steps) : letterPlace(letter);
  return { input: { ...coloursOf(step(steps, 'Normalize')), ...place, interpolation }, warnings };
}

const KERNELS: Readonly<Record<string, OpenCvKernel>> = {
  nearest: 'nearest',
  bilinear: 'linear',
  bicubic: 'cubic',
  area: 'area',
  lanczos: 'lanczos',
};

/** Pixels, which OpenCV reads as BGR, become (pixel − mean) / std. */
function coloursOf(
  normalise: Steps['Normalize'] | undefined,
): Pick<FamilyInput, 'channels' | 'scale' | 'mean' | 'std'> {
  if (normalise === undefined) return BGR255;
  const { to_rgb: toRgb, mean, std } = normalise;
  return { channels: toRgb ? 'rgb' : 'bgr', scale: 1, mean, std };
}

type Place = Pick<FamilyInput, 'fit' | 'padValue' | 'size' | 'multipleOf'>;

/** With keep_ratio the picture becomes as large as fits, whichever way it lies; padding lies right and below. */
function resizedPlace({ size, scale, keep_ratio: keepRatio }: Steps['Resize'], steps: readonly Step[]): Place {
  const resized = pair((size ?? scale)!);
  if (!keepRatio) return { fit: 'stretch', padValue: 0, size: resized };
  const padding = steps.filter(({ name }) => name === 'Pad').map(({ is }) => is as Steps['Pad']);
  const whole = padding.find(({ size: padded, pad_to_square: square }) => padded != null || square);
  if (whole !== undefined) {
    const longest = Math.max(...resized);
    const padded = whole.size == null ? ([longest, longest] as const) : pair(whole.size);
    return { fit: 'letterbox-top-left', padValue: paddedWith(whole, steps), size: [...padded] };
  }
  const divisible = padding.find(({ size_divisor: divisor }) => divisor != null && divisor > 1);
  const padValue = divisible === undefined ? 0 : paddedWith(divisible, steps);
  return { fit: 'shortest-edge', padValue, size: resized, multipleOf: divisible?.size_divisor ?? 1 };
}

function letterPlace({ scale, stretch_only: stretched, pad_val: value }: Steps['LetterResize']): Place {
  return { fit: stretched ? 'stretch' : 'letterbox', padValue: numberOf(value), size: pair(scale) };
}

/** As a pixel. What is padded after normalisation lies in its units: nearly the grey that the channels' mean is. */
function paddedWith(pad: Steps['Pad'], steps: readonly Step[]): number {
  const value = numberOf(pad.pad_val);
  const normalised = steps.findIndex(({ name }) => name === 'Normalize');
  if (normalised < 0 || steps.findIndex(({ is }) => is === pad) < normalised) return value;
  const { mean, std } = steps[normalised]!.is as Steps['Normalize'];
  const pixels = mean.map((middle, channel) => middle + value * std[channel]!);
  const average = pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length;
  return Math.min(255, Math.max(0, Math.round(average)));
}

function numberOf(value: Grey): number {
  const inner = typeof value === 'number' ? value : value.img;
  return typeof inner === 'number' ? inner : inner[0]!;
}

function pair(value: Sides): [width: number, height: number] {
  return typeof value === 'number' ? [value, value] : value;
}

function step<Name extends keyof Steps>(steps: readonly Step[], wanted: Name): Steps[Name] | undefined {
  return steps.find(({ name }) => name === wanted)?.is as Steps[Name] | undefined;
}
