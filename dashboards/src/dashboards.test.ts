import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, it } from 'vitest';
import { dashboardOf } from './board.ts';
import { boards } from './boards.ts';
import { madeFiles } from './files.ts';
import { pageLanguages } from './language.ts';

const root = join(import.meta.dirname, '..', '..');
/** As the SDK's types have them, which are those that Grafana publishes. */
const pages = pageLanguages.flatMap((language) =>
  boards.map((board) => ({ name: `${language}/${board.id}`, page: dashboardOf(board, language) })),
);
const uids = pages.map(({ page }) => page.uid ?? '');

const isPanel = (panel: Panel | RowPanel): panel is Panel => panel.type !== 'row';
const panelsIn = (panels: readonly (Panel | RowPanel)[] = []): Panel[] => panels.filter(isPanel);

describe('the dashboards', () => {
  it('lie beside their source as it makes them: else run `npm run generate`', () => {
    for (const { path, text } of madeFiles())
      expect([path, readFileSync(join(root, path), 'utf8')]).toEqual([path, text]);
    const made = madeFiles().map(({ path }) => path);
    expect(globSync('dashboards/json/**/*.json', { cwd: root }).sort()).toEqual(
      made.filter((path) => path.endsWith('.json')).sort(),
    );
  });

  it('have uids that Grafana takes, each one only once', () => {
    expect(new Set(uids).size).toBe(uids.length);
    for (const uid of uids) expect(uid).toMatch(/^[a-z-]{8,40}$/);
  });

  it('are the same pages with the same queries in each language', () => {
    for (const board of boards) {
      const [first, ...others] = pageLanguages.map((language) =>
        panelsIn(dashboardOf(board, language).panels).map(({ type, gridPos, targets = [] }) => ({
          type,
          gridPos,
          queries: targets.map((target) =>
            // What the hub concluded has its texts in both.
            'query' in target ? String(target.query).replaceAll(/_(zh|en)"/g, '"') : undefined,
          ),
        })),
      );
      for (const other of others) expect(other).toEqual(first);
    }
  });

  it('hold no Chinese on an English page, and no sentence without it on a Chinese one', () => {
    for (const { name, page } of pages) {
      const text = JSON.stringify(page);
      if (name.startsWith('en/'))
        expect([name, /\p{Script=Han}+/u.exec(text)?.[0]]).toEqual([name, undefined]);
      else
        for (const { title = '', description = '' } of panelsIn(page.panels)) {
          expect([name, title]).toEqual([name, expect.stringMatching(/\p{Script=Han}|CPU/u)]);
          expect([name, description]).toEqual([
            name,
            expect.stringMatching(/^.*\p{Script=Han}.*\n\n变红时：/u),
          ]);
        }
    }
  });
});

describe.each(pages)('the page $name', ({ page }) => {
  const panels = panelsIn(page.panels);

  it('gives each panel an id of its own', () => {
    const ids = page.panels?.map(({ id }) => id) ?? [];
    expect(ids.every((id) => Number.isInteger(id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('lays no panel over another, and none beyond 24 columns', () => {
    const taken = new Set<string>();
    for (const { gridPos } of page.panels ?? []) {
      const { x = -1, y = -1, w = 0, h = 0 } = gridPos ?? {};
      expect(x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= 24).toBe(true);
      for (let row = y; row < y + h; row += 1)
        for (let column = x; column < x + w; column += 1) {
          const cell = `${column}/${row}`;
          expect(taken.has(cell)).toBe(false);
          taken.add(cell);
        }
    }
  });

  it('says of each panel what it shows, in which unit, and what to do when it is red', () => {
    for (const { title, description, fieldConfig } of panels) {
      expect(title).toMatch(/\S/);
      expect([title, description]).toEqual([
        title,
        expect.stringMatching(/\S+[.。]\n\n(When it is red: |变红时：)\S/),
      ]);
      expect([title, fieldConfig?.defaults.unit]).toEqual([title, expect.stringMatching(/^\w+$/)]);
    }
  });

  it('asks the data source that is chosen on it, and no other', () => {
    const chosen = `"datasource":{"type":"influxdb","uid":"\${datasource}"}`;
    const text = JSON.stringify(page);
    for (const panel of panels) expect(JSON.stringify(panel)).toContain(chosen);
    expect(text.replaceAll(chosen, '')).not.toContain('"datasource":');
    expect(text.replaceAll(chosen, '').match(/"uid":/g)).toHaveLength(1);
  });

  it('leads to pages that are there, in its own language', () => {
    const language = page.uid?.endsWith('-zh') === true ? '-zh' : '-en';
    const targets = [...JSON.stringify(page).matchAll(/\/d\/([a-z-]+)/g)].map(([, uid = '']) => uid);
    for (const uid of targets) {
      expect(uids).toContain(uid);
      expect(uid.endsWith(language)).toBe(true);
    }
    for (const { tags = [] } of page.links ?? []) for (const tag of tags) expect(page.tags).toContain(tag);
  });

  it('marks its charts with what it asks for by its own variables, and says so in a few words', () => {
    for (const { name, datasource, target } of page.annotations.list ?? []) {
      expect(name).toMatch(/\S/);
      expect(datasource).toEqual({ type: 'influxdb', uid: `\${datasource}` });
      expect(target).toMatchObject({ fromAnnotations: true, rawQuery: true });
    }
    const names = page.annotations.list?.map(({ name }) => name) ?? [];
    expect(new Set(names).size).toBe(names.length);
  });

  it('offers places by their names, and takes their ids', () => {
    for (const { type, regex } of page.templating.list ?? []) {
      if (type !== 'query') continue;
      const [, pattern = ''] = /^\/(.*)\/$/.exec(String(regex)) ?? [];
      const found = new RegExp(pattern).exec('祁连县（镇）第一中学 (hb3z-1)');
      expect(found?.groups).toEqual({ text: '祁连县（镇）第一中学 (hb3z-1)', value: 'hb3z-1' });
    }
  });

  it('uses no variable that it does not have', () => {
    const known = page.templating.list?.map(({ name }) => name) ?? [];
    const used = [...JSON.stringify(page).matchAll(/\$\{([a-z]+)(?::\w+)?\}/g)].map(([, name = '']) => name);
    for (const name of used) expect(known).toContain(name);
  });
});
