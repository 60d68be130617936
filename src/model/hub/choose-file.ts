import { SigboxError } from '../../errors.js';
import type { Repository, RepositoryFile } from './repository.js';

/** Precisions that exports of one model come in; of each, the endings of its file names. */
const VARIANTS = {
  fp32: [''],
  fp16: ['_fp16'],
  int8: ['_quantized', '_int8', '_uint8', '_q8'],
  q4: ['_q4', '_bnb4', '_q4f16'],
} as const;

export type FileVariant = keyof typeof VARIANTS;

export const VARIANT_NAMES = Object.keys(VARIANTS) as FileVariant[];

/**
 * The ONNX file of a repository: the named one; else the one of the variant.
 *
 * @throws SigboxError E_ARGUMENT  none, or several that fit: the message lists what there is
 */
export function chooseFile({ name, files }: Repository, path: string | null, variant: FileVariant): RepositoryFile {
  const models = files.filter((file) => /\.onnx$/i.test(file.path));
  if (path !== null) return named(name, models, path);
  if (models.length === 1 && variant === 'fp32') return models[0]!;
  const fitting = models.filter((file) => variantOf(file.path) === variant);
  const preferred = fitting.filter(({ path }) => stem(path, variant) === 'model');
  const [choice] = preferred.length > 0 ? preferred : fitting;
  if (choice !== undefined && (fitting.length === 1 || preferred.length > 0)) return choice;
  const problem = fitting.length === 0 ? `no ONNX file of variant ${variant}` : `${fitting.length} ONNX files`;
  throw new SigboxError('E_ARGUMENT', `model hf:${name}: it holds ${problem}. ${whatThereIs(name, models)}`);
}

function named(name: string, models: readonly RepositoryFile[], path: string): RepositoryFile {
  const found = models.find((file) => file.path === path);
  if (found !== undefined) return found;
  throw new SigboxError('E_ARGUMENT', `model hf:${name}: it holds no file ${path}. ${whatThereIs(name, models)}`);
}

function variantOf(path: string): FileVariant {
  const names = VARIANT_NAMES.filter((variant) => variant !== 'fp32');
  return names.find((variant) => VARIANTS[variant].some((ending) => bare(path).endsWith(ending))) ?? 'fp32';
}

function stem(path: string, variant: FileVariant): string {
  const ending = VARIANTS[variant].find((end) => end !== '' && bare(path).endsWith(end)) ?? '';
  return bare(path).slice(0, bare(path).length - ending.length);
}

/** Without folders and `.onnx`, in small letters. */
function bare(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1, -'.onnx'.length).toLowerCase();
}

const SHOWN = 8;

function whatThereIs(name: string, models: readonly RepositoryFile[]): string {
  if (models.length === 0) return 'There is no ONNX file in it: docs/better-models.md says how to export one.';
  const listed = models.slice(0, SHOWN).map(({ path }) => `hf:${name}/${path}`);
  return `Name one: ${listed.join(', ')}${models.length > SHOWN ? ', …' : ''}.`;
}
