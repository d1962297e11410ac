// axe-core on every page, in both languages and both themes: nothing serious or critical.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

function pagesOf(facts) {
  const [http, chain, dns] = facts.findings.uA;
  return {
    officer: ['/overview', '/findings', '/findings?view=groups', `/findings/${http}`, `/findings/${chain}`, `/findings/${dns}`, '/cases', '/cases?view=list', '/notices', `/notices/${facts.issued}`, '/obligations', '/outbox', '/documents', '/bulk', '/scorecards',
      '/units', '/units/uB', '/settings', '/settings?tab=workflows', '/settings?tab=runs', '/settings?tab=map', '/wall', '/nowhere'],
    unitB: ['/desk', `/notices/${facts.issued}`, '/notices', '/assets', '/documents'],
    admin1: ['/users', '/audit'],
  };
}

async function violationsOf(page) {
  await page.evaluate(source);
  const found = await page.evaluate(async () => (await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] })).violations);
  return found.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`).join(' | ')}`);
}

/** Records that have pages of their own and that the facts do not name. */
async function recordsOf(page) {
  const list = (name) => page.evaluate(async (collection) => (await (await fetch(`/api/v1/${collection}?limit=200`)).json()).items, name);
  const [cases, notices, responses, verifications] = [await list('cases'), await list('notices'), await list('responses'), await list('verifications')];
  const draft = notices.find((notice) => notice.state === 'draft');
  return [cases[0] && `/cases/${cases[0].id}`, draft && `/notices/${draft.id}`, responses[0] && `/responses/${responses[0].id}`, verifications[0] && `/verifications/${verifications[0].id}`].filter(Boolean);
}

export async function accessParts({ person, step, facts, assert }) {
  const all = [];
  for (const language of ['zh-CN', 'en']) {
    for (const theme of ['light', 'dark']) {
      for (const [name, places] of Object.entries(pagesOf(facts))) {
        await step(`${name} ${language} ${theme}`, async () => {
          const { page, go, context } = await person(name, { language, theme });
          const whole = name === 'officer' ? [...places, ...(await recordsOf(page))] : places;
          for (const place of whole) {
            await go(place);
            await page.waitForTimeout(450);
            all.push(...(await violationsOf(page)).map((text) => ({ place: `${name} ${language} ${theme} ${place}`, text })));
          }
          if (name === 'officer') {
            await go(`/findings/${facts.findings.uA[3]}`);
            await page.click('[data-test=do-dismiss]');
            all.push(...(await violationsOf(page)).map((text) => ({ place: `dialog ${language} ${theme}`, text })));
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
