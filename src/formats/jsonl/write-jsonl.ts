import { toJson } from '../../text/json-number.js';
import type { AnnotatedImage } from '../../types/annotations.js';
import type { Annotations } from '../annotations.js';
import type { Writer } from '../format.js';

/** JSON Lines: an object per image; what truth does not have (scores) is left out. */
export const writeJsonLines: Writer = async function* (annotations) {
  yield { path: 'annotations.jsonl', pieces: lines(annotations) };
};

async function* lines({ labels, classIds, images }: Annotations): AsyncGenerator<string> {
  const numbers = new Map(labels.map((label, i) => [label, classIds[i]!]));
  for await (const image of images()) yield `${toJson(entryOf(image, numbers))}\n`;
}

function entryOf({ image, id, width, height, regions, ...rest }: AnnotatedImage, numbers: ReadonlyMap<string, number>) {
  const detections = regions.map(({ box, labels, ...marks }) => {
    const numbered = labels.map(({ label, ...score }) => ({ label, classId: numbers.get(label)!, ...score }));
    return { box, ...numbered[0], labels: numbered, ...marks };
  });
  return { image, ...(id !== undefined && { id }), width, height, detections, ...rest };
}
