// A newcomer at the demo: from the address that ./run prints to a notice issued to a demo unit, by what the pages say alone.
//   FENGSUI_URL=http://127.0.0.1:8080 node tests/newcomer.mjs
// Looks for words on buttons and links, not for marks that only tests know; prints the clicks, the words typed and the seconds that the pages took.
// FENGSUI_SCREENSHOT_DIR keeps a picture of each step.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser } from './open_browser.mjs';

const base = (process.env.FENGSUI_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '');
const pictures = process.env.FENGSUI_SCREENSHOT_DIR;
/** What a person needs to read a page and find the next button. */
const THINKING_SECONDS = 6;
const MOST_SECONDS = 300;
let clicks = 0;
let typed = 0;
let number = 0;

const browser = await openBrowser();
if (pictures) mkdirSync(pictures, { recursive: true });

async function look(page, what) {
  number += 1;
  await page.waitForTimeout(700);
  if (pictures) await page.screenshot({ path: join(pictures, `newcomer-${String(number).padStart(2, '0')}.png`) });
  console.log(`ok ${number} ${what}`);
}
async function click(page, role, name) {
  clicks += 1;
  await page.getByRole(role, { name }).first().click();
}
async function type(page, label, text) {
  typed += 1;
  await page.getByLabel(label).first().fill(text);
}

async function signIn(name) {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })).newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`${base}/`);
  await type(page, '用户名', name);
  await type(page, '密码', `${name}-2026`);
  await click(page, 'button', '登录');
  await page.waitForSelector('nav.rail');
  return page;
}

const begun = Date.now();
let failed = false;
try {
  const officer = await signIn('demo-officer');
  await look(officer, 'the overview says what waits');
  await click(officer, 'link', /个问题待确认/);
  clicks += 1;
  await officer.locator('[data-test=finding-row] a').first().click();
  await officer.getByRole('button', { name: '确认并立案' }).waitFor();
  await look(officer, 'the gravest finding, with evidence');
  await click(officer, 'button', '确认并立案');
  await officer.getByText('下一步').first().waitFor();
  await look(officer, 'its case says the next step');
  await click(officer, 'button', '核实');
  clicks += 1;
  await officer.locator('dialog').getByRole('button', { name: '核实' }).click();
  await click(officer, 'button', '起草整改通知');
  await officer.getByText('法律依据').first().waitFor();
  await look(officer, 'the draft beside the document');
  await click(officer, 'button', /沿用/);
  await click(officer, 'button', '保存');
  await officer.getByText('已全部保存').waitFor();
  await look(officer, 'saved: the document as it will go out');
  await click(officer, 'button', '送审');
  clicks += 1;
  await officer.locator('dialog').getByRole('button', { name: '送审' }).click();
  await officer.getByText('等待审批').first().waitFor();
  await look(officer, 'waits for the approver');
  const notice = officer.url().split('/').pop();

  const approver = await signIn('demo-approver');
  await look(approver, 'the approver sees one waiting');
  await click(approver, 'link', /份通报待审批/);
  clicks += 1;
  await approver.locator('[data-test=notice-row] a').first().click();
  await look(approver, 'and reads the document');
  await click(approver, 'button', '批准');
  clicks += 1;
  await approver.locator('dialog').getByRole('button', { name: '批准' }).click();
  await approver.getByText('已批准').first().waitFor();

  await click(officer, 'button', '下发');
  clicks += 1;
  await officer.locator('dialog').getByRole('button', { name: '下发' }).click();
  await officer.getByText('等待单位签收').first().waitFor();
  await look(officer, 'issued');
  const issued = await officer.evaluate(async (id) => (await fetch(`/api/v1/notices/${id}`)).json(), notice);
  assert.equal(issued.state, 'issued');
  const machine = (Date.now() - begun) / 1000;
  const whole = machine + (clicks + typed) * THINKING_SECONDS;
  console.log(`${clicks} clicks, ${typed} fields; the pages took ${machine.toFixed(1)} s; with ${THINKING_SECONDS} s of reading before each: ${Math.round(whole)} s (limit ${MOST_SECONDS})`);
  assert.ok(whole < MOST_SECONDS, 'a newcomer needs less than five minutes');
} catch (error) {
  failed = true;
  console.error(`not ok ${error.stack}`);
  if (pictures) await Promise.all(browser.contexts().flatMap((context) => context.pages()).map((page, at) => page.screenshot({ path: join(pictures, `newcomer-failed-${at}.png`) })));
} finally {
  await browser.close();
}
console.log(failed ? 'newcomer test failed' : 'newcomer test passed');
process.exit(failed ? 1 : 0);
