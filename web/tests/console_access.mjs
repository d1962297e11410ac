// axe-core on every page, in both languages and both themes: nothing serious or critical.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { differences, everyPage } from './console_pages.mjs';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function violationsOf(page) {
  await page.evaluate(source);
  const found = await page.evaluate(async () => (await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] })).violations);
  return found.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`).join(' | ')}`);
}

export async function accessParts({ person, step, facts, assert }) {
  const all = [];
  const first = await person('officer');
  const pages = await everyPage(facts, first.page);
  await first.context.close();
  for (const language of ['zh-CN', 'en']) {
    for (const theme of ['light', 'dark']) {
      for (const [name, places] of Object.entries(pages)) {
        await step(`${name} ${language} ${theme}`, async () => {
          const { page, go, context } = await person(name, { language, theme });
          for (const place of Object.values(places).filter(Boolean)) {
            await go(place);
            await page.waitForTimeout(450);
            for (const summary of await page.locator('main details:not([open]) > summary:visible').all()) await summary.click().catch(() => undefined);
            all.push(...(await violationsOf(page)).map((text) => ({ place: `${name} ${language} ${theme} ${place}`, text })));
          }
          if (name === 'officer') {
            await go(`/findings/${facts.findings.uA[3]}`);
            await page.click('[data-test=do-dismiss]');
            all.push(...(await violationsOf(page)).map((text) => ({ place: `dialog ${language} ${theme}`, text })));
            await go('/registry');
            await differences(page);
            await page.click('[data-test=registry-ask]');
            all.push(...(await violationsOf(page)).map((text) => ({ place: `differences ${language} ${theme}`, text })));
          }
          await context.close();
        });
      }
    }
  }
  /** The same fault on many pages is told once, with one of its places. */
  const once = new Map(all.map(({ place, text }) => [text.replace(/data-v-\w+=""|#\/\w+\/\w+/g, ''), `${place}: ${text}`]));
  assert.deepEqual([...once.values()], [], 'no serious or critical violation');
}
