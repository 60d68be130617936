import type { FitMode } from '../../types/pictures.js';
import type { PictureInput } from '../evidence/input/image-input.js';
import { type Decision, type Evidence, type FamilyInput, IMAGENET, settled } from '../recognition.js';

/** How a family prepares its input, and what says so. */
export interface PreparedInput {
  input: FamilyInput;
  decision: Decision;
}

/** DETR's own: ImageNet colours, the shorter side to 800 unless the longer one would pass 1333. */
export const SHORTEST_EDGE: FamilyInput = {
  ...IMAGENET,
  fit: 'shortest-edge',
  interpolation: 'antialias',
  padValue: 114,
  size: [1333, 800],
};

/**
 * The input that a preprocessor_config.json of Hugging Face describes; where there is none, the family's usual one.
 *
 * Source: image processors of Hugging Face transformers (DetrImageProcessor, RTDetrImageProcessor).
 */
export function prepareInput({ preprocessor, image }: Evidence, usual: FamilyInput, family: string): PreparedInput {
  const described = preprocessor === null ? usual : describedBy(preprocessor, usual);
  const input = intoFile(image, described);
  const because = preprocessor === null ? `usual for ${family}` : 'preprocessor_config.json';
  return { input, decision: settled('input.fit', input.fit, because + fitNote(described.fit, input.fit)) };
}

/** A file that fixes the input's size leaves no other way to keep the aspect than padding, right and below. */
export function intoFile({ width, height }: PictureInput, input: FamilyInput): FamilyInput {
  if (input.fit !== 'shortest-edge' || (width === null && height === null)) return input;
  return { ...input, fit: 'letterbox-top-left', multipleOf: 1 };
}

function fitNote(described: FitMode, used: FitMode): string {
  return described === used ? '' : ', into the size that the file fixes';
}

type Config = Record<string, unknown>;

function describedBy(config: Config, usual: FamilyInput): FamilyInput {
  const normalised = usual.std.some((value) => value !== 1);
  const normalise = typeof config.do_normalize === 'boolean' ? config.do_normalize : normalised;
  const rescale = typeof config.rescale_factor === 'number' ? config.rescale_factor : 1 / 255;
  return {
    ...usual,
    channels: 'rgb',
    interpolation: 'antialias', // every image processor of transformers resizes with Pillow or like it
    scale: config.do_rescale === false ? 1 : rescale,
    mean: normalise ? (triple(config.image_mean) ?? [...IMAGENET.mean]) : [0, 0, 0],
    std: normalise ? (triple(config.image_std) ?? [...IMAGENET.std]) : [1, 1, 1],
    ...(config.do_resize === false ? {} : sizeOf(config)),
  };
}

/** `size` has had four forms: a number, edges, sides, and sides to stay within. */
function sizeOf({ size, max_size: maxSize }: Config): Pick<FamilyInput, 'fit' | 'size'> | undefined {
  const sides = (typeof size === 'number' ? { shortest_edge: size } : size) as Record<string, unknown> | undefined;
  const side = (name: string) => (typeof sides?.[name] === 'number' ? (sides[name] as number) : undefined);
  const shortest = side('shortest_edge');
  if (shortest !== undefined) {
    const longest = side('longest_edge') ?? (typeof maxSize === 'number' ? maxSize : UNBOUNDED * shortest);
    return { fit: 'shortest-edge', size: [longest, shortest] };
  }
  const [width, height] = [side('width'), side('height')];
  if (width !== undefined && height !== undefined) return { fit: 'stretch', size: [width, height] };
  const [maxWidth, maxHeight] = [side('max_width'), side('max_height')];
  if (maxWidth === undefined || maxHeight === undefined) return undefined;
  return { fit: 'letterbox-top-left', size: [maxWidth, maxHeight] };
}

/** Where nothing bounds the longer side: an aspect that pictures don't pass. */
const UNBOUNDED = 10;

function triple(value: unknown): [number, number, number] | undefined {
  const fits = Array.isArray(value) && value.length === 3 && value.every((item) => typeof item === 'number');
  return fits ? (value as [number, number, number]) : undefined;
}
