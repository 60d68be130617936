import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import type { BuildManifest } from '../../../scripts/model/manifest.js';
import { inputSpec } from '../../support/input-spec.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { SmallGraph } from './small-graph.js';

/** The bytes of an npm package of a TensorFlow.js model with one convolution. */
export function smallTarball(extra: Record<string, string> = {}): Buffer {
  const graph = smallGraph();
  const { model, weights } = graph.files();
  return packTarball({
    'package.json': JSON.stringify({ name: 'small', version: '1.0.0' }),
    'model/model.json': JSON.stringify(model),
    'model/weights.bin': weights[0],
    ...extra,
  });
}

function smallGraph(): SmallGraph {
  const graph = new SmallGraph([1, 4, 4, 3]);
  graph.rows('scores', graph.conv('Conv2D', 'conv', 'image', [3, 3, 3, 2]), 2);
  return graph;
}

/** A folder with small.json and the small.tgz that it names; the result's hash is not known yet. */
export async function smallFolder(change: (manifest: BuildManifest) => void = () => {}) {
  const folder = await temporaryFolder();
  const tarball = smallTarball();
  const manifest = smallManifest(tarball);
  change(manifest);
  const file = join(folder, 'small.json');
  await writeFile(join(folder, 'small.tgz'), tarball);
  await writeFile(file, JSON.stringify(manifest, null, 2));
  return { folder, file, manifest, onnx: join(folder, 'small.onnx') };
}

export function smallManifest(tarball: Uint8Array): BuildManifest {
  const size = { width: 4, height: 4 };
  return {
    name: 'small',
    file: 'small.onnx',
    description: 'One convolution',
    license: 'CC0-1.0',
    origin: 'sigbox tests',
    source: { package: 'file:small.tgz', integrity: integrityOf(tarball), path: 'model/model.json' },
    graph: smallGraph().cut('scores'),
    sha256: '',
    bytes: 0,
    spec: {
      name: 'small',
      input: inputSpec(size),
      head: {
        family: 'ssd',
        scores: 'scores',
        boxes: 'boxes',
        anchors: 'anchors',
        activation: 'sigmoid',
        boxScales: [1, 1, 1, 1],
      },
      labels: [null, "cat's eye"],
    },
  };
}

export function integrityOf(bytes: Uint8Array): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

/** An npm package of some files. */
function packTarball(files: Record<string, string | Uint8Array>): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'sigbox-pack-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      const file = join(folder, 'package', name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    const file = join(folder, 'package.tgz');
    create({ file, cwd: folder, gzip: true, portable: true, sync: true }, ['package']);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
