import { type GroundTruthImage, type GroundTruthSet, remark } from './ground-truth-set.js';

/** Width and height of images in the results, by the number of the image in the ground truth. */
export type ResultSizes = ReadonlyMap<number, readonly [width: number, height: number]>;

/** Sides may differ by this much and still have the same aspect: sizes are rounded to whole pixels. */
const ASPECT = 0.02;

interface Misfit {
  number: number;
  scale: [x: number, y: number];
  /** Whether the picture is only larger or smaller, not turned or cut. */
  isScaled: boolean;
}

/**
 * Compares sizes of images, as far as both sides know them: boxes of resized or unturned pictures lie elsewhere.
 *
 * @param scales  true: boxes of images with another size and the same aspect are scaled to the results' pixels
 * @returns the ground truth, perhaps with scaled boxes, with a warning that names the first image and both sizes
 */
export function matchSizes(groundTruth: GroundTruthSet, sizes: ResultSizes, scales: boolean): GroundTruthSet {
  const misfits = misfitsOf(groundTruth.images, sizes);
  const [first] = misfits;
  if (first === undefined) return groundTruth;
  const scaled = new Map(
    misfits.flatMap(({ number, scale, isScaled }) => (scales && isScaled ? [[number, scale]] : [])),
  );
  const left = misfits.filter(({ number }) => !scaled.has(number));
  const mend = left.every(({ isScaled }) => isScaled)
    ? '. Where the pictures were only resized, scaleGroundTruth (--scale-truth) scales the boxes'
    : '. Were the pictures turned (EXIF) or cut when they were annotated?';
  const warnings = [
    ...remark(
      left.length,
      'image has',
      'images have',
      `another size in the ground truth than in the results (${shown(left[0], groundTruth, sizes)}): boxes do not fit together${mend}`,
    ),
    ...remark(
      scaled.size,
      'image of the ground truth was',
      'images of the ground truth were',
      `scaled to the size in the results (${shown(
        misfits.find(({ number }) => scaled.has(number)),
        groundTruth,
        sizes,
      )})`,
    ),
  ];
  return { ...scaledTables(groundTruth, scaled, sizes), warnings: [...groundTruth.warnings, ...warnings] };
}

function misfitsOf(images: readonly GroundTruthImage[], sizes: ResultSizes): Misfit[] {
  return [...sizes].flatMap(([number, [width, height]]): Misfit[] => {
    const image = images[number]!;
    if (!(image.width > 0 && image.height > 0 && width > 0 && height > 0)) return [];
    if (image.width === width && image.height === height) return [];
    const [x, y] = [width / image.width, height / image.height];
    return [{ number, scale: [x, y], isScaled: Math.abs(x / y - 1) <= ASPECT }];
  });
}

function shown(misfit: Misfit | undefined, { images }: GroundTruthSet, sizes: ResultSizes): string {
  if (misfit === undefined) return '';
  const { name, id, width, height } = images[misfit.number]!;
  return `${name ?? id}: ${width} × ${height}, in the results ${sizes.get(misfit.number)!.join(' × ')}`;
}

function scaledTables(
  groundTruth: GroundTruthSet,
  scaled: ReadonlyMap<number, [x: number, y: number]>,
  sizes: ResultSizes,
): GroundTruthSet {
  if (scaled.size === 0) return groundTruth;
  const { table, images } = groundTruth;
  const [boxes, boxAreas, areas] = [table.boxes.slice(), table.boxAreas.slice(), table.areas.slice()];
  for (const [row, image] of table.images.entries()) {
    const [x, y] = scaled.get(image) ?? [1, 1];
    for (let side = 0; side < 4; side++) boxes[4 * row + side]! *= side % 2 === 0 ? x : y;
    boxAreas[row]! *= x * y;
    areas[row]! *= x * y;
  }
  const resized = images.map((image, number) => {
    const [width, height] = scaled.has(number) ? sizes.get(number)! : [image.width, image.height];
    return { ...image, width, height };
  });
  return { ...groundTruth, table: { ...table, boxes, boxAreas, areas }, images: resized };
}
