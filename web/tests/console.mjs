// Plays the console in Chromium on a server that tests/scenarios/console_test.py has filled:
//   node tests/console.mjs loop|access|hostile|bulk|pictures|registry|keyboard|faults|wall
// FENGSUI_URL, FENGSUI_PASSWORD (of all people), FENGSUI_FACTS (JSON: what was made). FENGSUI_SCREENSHOT_DIR keeps pictures.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { accessParts } from './console_access.mjs';
import { bulkParts } from './console_bulk.mjs';
import { faultsParts } from './console_faults.mjs';
import { hostileParts } from './console_hostile.mjs';
import { keyboardParts } from './console_keyboard.mjs';
import { loopParts } from './console_loop.mjs';
import { picturesParts } from './console_pictures.mjs';
import { registryParts } from './console_registry.mjs';
import { wallParts } from './console_wall.mjs';
import { openBrowser } from './open_browser.mjs';

const base = (process.env.FENGSUI_URL ?? '').replace(/\/$/, '');
const facts = JSON.parse(process.env.FENGSUI_FACTS ?? '{}');
const pictures = process.env.FENGSUI_SCREENSHOT_DIR;
const parts = { loop: loopParts, access: accessParts, hostile: hostileParts, bulk: bulkParts, pictures: picturesParts, registry: registryParts, keyboard: keyboardParts, faults: faultsParts, wall: wallParts }[process.argv[2] ?? 'loop'];
const complaints = [];
/** Signing in asks whether there is a session; refusals that a step provokes are its own matter. */
const EXPECTED = /status of (401|412|429)|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_FAILED/;

function listen(page, who) {
  page.on('console', (message) => message.type() === 'error' && !EXPECTED.test(message.text()) && complaints.push(`${who}: ${message.text()} (${message.location().url})`));
  page.on('pageerror', (error) => complaints.push(`${who}: ${error}`));
  page.on('dialog', (dialog) => {
    complaints.push(`${who}: a dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => !/^(data|blob):/.test(request.url()) && !request.url().startsWith(base) && complaints.push(`${who}: request to another host ${request.url()}`));
}

const browser = await openBrowser();

/** A person at a browser of his own, signed in. */
async function person(name, { language = 'zh-CN', theme = 'light', viewport = { width: 1440, height: 900 } } = {}) {
  const context = await browser.newContext({ viewport, locale: language });
  await context.addInitScript(([chosen, colours]) => {
    if (window.top !== window) return; // a sandboxed document has no storage
    localStorage.setItem('fengsui.language', chosen);
    localStorage.setItem('fengsui.theme', colours);
  }, [language, theme]);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  listen(page, `${name} ${language} ${theme}`);
  await page.goto(`${base}/`);
  await page.fill('#name', name);
  await page.fill('#password', process.env.FENGSUI_PASSWORD ?? '');
  await page.click('button[type=submit]');
  await page.waitForSelector('nav.rail');
  const go = async (place) => {
    await page.goto(`${base}/#${place}`);
    await page.waitForSelector('h1');
  };
  return { name, page, context, go };
}

let number = 0;
async function step(name, work, page) {
  number += 1;
  await work();
  if (pictures && page) {
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${process.argv[2]}-${String(number).padStart(2, '0')}.png`) });
  }
  console.log(`ok ${number} ${name}`);
}

let failed = false;
try {
  await parts({ person, step, facts, base, assert, complaints });
  assert.deepEqual(complaints, [], 'no console errors, no dialogs, no other hosts');
} catch (error) {
  failed = true;
  console.error(`not ok ${number} ${error.stack}`);
  if (complaints.length) console.error(complaints.join('\n'));
  if (pictures) {
    const pages = browser.contexts().flatMap((context) => context.pages());
    await Promise.all(pages.map((page, at) => page.screenshot({ path: join(pictures, `failed-${at}.png`) }).catch(() => undefined)));
  }
} finally {
  await browser.close();
}
console.log(failed ? 'console test failed' : `console test passed, ${number} steps`);
process.exit(failed ? 1 : 0);
