import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDetector, type Detection, type Detector } from '../../src/index.js';
import { data, describeWithData } from '../support/data.js';

describeWithData('photographs', () => {
  let detector: Detector;
  beforeAll(async () => {
    detector = await createDetector({ workers: 0 });
  });
  afterAll(() => detector?.close());

  const rows: [string, Record<string, number>][] = [
    ['bus.jpg', { bus: 1, person: 3 }],
    ['city_4.jpg', { car: 1, 'traffic light': 1, person: 4 }],
    ['city_5.jpg', { car: 3, bus: 1, 'traffic light': 2 }],
    ['dog.jpg', { bicycle: 1, dog: 1, truck: 1 }],
  ];

  test.each(rows)('%s', async (name, least) => {
    const { detections } = await detector.detect(data('photos', name));
    const labels = detections.flatMap((detection) => detection.labels.map(({ label }) => label));
    for (const [label, count] of Object.entries(least)) {
      expect(labels.filter((found) => found === label).length, label).toBeGreaterThanOrEqual(count);
    }
  });

  test('the pickup of dog.jpg is one region, car and truck at once', async () => {
    const { detections } = await detector.detect(data('photos', 'dog.jpg'));
    const pickup = detections.find(
      ({ box: [x1, y1, x2, y2] }) => x1 < 575 && x2 > 575 && y1 < 125 && y2 > 125 && x1 > 400,
    );
    expect(pickup?.labels.map(({ label }) => label)).toEqual(['car', 'truck']);
  });

  test('every EXIF orientation gives the same boxes, in the upright frame', async () => {
    const persons: Detection[] = [];
    for (let orientation = 0; orientation <= 8; orientation++) {
      const { width, height, detections } = await detector.detect(
        data('odd-images', 'exif', `Portrait_${orientation}.jpg`),
      );
      expect([width, height]).toEqual([1200, 1800]);
      expect(detections.map(({ label }) => label)).toEqual(['person']);
      persons.push(...detections);
    }
    for (const { box } of persons) {
      for (const [k, edge] of box.entries()) {
        // The pictures are encoded apart, and each has its number painted in.
        expect(Math.abs(edge - persons[0].box[k])).toBeLessThanOrEqual(2);
      }
    }
  });
});
