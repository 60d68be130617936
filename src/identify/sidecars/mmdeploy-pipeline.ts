import * as v from 'valibot';
import { complain } from '../../errors.js';
import { jsonBeside } from '../evidence/facts.js';
import { type OpenCvKernel, resizedLike } from '../evidence/opencv-kernels.js';
import { BGR255, type FamilyInput } from '../recognition.js';
import { expectationOf } from '../spec/model-spec.js';

export interface MmdeployPipeline {
  input: FamilyInput;
  /** What it asks for and does not get. */
  warnings: string[];
}

const NAME = 'pipeline.json';

type Sides = number | [number, number];
type Grey = number | { img: number | number[] };

const isSide = (value: unknown) => Number.isInteger(value) && (value as number) > 0;
const isNumber = (value: unknown) => typeof value === 'number';
const isSides = (value: unknown): value is Sides =>
  isSide(value) || (Array.isArray(value) && value.length === 2 && value.every(isSide));
const isGrey = (value: unknown): value is Grey => isNumber(value) || isGreys((value as { img?: unknown } | null)?.img);
const isGreys = (value: unknown) =>
  isNumber(value) || (Array.isArray(value) && value.length > 0 && value.every(isNumber));
const isTriple = (value: unknown): value is [number, number, number] =>
  Array.isArray(value) && value.length === 3 && value.every(isNumber);

const sides = v.pipe(v.unknown(), v.guard(isSides, 'a side or [width, height], whole pixels'));
const triple = v.pipe(v.unknown(), v.guard(isTriple, 'three numbers'));
const grey = v.pipe(v.unknown(), v.guard(isGrey, 'a number, or numbers as "img"'));
const divisor = v.pipe(v.number(), v.integer('a whole number'), v.minValue(1));

const fileSchema = v.object({
  pipeline: v.object({ tasks: v.array(v.looseObject({ module: v.string() })) }),
});
const transformsSchema = v.object({ transforms: v.array(v.looseObject({ type: v.string() })) });

/** The steps that make the input; `size` has had other names. */
const STEPS = {
  Resize: v.pipe(
    v.object({
      size: v.optional(sides),
      scale: v.optional(sides),
      keep_ratio: v.optional(v.boolean(), false),
      interpolation: v.optional(v.string(), 'bilinear'),
    }),
    v.forward(
      v.check(({ size, scale }) => (size ?? scale) !== undefined, 'a side or [width, height], whole pixels'),
      ['size'],
    ),
  ),
  LetterResize: v.object({
    scale: sides,
    stretch_only: v.optional(v.boolean(), false),
    pad_val: v.optional(grey, 0),
    interpolation: v.optional(v.string(), 'bilinear'),
  }),
  Pad: v.object({
    size: v.nullish(sides),
    size_divisor: v.nullish(divisor, 1),
    pad_to_square: v.optional(v.boolean(), false),
    pad_val: v.optional(grey, 0),
  }),
  Normalize: v.object({ mean: triple, std: triple, to_rgb: v.optional(v.boolean(), true) }),
};
type Steps = { [Name in keyof typeof STEPS]: v.InferOutput<(typeof STEPS)[Name]> };
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
  const preprocess = checked(fileSchema, value, path).pipeline.tasks.find(({ module }) => module === 'Transform');
  const transforms = checked(transformsSchema, preprocess ?? {}, `${path}, task "Transform"`).transforms;
  const named = transforms.map((transform) => ({ ...transform, type: transform.type.replace(/^.*\./, '') }));
  const steps = named.flatMap((transform) => stepOf(transform, path));
  const others = named.filter(({ type }) => !(type in STEPS) && !NEUTRAL.test(type)).map(({ type }) => type);
  const unknown = others.length === 0 ? [] : [`${NAME}: what ${others.join(', ')} does to a picture is left out.`];
  const { input, warnings } = inputOf(steps, path);
  return { input, warnings: [...warnings, ...unknown] };
}

function stepOf({ type, ...fields }: { type: string }, path: string): Step[] {
  if (!isStep(type)) return [];
  const schema: v.GenericSchema<unknown, Steps[keyof Steps]> = STEPS[type];
  return [{ name: type, is: checked(schema, fields, `${path}, step "${type}"`) } as Step];
}

function isStep(type: string): type is keyof typeof STEPS {
  return Object.hasOwn(STEPS, type);
}

function checked<T>(schema: v.GenericSchema<unknown, T>, value: unknown, where: string): T {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const received = issue.path?.at(-1)?.value ?? issue.input;
  throw complain('E_MODEL', { where, expected: expectationOf(issue), received });
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
