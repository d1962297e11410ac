// A walk through the pages with a real browser and a real server:
//   FENGSUI_URL=http://127.0.0.1:8080 FENGSUI_USER=admin FENGSUI_PASSWORD=… node tests/browser.mjs
// Optional: FENGSUI_SCREENSHOT_DIR keeps pictures, FENGSUI_PATROL_SECONDS bounds the wait for the patrol,
// FENGSUI_CHROMIUM names the browser. Exit status 0: every step held and the console stayed free of errors.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser } from './open_browser.mjs';

const base = required('FENGSUI_URL').replace(/\/$/, '');
const user = required('FENGSUI_USER');
const password = required('FENGSUI_PASSWORD');
const pictures = process.env.FENGSUI_SCREENSHOT_DIR;
const patrolMs = Number(process.env.FENGSUI_PATROL_SECONDS ?? 120) * 1000;
/** Sign-in asks whether there is a session already; the browser logs that 401 by itself. */
const EXPECTED = /status of 401/;
const complaints = [];
/** Counts by severity of each overview that the server has sent. */
const answered = new Set();
let number = 0;

function required(name) {
  if (process.env[name]) return process.env[name];
  console.error(`missing environment variable ${name}`);
  process.exit(2);
}

function listen(page) {
  page.on('console', (message) => {
    const expected = EXPECTED.test(message.text()) && message.location().url.endsWith('/api/v1/session');
    if (message.type() === 'error' && !expected) complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('response', async (response) => {
    if (!response.url().endsWith('/api/v1/overview') || !response.ok()) return;
    const { findings_by_severity: counts } = await response.json().catch(() => ({ findings_by_severity: {} }));
    answered.add(['critical', 'high', 'medium', 'low', 'info'].map((severity) => counts[severity] ?? 0).join());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith('data:')) complaints.push(`request to another host: ${request.url()}`);
  });
}

async function step(page, name, work) {
  number += 1;
  await work();
  if (pictures) await page.screenshot({ path: join(pictures, `${String(number).padStart(2, '0')}.png`) });
  console.log(`ok ${number} ${name}`);
}

async function signIn(page) {
  await page.goto(`${base}/`);
  await page.fill('#name', user);
  await page.fill('#password', password);
  await page.click('button[type=submit]');
  await page.waitForSelector('[data-test=figure]');
}

const overviewOf = (page) => page.evaluate(async () => (await fetch('/api/v1/overview')).json());
const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);

/** A patrol counts as seen when it moved, found something, or had finished before we came. */
async function patrolMoves(page) {
  const before = await overviewOf(page);
  const over = before.patrol.state !== 'running' && before.patrol.targets_done > 0;
  if (!over && before.patrol.state !== 'running') await page.click('[data-test=start]');
  const until = Date.now() + patrolMs;
  while (Date.now() < until) {
    const after = await overviewOf(page);
    const moved = after.patrol.targets_done !== before.patrol.targets_done || after.patrol.run !== before.patrol.run;
    const counted = sum(after.findings_by_severity) !== sum(before.findings_by_severity);
    if (sum(after.findings_by_severity) > 0 && (over || moved || counted)) return;
    await page.waitForTimeout(500);
  }
  throw new Error('the patrol neither moved nor finished');
}

/** The figures shown are those of some answer of the server: while a patrol runs they follow it a little later. */
async function figuresAgree(page) {
  const shownNow = () => page.$$eval('[data-test=figure] strong', (all) => all.map((figure) => figure.textContent.replace(/\D/g, '')).join());
  const until = Date.now() + 40_000;
  let shown = '';
  while (Date.now() < until) {
    shown = await shownNow();
    if (answered.has(shown) && /[1-9]/.test(shown)) return;
    await page.waitForTimeout(300);
  }
  throw new Error(`figures shown (${shown}) are none of the server's (${[...answered].join(' ')})`);
}

async function openFinding(page) {
  await page.click('nav a[href="#/findings"]');
  await page.waitForSelector('[data-test=finding-row]');
  await page.click('[data-test=finding-row] a.title');
  await page.waitForSelector('[data-test=finding-title]');
  const evidence = await page.innerText('[data-test=evidence] .body');
  assert.ok(evidence.trim().length > 5, 'the finding shows its evidence');
  assert.match(await page.innerText('[data-test=fingerprint]'), /\S{8,}/);
}

async function switchLanguage(page) {
  const before = await page.innerText('h1');
  await page.click('[data-test=language]');
  await page.waitForFunction((text) => document.querySelector('h1').innerText !== text, before);
  await page.reload();
  await page.waitForSelector('[data-test=finding-title]');
  assert.notEqual(await page.innerText('h1'), before, 'the language is kept over a reload');
}

async function openUnit(page) {
  await page.click('nav a[href="#/units"]');
  await page.click('[data-test=unit-row]:last-child a');
  await page.waitForSelector('[data-test=unit-head]');
}

async function filterIsKept(page) {
  await page.goto(`${base}/#/findings?severity=info`);
  await page.waitForSelector('[role=search]');
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined); // the event stream never ends
  const marks = await page.$$eval('[data-test=finding-row] .severity', (all) => all.map((mark) => mark.classList.contains('info')));
  assert.ok(marks.every(Boolean), 'only the severity that the address asks for');
}

async function signOut(page) {
  await page.click('[data-test=sign-out]');
  await page.waitForSelector('#password');
}

async function walk(page) {
  listen(page);
  await step(page, 'sign in', () => signIn(page));
  await step(page, 'patrol progresses or has finished', () => patrolMoves(page));
  await step(page, 'overview shows the counts of the server', () => figuresAgree(page));
  await step(page, 'open a finding, see its evidence', () => openFinding(page));
  await step(page, 'switch language', () => switchLanguage(page));
  await step(page, 'filters live in the address', () => filterIsKept(page));
  await step(page, 'open a unit', () => openUnit(page));
  await step(page, 'switch theme', () => page.click('[data-test=theme]'));
  await step(page, 'sign out', () => signOut(page));
  assert.deepEqual(complaints, [], 'no console errors, no other hosts');
}

if (pictures) mkdirSync(pictures, { recursive: true });
const browser = await openBrowser();
let failed = false;
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
try {
  await walk(page);
} catch (error) {
  failed = true;
  console.error(`not ok ${number} ${error.message}`);
  if (complaints.length) console.error(`console: ${complaints.join('\n')}`);
  if (pictures) await page.screenshot({ path: join(pictures, 'failed.png') }).catch(() => undefined);
} finally {
  await browser.close();
}
console.log(failed ? 'browser test failed' : `browser test passed, ${number} steps`);
process.exit(failed ? 1 : 0);
