import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where a model's file comes from, as its manifest in models/ says. */
export interface ModelManifest {
  name: string;
  file: string;
  sha256: string;
  bytes: number;
  licence: string;
  origin: string;
}

const folder = new URL('../../models/', import.meta.url);
const manifestFile = new URL('ssdlite-mobilenet-v2-coco.json', folder);

export function builtinManifest(): ModelManifest {
  return JSON.parse(readFileSync(manifestFile, 'utf8'));
}

/** Path of the model that is used when none is named: SSDLite MobileNet v2 with COCO's labels. */
export function builtinModel(): string {
  return fileURLToPath(new URL(builtinManifest().file, folder));
}
