import { complain } from '../errors.js';

/** @throws SigboxError E_ARGUMENT  fewer than two images */
export function requireTwoImages(where: string, images: number): void {
  if (images >= 2) return;
  const mend = 'Each fold is evaluated with thresholds and curves fitted to the other folds.';
  throw complain('E_ARGUMENT', { where, expected: 'two or more images', received: images, mend });
}
