import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { reason, SigboxError } from '../errors.js';
import { type FamilyInput, RGB01 } from './recognition.js';

type Step = Record<string, unknown>;

/**
 * How the infer_cfg.yml that PaddleDetection writes beside an export prepares pictures.
 *
 * Source: Resize, NormalizeImage and Pad in deploy/python/preprocess.py of PaddleDetection.
 *
 * @returns null where there is no such file
 * @throws SigboxError E_MODEL  it can't be read
 */
export async function readInferConfig(model: string): Promise<FamilyInput | null> {
  const file = join(dirname(model), 'infer_cfg.yml');
  if (!existsSync(file)) return null;
  let steps: unknown;
  try {
    steps = parse(await readFile(file, 'utf8'))?.Preprocess;
  } catch (cause) {
    throw new SigboxError('E_MODEL', `${file}: cannot be read: ${reason(cause)}.`, { cause });
  }
  if (!Array.isArray(steps)) throw new SigboxError('E_MODEL', `${file}: expected a list Preprocess, received none.`);
  const step = (type: string) => (steps as Step[]).find((candidate) => candidate?.type === type);
  return { ...coloursOf(step('NormalizeImage')), ...placeOf(step('Resize'), step('PadStride')) };
}

/** Pixels become (pixel / 255 − mean) / std, without the division where is_scale is false. */
function coloursOf(normalise: Step | undefined): Omit<FamilyInput, 'fit' | 'padValue'> {
  if (normalise === undefined) return { ...RGB01, scale: 1 };
  const scale = normalise.is_scale === false ? 1 : 1 / 255;
  const plain = normalise.norm_type === 'none';
  const mean = plain ? null : triple(normalise.mean);
  const std = plain ? null : triple(normalise.std);
  return { channels: 'rgb', scale, mean: mean ?? [0, 0, 0], std: std ?? [1, 1, 1] };
}

/** target_size is [height, width]; with keep_ratio the picture becomes as large as fits, padded to a stride. */
function placeOf(resize: Step | undefined, pad: Step | undefined): Pick<FamilyInput, 'fit' | 'padValue'> {
  const [height, width] = Array.isArray(resize?.target_size) ? (resize.target_size as number[]) : [640, 640];
  const size: [number, number] = [width!, height!];
  if (resize?.keep_ratio !== true) return { fit: 'stretch', padValue: 0, size } as FamilyInput;
  const stride = typeof pad?.stride === 'number' && pad.stride > 0 ? pad.stride : 1;
  return { fit: 'shortest-edge', padValue: 0, size, multipleOf: stride } as FamilyInput;
}

function triple(value: unknown): [number, number, number] | null {
  const fits = Array.isArray(value) && value.length === 3 && value.every((item) => typeof item === 'number');
  return fits ? (value as [number, number, number]) : null;
}
