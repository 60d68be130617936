import { jsonArray } from '../../text/json-array.js';
import type { AnnotatedImage, AnnotatedRegion } from '../../types/annotations.js';
import type { Annotations } from '../annotations.js';
import type { WriteContext, Writer } from '../format.js';
import { sizeUnknown } from '../image-names.js';
import { checkXmlLabels, toXml } from '../xml/write-xml.js';

/** Where Label Studio serves the files of a folder that it was given as local storage. */
const LOCAL_FILES = '/data/local-files/?d=';

/**
 * Label Studio's tasks, with predictions (annotations where no label has a score), and the labelling configuration for
 * their project. A region keeps all its labels; its score is that of the first, the others are in `meta.scores`.
 *
 * Source: https://labelstud.io/guide/predictions, https://labelstud.io/tags/rectanglelabels
 *
 * @throws SigboxError E_ARGUMENT  a label that XML can't hold, which the configuration is
 */
export const writeLabelStudio: Writer = async function* (annotations, context) {
  checkXmlLabels(annotations.labels, 'label-studio');
  yield { path: 'label-studio.json', pieces: tasksFile(annotations, context) };
  yield { path: 'label-studio.xml', pieces: [configuration(annotations.labels)] };
};

async function* tasksFile(annotations: Annotations, context: WriteContext): AsyncGenerator<string> {
  yield* jsonArray(tasks(annotations, context));
  yield '\n';
}

async function* tasks({ images }: Annotations, { survey, imageRoot = LOCAL_FILES, refuse }: WriteContext) {
  for await (const image of images()) {
    const { width, height, regions } = image;
    if (!(width > 0 && height > 0)) {
      refuse(image.image, sizeUnknown);
      continue;
    }
    const name = image.image.split('/').map(encodeURIComponent).join('/');
    const data = { image: imageRoot + name, file_name: image.image, width, height };
    const result = regions.map((region, i) => resultOf(region, image, `r${i + 1}`));
    const predictions = { model_version: 'sigbox', score: meanScore(regions), result };
    yield survey.scores ? { data, predictions: [predictions] } : { data, annotations: [{ result }] };
  }
}

function resultOf({ box: [x1, y1, x2, y2], labels }: AnnotatedRegion, { width, height }: AnnotatedImage, id: string) {
  const scores = labels.map(({ score }) => score ?? null);
  return {
    id,
    type: 'rectanglelabels',
    from_name: 'label',
    to_name: 'image',
    original_width: width,
    original_height: height,
    image_rotation: 0,
    value: {
      x: (100 * x1) / width,
      y: (100 * y1) / height,
      width: (100 * (x2 - x1)) / width,
      height: (100 * (y2 - y1)) / height,
      rotation: 0,
      rectanglelabels: labels.map(({ label }) => label),
    },
    ...(labels[0]!.score !== undefined && { score: labels[0]!.score }),
    ...(labels.length > 1 && scores[0] !== null && { meta: { scores } }),
  };
}

/** Of the regions' first labels; 0 without any. Label Studio sorts tasks by it. */
function meanScore(regions: readonly AnnotatedRegion[]): number {
  const sum = regions.reduce((total, { labels }) => total + (labels[0]!.score ?? 0), 0);
  return regions.length === 0 ? 0 : sum / regions.length;
}

function configuration(labels: readonly string[]): string {
  const view = {
    Image: { '@name': 'image', '@value': '$image' },
    RectangleLabels: {
      ...{ '@name': 'label', '@toName': 'image', '@choice': 'multiple' },
      Label: labels.map((label) => ({ '@value': label })),
    },
  };
  return toXml({ View: view });
}
