import { extname } from 'node:path';
import type { Sharp } from 'sharp';

type Encoder = (picture: Sharp) => Sharp;

const jpeg: Encoder = (picture) => picture.jpeg({ quality: 90, chromaSubsampling: '4:4:4' }); // coloured text blurs with less
const tiff: Encoder = (picture) => picture.tiff({ compression: 'deflate' });

/** By ending. */
const ENCODERS: Readonly<Record<string, Encoder>> = {
  ...{ '.jpg': jpeg, '.jpeg': jpeg, '.jpe': jpeg, '.jfif': jpeg },
  ...{ '.tif': tiff, '.tiff': tiff },
  '.png': (picture) => picture.png(),
  '.webp': (picture) => picture.webp({ quality: 90 }),
  '.avif': (picture) => picture.avif({ quality: 75, effort: 2 }), // at its default effort one picture takes seconds
  '.gif': (picture) => picture.gif(),
};

/** Whether pictures of this name can be written in the format that it stands for. */
export function isWritable(file: string): boolean {
  return extname(file).toLowerCase() in ENCODERS;
}

/** Has a picture written in the format that a file's name stands for; JPEG for those that can't be written. */
export function encodeAs(file: string, picture: Sharp): Sharp {
  return (ENCODERS[extname(file).toLowerCase()] ?? jpeg)(picture);
}
