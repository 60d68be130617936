import type { Sharp } from 'sharp';
import { type PictureKind, pictureKind } from '../image/picture-endings.js';

type Encoder = (picture: Sharp) => Sharp;

const jpeg: Encoder = (picture) => picture.jpeg({ quality: 90, chromaSubsampling: '4:4:4' }); // coloured text blurs with less

const ENCODERS: Partial<Record<PictureKind, Encoder>> = {
  jpeg,
  tiff: (picture) => picture.tiff({ compression: 'deflate' }),
  png: (picture) => picture.png(),
  webp: (picture) => picture.webp({ quality: 90 }),
  avif: (picture) => picture.avif({ quality: 75, effort: 2 }), // at its default effort one picture takes seconds
  gif: (picture) => picture.gif(),
};

function encoderFor(file: string): Encoder | undefined {
  const kind = pictureKind(file);
  return kind === undefined ? undefined : ENCODERS[kind];
}

/** Whether pictures of this name can be written in the format that it stands for. */
export function isWritable(file: string): boolean {
  return encoderFor(file) !== undefined;
}

/** Has a picture written in the format that a file's name stands for; JPEG for those that can't be written. */
export function encodeAs(file: string, picture: Sharp): Sharp {
  return (encoderFor(file) ?? jpeg)(picture);
}
