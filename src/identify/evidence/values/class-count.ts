import type { YoloGridHeadSpec } from '../../../heads/contracts/yolo-grid.js';
import { ANCHORS } from '../../../heads/decode/yolo-anchors.js';
import type { HeadSpec } from '../../../heads/index.js';
import type { Tensors } from '../../../types/model.js';

/** How many class columns the outputs of a run hold under a head; null where outputs do not tell. */
export function classCount(head: HeadSpec, outputs: Tensors): number | null {
  const dim = (name: string | undefined, at: number) => outputs[name ?? '']?.dims.at(at) ?? Number.NaN;
  const columns = ((): number | null => {
    switch (head.family) {
      case 'yolo':
        return (
          dim(head.output, head.layout === 'rows' ? -1 : -2) - (head.objectness ? 5 : 4) - (head.extraColumns ?? 0)
        );
      case 'yolox':
        return dim(head.output, -1) - 5;
      case 'boxes-scores':
        return dim(head.scores, head.layout === 'rows' ? -1 : -2);
      case 'ssd':
        return dim(head.scores, -1);
      case 'selected':
        return dim(head.scores, -2);
      case 'centernet':
        return dim(head.heatmap, 1);
      case 'yolox-levels':
        return dim(head.scores[0], head.layout === 'maps' ? 1 : -1);
      case 'dfl': {
        const behind = head.scores[0] === head.distances[0] ? 4 * head.bins : 0;
        return dim(head.scores[0], head.layout === 'maps' ? 1 : -1) - behind;
      }
      case 'yolo-grid':
        return gridClasses(head, outputs);
      case 'anchor-deltas': {
        const perCell = typeof head.anchors === 'string' ? 9 : head.anchors[0]!.length / 2;
        return head.layout === 'maps' ? dim(head.scores[0], 1) / perCell : dim(head.scores[0], -1);
      }
      default:
        return null; // rows that name a class each
    }
  })();
  return columns !== null && Number.isInteger(columns) && columns > 0 ? columns : null;
}

function gridClasses({ outputs: [name], order, anchors }: YoloGridHeadSpec, outputs: Tensors): number {
  const sets: readonly (readonly number[])[] = typeof anchors === 'string' ? ANCHORS[anchors] : anchors;
  const perCell = sets[0]!.length / 2;
  const { dims } = outputs[name ?? ''] ?? { dims: [] };
  const last = dims.at(-1) ?? Number.NaN;
  if (order === 'cells-shared-classes') return last - 5 * perCell;
  if (dims.length === 5) return (order === 'anchors-channels' ? dims[2]! : last) - 5;
  return (order === 'anchors-channels' ? dims[1]! : last) / perCell - 5;
}
