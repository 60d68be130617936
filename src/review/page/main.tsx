import { render } from 'preact';
import type { PageInfo } from '../protocol/info.js';
import { allImages } from './engine/select.js';
import { loadJson } from './load.js';
import { info, knobs, knobsOf, look, order, run } from './state.js';
import { App } from './views/app.js';
import { startCrew } from './workers.js';

async function start(): Promise<void> {
  const page = document.getElementById('page')!;
  try {
    info.value = await loadJson<PageInfo>('data/page.json');
    knobs.value = knobsOf(run.value);
    // all images, until the worker has looked at them
    order.value = { rows: allImages(run.value.images, false), patches: null, images: 0 };
    document.title = `${run.value.name} · sigbox review`;
    if (info.value.runs.length > 1) look({ sort: 'difference' });
    await startCrew();
    page.replaceChildren();
    render(<App />, page);
  } catch (error) {
    page.textContent = `The run cannot be shown: ${(error as Error).message}`;
  }
}

void start();
