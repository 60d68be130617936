/**
 * The kind of picture that a file's ending stands for. Kinds that sharp's usual build can't decode are here too: such files
 * are to fail with a reason and not to be passed over.
 */
export const PICTURE_KINDS = {
  ...{ jpg: 'jpeg', jpeg: 'jpeg', jpe: 'jpeg', jfif: 'jpeg', mpo: 'mpo' },
  ...{ png: 'png', apng: 'apng', webp: 'webp', avif: 'avif', tif: 'tiff', tiff: 'tiff', gif: 'gif' },
  ...{ svg: 'svg', svgz: 'svg', bmp: 'bmp', dib: 'bmp', ico: 'ico', heic: 'heic', heif: 'heic' },
  ...{
    jp2: 'jpeg2000',
    j2k: 'jpeg2000',
    jpeg2000: 'jpeg2000',
    jxl: 'jxl',
    tga: 'tga',
    psd: 'psd',
    hdr: 'hdr',
    exr: 'exr',
  },
  ...{ ppm: 'netpbm', pnm: 'netpbm', pbm: 'netpbm', pgm: 'netpbm' },
  ...{ dng: 'raw', cr2: 'raw', cr3: 'raw', nef: 'raw', arw: 'raw' },
} as const;

export type PictureKind = (typeof PICTURE_KINDS)[keyof typeof PICTURE_KINDS];

/** All endings, with their points. */
export const PICTURE_EXTENSIONS: readonly string[] = Object.keys(PICTURE_KINDS).map((ending) => `.${ending}`);

/** By a file's name, in any case of letters; undefined: no picture. */
export function pictureKind(name: string): PictureKind | undefined {
  const ending = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(PICTURE_KINDS, ending) ? PICTURE_KINDS[ending as keyof typeof PICTURE_KINDS] : undefined;
}

/** Whether a file is a picture by its name. */
export function isPictureName(name: string): boolean {
  return pictureKind(name) !== undefined;
}
