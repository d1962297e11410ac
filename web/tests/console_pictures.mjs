// A picture of every page in both languages for docs/pictures; with FENGSUI_LOOK also dark, on a telephone and on a large screen.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { differences, everyPage } from './console_pages.mjs';

const LOOKS = {
  plain: { theme: 'light', viewport: { width: 1440, height: 900 } },
  dark: { theme: 'dark', viewport: { width: 1440, height: 900 } },
  phone: { theme: 'light', viewport: { width: 375, height: 760 } },
  large: { theme: 'dark', viewport: { width: 3840, height: 2160 } },
};

async function settled(page) {
  await page.waitForTimeout(400);
  await page.waitForFunction(() => !document.querySelector('[role=status].state'), null, { timeout: 8000 }).catch(() => undefined);
  await page.waitForTimeout(300);
}

export async function picturesParts({ person, step, facts, assert }) {
  const folder = process.env.FENGSUI_PICTURE_DIR;
  const looks = (process.env.FENGSUI_LOOK ?? 'plain').split(',');
  const only = process.env.FENGSUI_ONLY?.split(',');
  const officer = await person('officer');
  const pages = await everyPage(facts, officer.page);
  await officer.context.close();
  for (const look of looks) {
    for (const language of (process.env.FENGSUI_LANGUAGES ?? 'zh-CN,en').split(',')) {
      const into = join(folder, look === 'plain' ? language : `${look}-${language}`);
      mkdirSync(into, { recursive: true });
      for (const [name, places] of Object.entries(pages)) {
        const { page, go, context } = await person(name, { language, ...LOOKS[look] });
        await step(`${look} ${language} ${name}`, async () => {
          for (const [title, place] of Object.entries(places)) {
            if (!place || (only && !only.includes(title))) continue;
            await go(place);
            await settled(page);
            if (title === 'registry') await differences(page);
            const shown = await page.evaluate(() => document.querySelector('main')?.innerText.trim().length ?? 0);
            assert.ok(shown > 4, `${place}: the page shows something`);
            await page.screenshot({ path: join(into, `${title}.png`), fullPage: process.env.FENGSUI_FULL === '1' });
          }
        });
        await context.close();
      }
      if (!only || only.includes('sign-in')) {
        const { page, context } = await person('officer', { language, ...LOOKS[look] });
        await page.click('[data-test=sign-out]');
        await page.waitForSelector('#password');
        await settled(page);
        await page.screenshot({ path: join(into, 'sign-in.png') });
        await context.close();
      }
    }
  }
}
