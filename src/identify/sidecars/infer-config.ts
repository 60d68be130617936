import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { reason, SigboxError } from '../../errors.js';
import { readRegular } from '../../files/read-file.js';
import { OPENCV_KERNELS, resizedLike } from '../evidence/input/opencv-kernels.js';
import type { LabelsGiven } from '../labels.js';
import { type FamilyInput, RGB01 } from '../recognition.js';

type Step = Record<string, unknown>;

export interface InferConfig {
  input: FamilyInput;
  /** The names of the classes, where it has them. */
  labels: LabelsGiven | undefined;
  /** What it asks for and does not get. */
  warnings: string[];
}

/**
 * What the infer_cfg.yml that PaddleDetection writes beside an export says of pictures and classes.
 *
 * Source: Resize, NormalizeImage, Pad and PadStride in deploy/python/preprocess.py of PaddleDetection.
 *
 * @returns null where there is no such file
 * @throws SigboxError E_MODEL  it can't be read
 */
export async function readInferConfig(model: string): Promise<InferConfig | null> {
  const file = join(dirname(model), 'infer_cfg.yml');
  if (!existsSync(file)) return null;
  let config: { Preprocess?: unknown; label_list?: unknown } | null;
  try {
    config = parse((await readRegular(file)).toString());
  } catch (cause) {
    throw new SigboxError('E_MODEL', `${file}: cannot be read: ${reason(cause)}.`, { cause });
  }
  const steps = config?.Preprocess;
  if (!Array.isArray(steps)) throw new SigboxError('E_MODEL', `${file}: expected a list Preprocess, received none.`);
  const step = (type: string) => (steps as Step[]).find((candidate) => candidate?.type === type);
  const { interpolation, warnings } = interpolationOf(step('Resize'));
  const place = placeOf(step('Resize'), step('PadStride'), step('Pad'));
  const names = Array.isArray(config?.label_list) ? config.label_list.map(String) : [];
  return {
    input: { ...coloursOf(step('NormalizeImage')), ...place, interpolation },
    labels: names.length === 0 ? undefined : { from: 'infer_cfg.yml "label_list"', names: new Map(names.entries()) },
    warnings,
  };
}

/** Pixels become (pixel / 255 − mean) / std, without the division where is_scale is false. */
function coloursOf(normalise: Step | undefined): Pick<FamilyInput, 'channels' | 'scale' | 'mean' | 'std'> {
  if (normalise === undefined) return { ...RGB01, scale: 1 };
  const scale = normalise.is_scale === false ? 1 : 1 / 255;
  const plain = normalise.norm_type === 'none';
  const mean = plain ? null : triple(normalise.mean);
  const std = plain ? null : triple(normalise.std);
  return { channels: 'rgb', scale, mean: mean ?? [0, 0, 0], std: std ?? [1, 1, 1] };
}

/** `interp` of Resize is OpenCV's number. Default 1, the linear kernel */
function interpolationOf({ interp = 1 }: Step = {}) {
  return resizedLike(OPENCV_KERNELS[interp as number], `infer_cfg.yml "interp": ${String(interp)}`);
}

/** target_size is [height, width]; with keep_ratio the picture becomes as large as fits, then padded right and below. */
function placeOf(
  resize?: Step,
  padStride?: Step,
  pad?: Step,
): Omit<FamilyInput, 'channels' | 'scale' | 'mean' | 'std' | 'interpolation'> {
  const [height, width] = Array.isArray(resize?.target_size) ? (resize.target_size as number[]) : [640, 640];
  const size: [number, number] = [width!, height!];
  if (resize?.keep_ratio !== true) return { fit: 'stretch', padValue: 0, size };
  const [grey] = Array.isArray(pad?.fill_value) ? (pad.fill_value as number[]) : [0];
  if (pad !== undefined) return { fit: 'letterbox-top-left', padValue: grey!, size };
  const stride = typeof padStride?.stride === 'number' && padStride.stride > 0 ? padStride.stride : 1;
  return { fit: 'shortest-edge', padValue: 0, size, multipleOf: stride };
}

function triple(value: unknown): [number, number, number] | null {
  const fits = Array.isArray(value) && value.length === 3 && value.every((item) => typeof item === 'number');
  return fits ? (value as [number, number, number]) : null;
}
