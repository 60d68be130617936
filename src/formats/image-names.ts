/** Why an image can't be held where boxes are fractions of it. */
export const sizeUnknown = 'its size isn’t known';

/**
 * Where the file that belongs to an image goes: its own path with another extension.
 *
 * @param extension  with its point
 */
export function besideImage(image: string, extension: string): string {
  return image.replace(/(?<=[^/])\.[^./]*$/, '') + extension;
}
