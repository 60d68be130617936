import type { CocoDataset, GroundTruthInput } from '../../evaluate/inputs.js';
import { isFolder, readJson } from '../../files/read-file.js';
import type { ReadOptions } from '../../formats/format.js';
import { readDataset } from '../../formats/read-dataset.js';

/**
 * Reads ground truth of any format. COCO's is given as it is, so that its ids, areas and odd entries reach the evaluation as they
 * reach pycocotools.
 *
 * @throws SigboxError E_IO  it can't be read, or is of no known format
 */
export async function readGroundTruth(path: string, options: ReadOptions): Promise<GroundTruthInput> {
  if (/\.json$/i.test(path) && !(await isFolder(path))) {
    const content = await readJson(path);
    if (isCoco(content)) return content;
  }
  return readDataset(path, options);
}

function isCoco(content: unknown): content is CocoDataset {
  const has = (field: string) => field in (content as object);
  return typeof content === 'object' && content !== null && has('images') && has('annotations') && has('categories');
}
