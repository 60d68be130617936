import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { type DefaultTheme, defineConfig } from 'vitepress';

const docs = fileURLToPath(new URL('../../docs', import.meta.url));

/** Pages in the order in which somebody needs them. A page that is in none of the groups comes last, under "More". */
const GROUPS: Record<string, string[]> = {
  Start: ['getting-started', 'install', 'how-it-works', 'faq', 'troubleshooting'],
  Detect: ['models', 'better-models', 'labels', 'multi-label', 'rules', 'options', 'tiles', 'augment'],
  'Folders of pictures': ['runs', 'formats', 'review', 'candidates', 'scale'],
  Measure: ['evaluate', 'compare', 'check', 'tune'],
  Program: ['recipes', 'postprocess'],
};

const pages = readdirSync(docs).filter((name) => name.endsWith('.md') && name !== 'index.md');
const names = pages.map((name) => basename(name, '.md'));
const grouped = Object.values(GROUPS).flat();
const title = (name: string) => /^# (.*)$/m.exec(readFileSync(join(docs, `${name}.md`), 'utf8'))?.[1] ?? name;
const items = (group: string[]) =>
  group.filter((name) => names.includes(name)).map((name) => ({ text: plain(title(name)), link: `/${name}` }));

function plain(text: string): string {
  return text.replaceAll('`', '');
}

function sidebar(): DefaultTheme.SidebarItem[] {
  const groups = Object.entries(GROUPS).map(([text, group]) => ({ text, items: items(group) }));
  const more = names.filter((name) => !grouped.includes(name));
  if (more.length > 0) groups.push({ text: 'More', items: items(more) });
  groups.push({ text: 'Reference', items: [{ text: 'API', link: '/api/' }] });
  return groups;
}

export default defineConfig({
  title: 'sigbox',
  description: 'Labelled boxes from any ONNX object detector, in Node',
  srcDir: 'pages', // a copy of docs/, and the API reference
  outDir: 'dist',
  cacheDir: 'cache',
  locales: {
    root: { label: 'English', lang: 'en' },
    ja: { label: '日本語', lang: 'ja', link: '/ja/getting-started' },
  },
  themeConfig: {
    i18nRouting: false, // only one page is there in Japanese
    nav: [
      { text: 'Getting started', link: '/getting-started' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: 'local' },
  },
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config: (markdown) => {
      markdown.core.ruler.push('leave-outside-unlinked', leaveOutsideUnlinked);
      markdown.core.ruler.push('plain-empty-headers', plainEmptyHeaders);
    },
  },
});

interface Token {
  type: string;
  tag: string;
  content: string;
  children: Token[] | null;
  attrGet(name: string): string | null;
}

/** Links to files of the repository that are no pages, such as ../examples, become text: the site has no address for them. */
function leaveOutsideUnlinked({ tokens, env }: { tokens: Token[]; env: { relativePath?: string } }): void {
  const isOutside = (link: string) =>
    !/^[a-z]+:|^[/#]/.test(link) && /^(\.\.\/|decisions\/)/.test(join(dirname(env.relativePath ?? ''), link));
  for (const { children } of tokens) {
    let inside = false;
    for (const token of children ?? []) {
      const outside = token.type === 'link_open' && isOutside(token.attrGet('href') ?? '');
      if (outside) inside = true;
      if (!inside) continue;
      const closes = token.type === 'link_close';
      if (outside || closes) Object.assign(token, { type: 'text', tag: '', content: '', nesting: 0 });
      if (closes) inside = false;
    }
  }
}

/** A heading of a column without words is no heading: those who have tables read out would hear nothing. */
function plainEmptyHeaders({ tokens }: { tokens: Token[] }): void {
  for (const [i, token] of tokens.entries()) {
    const [content, end] = tokens.slice(i + 1, i + 3);
    if (token.type === 'th_open' && content!.content === '') token.tag = end!.tag = 'td';
  }
}
