import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { info } from '../state.js';

export const help = signal(false);

const EVERYWHERE = [
  ['l', 'Names of labels on or off'],
  ['g', 'Ground truth on or off'],
  ['k', 'Knobs on or off'],
  ['n', 'Numbers on or off'],
  ['p', 'Pictures or patches'],
] as const;

const ONE_PICTURE = [
  ['← →', 'Previous and next picture'],
  ['+ − 0', 'Nearer, further, all of it'],
  ['Tab', 'Next region'],
  ['c', 'Candidates on or off'],
  ['b', 'The other of two runs'],
  ['Esc', 'Back'],
] as const;

const CORRECTING = [
  ['a', 'Accept, and go to the next picture'],
  ['r', 'Reject the label of the region'],
  ['Delete', 'Delete the region'],
  ['n', 'Add a label to the region'],
  ['d', 'Draw a region'],
  ['Shift + arrows', 'Move the region; with Alt its size'],
  ['z', 'Undo'],
] as const;

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={() => (help.value = false)}>
      <h2 id="help-title">Keys</h2>
      <Keys title="Everywhere" keys={EVERYWHERE} />
      <Keys title="One picture" keys={ONE_PICTURE} />
      {info.value.writable && <Keys title="Corrections" keys={CORRECTING} />}
      <form method="dialog">
        <button type="submit" class="main">
          Close
        </button>
      </form>
    </dialog>
  );
}

function Keys({ title, keys }: { title: string; keys: readonly (readonly [string, string])[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
