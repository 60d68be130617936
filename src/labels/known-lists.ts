/** A data set's class names, in the order in which its detectors number them. */
export interface KnownList {
  name: string;
  classes: number;
  /** Whether so many classes are hardly ever those of another set, or of this one in another order. */
  telling: boolean;
  /** The names: some of the lists are long, so each is loaded where it is used. */
  load(): Promise<readonly string[]>;
}

/** No two of them have as many classes. */
export const KNOWN_LISTS: readonly KnownList[] = [
  { name: 'BDD100K', classes: 10, telling: false, load: async () => (await import('./lists/bdd100k.js')).BDD100K },
  { name: 'Pascal VOC', classes: 20, telling: false, load: async () => (await import('./lists/voc.js')).VOC },
  { name: 'COCO', classes: 80, telling: true, load: async () => (await import('./lists/coco.js')).COCO },
  {
    name: 'Objects365',
    classes: 365,
    telling: false, // versions 1 and 2 differ in their order
    load: async () => (await import('./lists/objects365.js')).OBJECTS365,
  },
  {
    name: 'the Open Images Challenge',
    classes: 500,
    telling: false,
    load: async () => (await import('./lists/open-images-challenge.js')).OPEN_IMAGES_CHALLENGE,
  },
  {
    name: 'Open Images',
    classes: 601,
    telling: false, // some number them by the alphabet
    load: async () => (await import('./lists/open-images.js')).OPEN_IMAGES,
  },
  { name: 'LVIS', classes: 1203, telling: true, load: async () => (await import('./lists/lvis.js')).LVIS },
];

/** The set that has so many classes. */
export function knownListOf(classes: number): KnownList | undefined {
  return KNOWN_LISTS.find((list) => list.classes === classes);
}
