import { readFileSync } from 'node:fs';
import { packageFile } from '../files/package-files.js';

/** Where a model comes from and what its file is, as its manifest in models/ says. */
export interface ModelManifest {
  name: string;
  /** The ONNX file beside the manifest. */
  file: string;
  description: string;
  /** Of the weights; an SPDX identifier. */
  license: string;
  /** Who trained it, for people. */
  origin: string;
  source: PackageSource;
  /** Of the ONNX file; lower-case hexadecimal. */
  sha256: string;
  /** Size of the ONNX file. */
  bytes: number;
}

/** A TensorFlow.js graph model inside an npm package. */
export interface PackageSource {
  /** Name and exact version, or `file:` and the path of a tarball. */
  package: string;
  /** Of the tarball, as npm writes it: sha512-… */
  integrity: string;
  /** The model.json inside the package. */
  path: string;
}

const MANIFEST = 'models/ssdlite-mobilenet-v2-coco.json';

export function builtinManifest(): ModelManifest {
  return JSON.parse(readFileSync(packageFile(MANIFEST), 'utf8'));
}

/** Path of the model that is used when none is named: SSDLite MobileNet v2 with COCO's labels. */
export function builtinModel(): string {
  return packageFile(`models/${builtinManifest().file}`);
}
