import { shortestFloat32 } from '../../text/json-number.js';
import type { AnnotatedImage, AnnotatedLabel, AnnotatedRegion } from '../../types/annotations.js';
import type { Annotations, Survey } from '../annotations.js';
import type { LabelsAs, WriteContext, Writer } from '../format.js';
import { rowsOf } from '../rows.js';
import { checkXmlLabels, toXml, unheldByXml, XML_DECLARATION, xmlHolds } from '../xml/write-xml.js';
import { isAttribute, SCORE_ATTRIBUTE, scoreAttributeOf } from './attributes.js';

/**
 * "CVAT for images 1.1": one file with the labels and a box per label of a region. Scores are an attribute `score`, which
 * the labels declare as a number; crowds and difficult boxes are attributes as well, where there are any. With
 * `labelsAs: 'attributes'` a region is one box of its first label; further labels are checkboxes of their names.
 *
 * Source: https://docs.cvat.ai/docs/manual/advanced/xml_format/
 *
 * @throws SigboxError E_ARGUMENT  a label that XML can't hold
 */
export const writeCvat: Writer = async function* (annotations, context) {
  checkXmlLabels(annotations.labels, 'cvat');
  yield { path: 'cvat.xml', pieces: document(annotations, context) };
};

async function* document({ labels, images }: Annotations, context: WriteContext): AsyncGenerator<string> {
  const { survey, refuse, labelsAs = 'rows' } = context;
  const furtherOf = (name: string) => (labelsAs === 'rows' ? [] : [...(survey.further.get(name) ?? [])]);
  const label = labels.map((name) => ({
    ...{ name, type: 'rectangle' },
    attributes: { attribute: declared(survey, furtherOf(name).filter(isAttribute).sort()) },
  }));
  const task = { name: 'sigbox', size: survey.names.length, mode: 'annotation', labels: { label } };
  yield `${XML_DECLARATION}<annotations>\n${toXml({ version: '1.1' })}${toXml({ meta: { task } })}`;
  let id = 0;
  for await (const image of images()) {
    if (xmlHolds(image.image)) yield toXml({ image: imageElement(image, id++, labelsAs) });
    else refuse(image.image, unheldByXml);
  }
  yield '</annotations>\n';
}

function declared({ scores, crowds, difficult }: Survey, further: readonly string[]) {
  const flag = (name: string) => ({
    name,
    mutable: 'False',
    input_type: 'checkbox',
    default_value: 'false',
    values: 'false',
  });
  const score = (name: string) =>
    scores ? [{ name, mutable: 'True', input_type: 'number', default_value: '1', values: '0\n1\n0.0001' }] : [];
  return [
    ...score(SCORE_ATTRIBUTE),
    ...further.flatMap((label) => [flag(label), ...score(scoreAttributeOf(label))]),
    ...(difficult ? [flag('difficult')] : []),
    ...(crowds ? [flag('crowd')] : []),
  ];
}

function imageElement({ image, width, height, regions }: AnnotatedImage, id: number, labelsAs: LabelsAs) {
  const boxes = regions.flatMap((region) => (labelsAs === 'rows' ? rowsOf(region).map(rowAsRegion) : split(region)));
  return { '@id': id, '@name': image, '@width': width, '@height': height, box: boxes.map(box) };
}

function rowAsRegion({ label, score, ...place }: ReturnType<typeof rowsOf>[number]): AnnotatedRegion {
  return { ...place, labels: [score === undefined ? { label } : { label, score }] };
}

/** A region, and one more for each further label whose name is that of another attribute: these are joined when read. */
function split({ labels, ...place }: AnnotatedRegion): AnnotatedRegion[] {
  const [first, ...others] = labels;
  const held = [first!, ...others.filter(({ label }) => isAttribute(label))];
  const rest = others.filter(({ label }) => !isAttribute(label));
  return [held, ...rest.map((label) => [label])].map((own) => ({ ...place, labels: own }));
}

function box({ labels, box, difficult, crowd }: AnnotatedRegion) {
  const [xtl, ytl, xbr, ybr] = box.map(shortestFloat32);
  const [{ label, score }, ...further] = labels as [AnnotatedLabel, ...AnnotatedLabel[]];
  const scored = (name: string, value: number | undefined) =>
    value === undefined ? [] : [{ '@name': name, '#text': shortestFloat32(value) }];
  const attribute = [
    ...scored(SCORE_ATTRIBUTE, score),
    ...further.flatMap((each) => [
      { '@name': each.label, '#text': 'true' },
      ...scored(scoreAttributeOf(each.label), each.score),
    ]),
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
