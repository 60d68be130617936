import { shortestFloat32 } from '../../text/json-number.js';
import type { AnnotatedImage } from '../../types/annotations.js';
import type { Annotations, Survey } from '../annotations.js';
import type { WriteContext, Writer } from '../format.js';
import { type Row, rowsOf } from '../rows.js';
import { checkXmlLabels, toXml, unheldByXml, XML_DECLARATION, xmlHolds } from '../xml/write-xml.js';

/**
 * "CVAT for images 1.1": one file with the labels and a box per label of a region. Scores are an attribute `score`, which
 * the labels declare as a number; crowds and difficult boxes are attributes as well, where there are any.
 *
 * Source: https://docs.cvat.ai/docs/manual/advanced/xml_format/
 *
 * @throws SigboxError E_ARGUMENT  a label that XML can't hold
 */
export const writeCvat: Writer = async function* (annotations, context) {
  checkXmlLabels(annotations.labels, 'cvat');
  yield { path: 'cvat.xml', pieces: document(annotations, context) };
};

async function* document({ labels, images }: Annotations, { survey, refuse }: WriteContext): AsyncGenerator<string> {
  const attributes = { attribute: declared(survey) };
  const label = labels.map((name) => ({ name, type: 'rectangle', attributes }));
  const task = { name: 'sigbox', size: survey.names.length, mode: 'annotation', labels: { label } };
  yield `${XML_DECLARATION}<annotations>\n${toXml({ version: '1.1' })}${toXml({ meta: { task } })}`;
  let id = 0;
  for await (const image of images()) {
    if (xmlHolds(image.image)) yield toXml({ image: imageElement(image, id++) });
    else refuse(image.image, unheldByXml);
  }
  yield '</annotations>\n';
}

function declared({ scores, crowds, difficult }: Survey) {
  const flag = (name: string) => ({
    name,
    mutable: 'False',
    input_type: 'checkbox',
    default_value: 'false',
    values: 'false',
  });
  return [
    ...(scores
      ? [{ name: 'score', mutable: 'True', input_type: 'number', default_value: '1', values: '0\n1\n0.0001' }]
      : []),
    ...(difficult ? [flag('difficult')] : []),
    ...(crowds ? [flag('crowd')] : []),
  ];
}

function imageElement({ image, width, height, regions }: AnnotatedImage, id: number) {
  return { '@id': id, '@name': image, '@width': width, '@height': height, box: regions.flatMap(rowsOf).map(box) };
}

function box({ label, box, score, difficult, crowd }: Row) {
  const [xtl, ytl, xbr, ybr] = box.map(shortestFloat32);
  const attribute = [
    ...(score === undefined ? [] : [{ '@name': 'score', '#text': shortestFloat32(score) }]),
    ...(difficult ? [{ '@name': 'difficult', '#text': 'true' }] : []),
    ...(crowd ? [{ '@name': 'crowd', '#text': 'true' }] : []),
  ];
  return {
    '@label': label,
    ...(score !== undefined && { '@source': 'auto' }),
    ...{ '@occluded': 0, '@xtl': xtl, '@ytl': ytl, '@xbr': xbr, '@ybr': ybr, '@z_order': 0 },
    attribute,
  };
}
