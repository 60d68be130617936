import type { Dataset } from '../../types/annotations.js';

/** The numbers that a COCO dataset gives images and categories. */
export interface GivenNumbers {
  /**
   * [images] the id of the dataset's image of that name, else of the only one with the same last part of the name, where
   * no other image has it; a text: why there is none.
   */
  imageIds(images: readonly string[]): (number | string)[];
  /** By label. */
  categoryIds: ReadonlyMap<string, number>;
}

export function givenNumbers({ images, labels, categoryIds }: Dataset): GivenNumbers {
  const byName = new Map<string, number>();
  const byLastPart = new Map<string, number | null>();
  for (const { image, id } of images) {
    if (id === undefined) continue;
    byName.set(normal(image), id);
    byLastPart.set(lastPart(image), byLastPart.has(lastPart(image)) ? null : id);
  }
  const imageIds = (names: readonly string[]) => {
    const alike = new Map<string, string[]>(names.map((name) => [lastPart(name), []]));
    for (const name of names) alike.get(lastPart(name))!.push(name);
    return names.map((name) => {
      const id = byName.get(normal(name)) ?? byLastPart.get(lastPart(name));
      if (id === undefined) return 'the dataset of image ids has none of that name';
      if (id === null) return 'the dataset of image ids has several of that name in different folders';
      const [one, other] = alike.get(lastPart(name))!;
      if (byName.has(normal(name)) || other === undefined) return id;
      return `the dataset of image ids has one ${lastPart(name)}, which may be ${one} or ${other}`;
    });
  };
  return { imageIds, categoryIds: new Map(labels.map((label, i) => [label, categoryIds?.[i] ?? i])) };
}

/** Macs store letters and their accents apart. */
function normal(name: string): string {
  return name.normalize('NFC');
}

function lastPart(name: string): string {
  return normal(name.slice(name.lastIndexOf('/') + 1));
}
