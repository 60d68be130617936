import { expect, test } from 'vitest';
import { annotationsOf } from '../../../src/formats/annotations.js';
import { annotated, predicted } from '../street.js';
import { writtenFiles } from '../written-files.js';

test('labels that declare the score, images, boxes', async () => {
  const [[path, text]] = await writtenFiles('cvat', predicted);
  expect(path).toBe('cvat.xml');
  expect(text).toContain(`      <label>
        <name>a &quot;b&quot; &lt;c&gt;</name>
        <type>rectangle</type>
        <attributes>
          <attribute>
            <name>score</name>
            <mutable>True</mutable>
            <input_type>number</input_type>
            <default_value>1</default_value>
            <values>0&#10;1&#10;0.0001</values>
          </attribute>
        </attributes>
      </label>`);
  expect(text).toContain(`<image id="0" name="sub/street &amp; &quot;é&quot;.jpg" width="200" height="100">
  <box label="car" source="auto" occluded="0" xtl="10.4" ytl="20" xbr="60.6" ybr="70" z_order="0">
    <attribute name="score">0.9</attribute>
  </box>
  <box label="a &quot;b&quot; &lt;c&gt;" source="auto"`);
  expect(text).toMatch(/<image id="1" name="empty\.png" width="64" height="48"\/>\n<\/annotations>\n$/);
  expect(text).not.toContain('crowd');
});

test('truth: no score, marks as attributes where there are any', async () => {
  const [[, text]] = await writtenFiles('cvat', annotated);
  expect(text.match(/<name>\w+<\/name>/g)).toEqual(
    ['sigbox', 'car', 'difficult', 'crowd'].map((name) => `<name>${name}</name>`),
  );
  expect(text.match(/<attribute name=.*/g)).toEqual([
    '<attribute name="difficult">true</attribute>',
    '<attribute name="crowd">true</attribute>',
  ]);
});

test('names: a line break is held, a control character is refused', async () => {
  const refused = new Map<string, string>();
  const images = ['a\nb\t"\'.jpg', 'a\u0001.jpg'].map((image) => ({ image, width: 1, height: 1, regions: [] }));
  const [[, text]] = await writtenFiles('cvat', annotationsOf({ labels: [], images }), { refused });
  expect(text.match(/ name="(a.*)" width/g)).toHaveLength(1);
  expect(text).toContain('name="a&#10;b&#9;&quot;');
  expect([...refused]).toEqual([['a\u0001.jpg', 'XML can’t hold a character of its name']]);
});
