import type { Interpolation } from '../../../types/pictures.js';

/** The kernels of `cv2.resize` by their numbers; the last two are exact forms of those before. */
export const OPENCV_KERNELS = ['nearest', 'linear', 'cubic', 'area', 'lanczos', 'linear', 'nearest'] as const;
export type OpenCvKernel = (typeof OPENCV_KERNELS)[number];

/** `area`, the mean of what a pixel covers, comes closest to antialiasing. */
const SAME: Readonly<Partial<Record<OpenCvKernel, Interpolation>>> = {
  linear: 'bilinear',
  cubic: 'bicubic',
  area: 'antialias',
};

/**
 * How pictures are resized for a model whose own program does it by a kernel of OpenCV's.
 *
 * @param kernel  undefined: what the file names is none
 * @param named   what the file says, for the warning: `infer_cfg.yml "interp": 4`
 * @returns with a warning where nothing here resizes like it
 */
export function resizedLike(
  kernel: OpenCvKernel | undefined,
  named: string,
): { interpolation: Interpolation; warnings: string[] } {
  const interpolation = kernel === undefined ? undefined : SAME[kernel];
  if (interpolation !== undefined) return { interpolation, warnings: [] };
  const what = kernel === undefined ? 'no kernel of OpenCV’s' : `OpenCV’s ${kernel} kernel`;
  const warning =
    `${named} means ${what}: its linear kernel is taken in its place, and scores may differ from those of the model’s ` +
    'own program. A spec {"input":{"interpolation":…}} says what is to be taken.';
  return { interpolation: 'bilinear', warnings: [warning] };
}
