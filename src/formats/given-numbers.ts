import type { Dataset } from '../types/annotations.js';

/** The numbers that a COCO dataset gives images and categories. */
export interface GivenNumbers {
  /** Of the image of that name, else of the only one with the same last part of the name; null: there are several. */
  imageId(image: string): number | null | undefined;
  /** By label. */
  categoryIds: ReadonlyMap<string, number>;
}

export function givenNumbers({ images, labels, categoryIds }: Dataset): GivenNumbers {
  const byName = new Map<string, number>();
  const byLastPart = new Map<string, number | null>();
  for (const { image, id } of images) {
    if (id === undefined) continue;
    byName.set(image, id);
    byLastPart.set(lastPart(image), byLastPart.has(lastPart(image)) ? null : id);
  }
  return {
    imageId: (image) => byName.get(image) ?? byLastPart.get(lastPart(image)),
    categoryIds: new Map(labels.map((label, i) => [label, categoryIds?.[i] ?? i])),
  };
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
