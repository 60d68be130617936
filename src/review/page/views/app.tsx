import { useEffect } from 'preact/hooks';
import { figure, Toggle } from '../parts/controls.js';
import { fault, info, MODES, mode, notice, numbers, open, panels, run, shows, upToDate } from '../state.js';
import { Filters } from './filters.js';
import { Gallery } from './gallery.js';
import { Help, help } from './help.js';
import { KnobsPanel } from './knobs.js';
import { NumbersPanel } from './numbers.js';
import { Patches } from './patches.js';
import { Viewer } from './viewer.js';

export function App() {
  const judged = info.value.groundTruth !== null;
  useEffect(() => {
    const press = (event: KeyboardEvent) => shortcut(event);
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  const both = panels.numbers.value && judged;
  return (
    <div class={`app ${panels.knobs.value ? 'with-knobs' : ''} ${both ? 'with-numbers' : ''}`}>
      <Head judged={judged} />
      <aside class="panel knobs" aria-label="Knobs" hidden={!panels.knobs.value}>
        <KnobsPanel />
      </aside>
      <main>
        <Filters />
        {mode.value === 'pictures' ? <Gallery /> : <Patches />}
      </main>
      {judged && (
        <aside class="panel numbers-panel" aria-label="Numbers" hidden={!panels.numbers.value}>
          <NumbersPanel />
        </aside>
      )}
      {open.value !== null && <Viewer place={open.value} />}
      {help.value && <Help />}
      <div class="messages" role="status">
        {notice.value !== null && <p class="notice">{notice.value}</p>}
        {fault.value !== null && (
          <p class="fault">
            {fault.value}
            <button type="button" class="quiet" aria-label="Close" onClick={() => (fault.value = null)}>
              ×
            </button>
          </p>
        )}
      </div>
    </div>
  );
}

function Head({ judged }: { judged: boolean }) {
  const { name, model, images } = run.value;
  const found = numbers.value;
  return (
    <header class="head">
      <strong class="brand">sigbox</strong>
      <h1 title={`${name}, ${model}`}>{name}</h1>
      {info.value.runs.length > 1 && <span>against {info.value.runs[1]!.name}</span>}
      <span class="model">{model}</span>
      <nav class="tabs" aria-label="What is shown">
        {MODES.map((each) => (
          <button key={each} type="button" aria-pressed={mode.value === each} onClick={() => (mode.value = each)}>
            {each === 'pictures' ? 'Pictures' : 'Patches'}
          </button>
        ))}
      </nav>
      <output class="summary" aria-live="polite" aria-busy={!upToDate.value}>
        {found !== null && (
          <>
            <b>{figure(found.regions)}</b> regions in <b>{figure(found.withRegions)}</b> of {figure(images)} pictures
            {!(found.exact && upToDate.value) && ' …'}
          </>
        )}
      </output>
      <span class="space" />
      <Toggle label="Knobs" keys="k" on={panels.knobs.value} onTurn={(on) => openPanel('knobs', on)} />
      {judged && (
        <Toggle label="Numbers" keys="n" on={panels.numbers.value} onTurn={(on) => openPanel('numbers', on)} />
      )}
      <button type="button" class="quiet" aria-label="Keys" aria-keyshortcuts="?" onClick={() => (help.value = true)}>
        ?
      </button>
    </header>
  );
}

/** There is room for one panel only on a phone. */
function openPanel(panel: keyof typeof panels, on: boolean): void {
  panels[panel].value = on;
  const other = panel === 'knobs' ? 'numbers' : 'knobs';
  if (on && matchMedia('(max-width: 760px)').matches) panels[other].value = false;
}

/** Keys of the whole page; the picture by itself has its own. */
function shortcut(event: KeyboardEvent): void {
  const { target, key, ctrlKey, metaKey, altKey } = event;
  const typing = target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
  const sliding = typing && (target as HTMLInputElement).type === 'range';
  if ((typing && !sliding) || ctrlKey || metaKey || altKey) return;
  if (key === '?') help.value = !help.value;
  else if (key === 'l') shows.tags.value = !shows.tags.value;
  else if (key === 'g' && info.value.groundTruth !== null) shows.groundTruth.value = !shows.groundTruth.value;
  else if (open.value !== null) return;
  else if (key === 'k') openPanel('knobs', !panels.knobs.value);
  else if (key === 'n') openPanel('numbers', !panels.numbers.value);
  else if (key === 'p') mode.value = mode.value === 'pictures' ? 'patches' : 'pictures';
}
