import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { nearestName } from '../../check/nearest-name.js';
import { SigboxError } from '../../errors.js';
import { KNOWN_MODELS } from './known-models.js';
import { remoteModel } from './model-name.js';
import { type PullOptions, pullModel } from './pull-model.js';

/** Where a model came from. */
export interface ModelOrigin {
  /** The name that gives this very file again: `hf:ORG/NAME@COMMIT/PATH`, or an address with its hash. */
  name: string;
  /** Commit of the repository; null: it is from another address. */
  revision: string | null;
}

export interface LocalModel {
  /** A path or file URL; undefined: the built-in model. */
  model: string | URL | undefined;
  /** null: it was on this machine already, and nobody knows from where. */
  origin: ModelOrigin | null;
}

/**
 * A model on this machine, wherever its name says that it lies: what is not here yet is fetched.
 *
 * @param model    a path or file URL, a name that `pullModel` takes, or undefined for the built-in model
 * @throws SigboxError E_IO  nothing lies at the path; else as `pullModel`
 */
export async function localModel(model: string | URL | undefined, options: PullOptions = {}): Promise<LocalModel> {
  if (typeof model !== 'string') return { model, origin: null };
  if (remoteModel(model) === null) {
    if (!existsSync(model) && !model.startsWith('file:')) throw noSuchModel(model);
    return { model, origin: null };
  }
  const { file, name, revision } = await pullModel(model, options);
  return { model: file, origin: { name, revision } };
}

function noSuchModel(path: string): SigboxError {
  const meant =
    nearestName(
      KNOWN_MODELS.map(({ name }) => name),
      path,
    ) ?? nearestFile(path);
  const mend = meant === null ? 'sigbox models lists those that have a name.' : `Did you mean "${meant}"?`;
  return new SigboxError('E_IO', `model ${path}: cannot be opened: there is no such file. ${mend}`);
}

/** The model in the same folder whose name is nearest. */
function nearestFile(path: string): string | null {
  const folder = dirname(path);
  try {
    const models = readdirSync(folder).filter((name) => /\.onnx$/i.test(name));
    const near = nearestName(models, basename(path));
    return near === null ? null : join(folder, near);
  } catch {
    return null;
  }
}
