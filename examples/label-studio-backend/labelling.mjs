// What a project's labelling configuration asks for, and regions as Label Studio's predictions.

import { SaxesParser } from 'saxes';

/**
 * The first RectangleLabels of a configuration with its labels, and the image that it belongs to.
 *
 * @returns null for a project without boxes
 */
export function readConfiguration(xml) {
  const images = new Map(); // name of an Image: key of the tasks' data
  let boxes = null;
  let inside = false;
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'Image') images.set(attributes.name, attributes.value.replace(/^\$/, ''));
    if (name === 'RectangleLabels' && boxes === null) {
      const { name: from, toName: to, choice } = attributes;
      boxes = { from, to, several: choice === 'multiple', labels: new Set() };
      inside = true;
    }
    if (name === 'Label' && inside) boxes.labels.add(attributes.value);
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'RectangleLabels') inside = false;
  });
  parser.write(xml).close();
  return boxes === null ? null : { ...boxes, key: images.get(boxes.to) };
}

/** One prediction: the regions that have labels of the project. Boxes are percentages of the image's sides. */
export function toPrediction({ width, height, detections }, { from, to, several, labels }, version) {
  const result = [];
  for (const [i, region] of detections.entries()) {
    const known = region.labels.filter(({ label }) => labels.has(label));
    if (known.length === 0) continue;
    const [x1, y1, x2, y2] = region.box;
    result.push({
      id: `sigbox-${i}`,
      type: 'rectanglelabels',
      from_name: from,
      to_name: to,
      original_width: width,
      original_height: height,
      image_rotation: 0,
      score: known[0].score,
      value: {
        x: (100 * x1) / width,
        y: (100 * y1) / height,
        width: (100 * (x2 - x1)) / width,
        height: (100 * (y2 - y1)) / height,
        rotation: 0,
        rectanglelabels: known.slice(0, several ? undefined : 1).map(({ label }) => label),
      },
    });
  }
  const score = result.length === 0 ? 0 : result.reduce((sum, region) => sum + region.score, 0) / result.length;
  return { model_version: version, score, result };
}
