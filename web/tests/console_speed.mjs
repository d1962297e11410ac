// How long the first page takes from a cold browser, and the longest time for which the list of findings cannot answer while it is scrolled.
// FENGSUI_URL, FENGSUI_PASSWORD; started by bench/console_speed.py. Prints one JSON line for each figure.
import { openBrowser } from './open_browser.mjs';

const base = process.env.FENGSUI_URL.replace(/\/$/, '');
const TIMES = Number(process.env.FENGSUI_TIMES ?? 7);
const SIZE = { viewport: { width: 1440, height: 900 }, locale: 'zh-CN' };
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const tell = (name, list, more = {}) => console.log(JSON.stringify({ name, median: Math.round(median(list)), worst: Math.round(Math.max(...list)), times: list.length, ...more }));

async function signedIn() {
  const browser = await openBrowser();
  const context = await browser.newContext(SIZE);
  const page = await context.newPage();
  await page.goto(`${base}/`);
  await page.fill('#name', 'officer');
  await page.fill('#password', process.env.FENGSUI_PASSWORD);
  await page.click('button[type=submit]');
  await page.waitForSelector('nav.rail');
  const state = await context.storageState();
  await browser.close();
  return state;
}

/** A new browser with an empty cache each time: until the figures stand there and the way to the findings answers a click. */
async function firstPage(storageState) {
  const browser = await openBrowser();
  const page = await (await browser.newContext({ ...SIZE, storageState })).newPage();
  const begun = Date.now();
  await page.goto(`${base}/#/overview`, { waitUntil: 'commit' });
  await page.waitForSelector('[data-test=figure] strong', { state: 'visible' });
  const figures = Date.now() - begun;
  await page.click('nav a[href="#/findings"]');
  await page.waitForSelector('[data-test=finding-row]');
  const list = Date.now() - begun - figures;
  await browser.close();
  return { figures, list };
}

/** From the first rows to the last of those loaded, a screenful a frame; more is fetched on the way. */
async function scrolled(storageState) {
  const browser = await openBrowser();
  const page = await (await browser.newContext({ ...SIZE, storageState })).newPage();
  await page.goto(`${base}/#/findings`);
  await page.waitForSelector('[data-test=finding-row]');
  await page.waitForTimeout(1500);
  const seen = await page.evaluate(async () => {
    const tasks = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' });
    const box = document.querySelector('[role=table]');
    for (let at = 0; at < 600; at += 1) {
      box.scrollTop += 500;
      await new Promise((done) => requestAnimationFrame(done));
    }
    await new Promise((done) => setTimeout(done, 500));
    return { longest: Math.max(0, ...tasks), long: tasks.length, rows: Number(box.getAttribute('aria-rowcount')), drawn: document.querySelectorAll('[data-test=finding-row]').length };
  });
  await browser.close();
  return seen;
}

const state = await signedIn();
const first = [];
const lists = [];
for (let time = 0; time < TIMES; time += 1) {
  const { figures, list } = await firstPage(state);
  first.push(figures);
  lists.push(list);
}
tell('first page usable, ms', first);
tell('from there to the list, ms', lists);
const runs = [];
for (let time = 0; time < 3; time += 1) runs.push(await scrolled(state));
tell('longest task while scrolling, ms', runs.map((one) => one.longest), { long_tasks: runs.map((one) => one.long), rows: runs[0].rows, drawn: runs[0].drawn });
