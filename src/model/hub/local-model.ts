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
 * @throws SigboxError  as `pullModel`
 */
export async function localModel(model: string | URL | undefined, options: PullOptions = {}): Promise<LocalModel> {
  if (typeof model !== 'string' || remoteModel(model) === null) return { model, origin: null };
  const { file, name, revision } = await pullModel(model, options);
  return { model: file, origin: { name, revision } };
}
