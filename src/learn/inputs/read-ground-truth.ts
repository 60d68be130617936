import type { GroundTruthInput } from '../../evaluate/inputs.js';
import { isFolder } from '../../files/read-file.js';
import { mayBeCoco, readCocoText } from '../../formats/coco/read-coco-text.js';
import { type ReadDatasetOptions, readDataset } from '../../formats/read-dataset.js';

/**
 * Reads ground truth of any format. COCO files are read into columns, so that their ids, areas and odd entries reach the
 * evaluation as they reach pycocotools.
 *
 * @param imageFields  fields of COCO images to read besides, such as attributes
 * @throws SigboxError E_IO  it can't be read, or is of no known format
 */
export async function readGroundTruth(
  path: string,
  options: ReadDatasetOptions,
  imageFields: readonly string[] = [],
): Promise<GroundTruthInput> {
  const { from = 'coco' } = options;
  if (from === 'coco' && mayBeCoco(path) && (path === '-' || !(await isFolder(path)))) {
    const text = await readCocoText(path, { imageFields });
    if (text?.kind === 'dataset') return text.file;
  }
  return readDataset(path, { ...options, role: 'ground-truth' });
}
