import { SigboxError } from '../../../errors.js';
import type { Store } from '../../../files/store/store.js';
import { resultLabels } from '../../../labels/label-map.js';
import { resultReader } from '../../detect-image.js';
import { type RenderedFiles, Rendering } from '../../outputs/rendering.js';
import type { SeenImage } from '../../run-images.js';
import type { PlannedImage, PlannedRun } from './manifest.js';

/**
 * What draws the pictures and crops of a chunk into the store; null: the run has none.
 *
 * @param images  of the chunk: no two images of the run have one picture, so that others need not be known
 * @returns whether a picture could be drawn
 */
export function chunkPictures(
  { store, header }: PlannedRun,
  images: readonly PlannedImage[],
  signal: AbortSignal | undefined,
): ((image: SeenImage) => Promise<boolean>) | null {
  const { rendering, options, spec } = header;
  if (!rendering.pictures && !rendering.crops) return null;
  const names = images.map(({ name }) => name);
  const labels = resultLabels(spec.labels, spec.parents);
  const rendered = new Rendering(filesOf(store, signal), names, labels, { ...rendering, ...options });
  const resultOf = resultReader(header);
  return async ({ image: { name }, outcome, picture }) => {
    if (outcome instanceof SigboxError) return true; // nothing is to be drawn
    return (await rendered.write(picture, resultOf(name, outcome))) === null;
  };
}

/** A store as the folder of pictures: what is there was drawn by this run. */
function filesOf(store: Store, signal: AbortSignal | undefined): RenderedFiles {
  return {
    folder: store.name,
    async write(path, bytes) {
      if (!(bytes instanceof Uint8Array)) throw new TypeError('a picture comes whole');
      await store.write(path, bytes, { signal });
    },
    async remove(path) {
      await store.remove(path);
      return true;
    },
    unlistedAmong: async () => [],
  };
}
