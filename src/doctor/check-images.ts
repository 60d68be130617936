import type { GroundTruthSet } from '../evaluate/tables/ground-truth-set.js';
import type { FileFacts } from '../image/image-facts.js';
import { type Finding, type FindingPlace, finding } from './finding.js';

/** Annotated images whose file is missing, or has another size. @param files  by image name */
export function checkImages({ images }: GroundTruthSet, files: ReadonlyMap<string, FileFacts>): Finding[] {
  const [missing, unreadable, sizes]: [FindingPlace[], FindingPlace[], FindingPlace[]] = [[], [], []];
  for (const { name, width, height } of images) {
    if (name === null) continue;
    const file = files.get(name);
    if (file === undefined) missing.push({ image: name });
    else if (file.size === null) unreadable.push({ image: name });
    else if (width > 0 && height > 0 && (file.size.width !== width || file.size.height !== height)) {
      const note = `${width} × ${height} in the annotations, ${file.size.width} × ${file.size.height} in the file`;
      sizes.push({ image: name, note });
    }
  }
  return [
    ...finding(
      'missing-image',
      'error',
      { what: 'images have no file', mend: 'Check --images, or remove their entries.' },
      missing,
    ),
    ...finding(
      'unreadable-image',
      'error',
      { what: 'images cannot be decoded', mend: 'Replace the files.' },
      unreadable,
    ),
    ...finding(
      'image-size',
      'error',
      {
        what: 'images have another size than annotated',
        mend: 'Their boxes are of other pixels: annotate these files, or scale the boxes.',
      },
      sizes,
    ),
  ];
}
