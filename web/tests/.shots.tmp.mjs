import { openBrowser } from './open_browser.mjs';
import { readFileSync, mkdirSync } from 'node:fs';
const info = JSON.parse(readFileSync('/tmp/web6-district.json'));
const base = `http://127.0.0.1:${info.port}`;
const out = '/tmp/shots'; mkdirSync(out, { recursive: true });
const only = process.argv.slice(2);
const browser = await openBrowser();
async function user(name, { lang = 'zh-CN', theme = 'light', viewport = { width: 1440, height: 900 } } = {}) {
  const ctx = await browser.newContext({ viewport, locale: lang });
  await ctx.addInitScript(([l, t]) => { localStorage.setItem('fengsui.language', l); localStorage.setItem('fengsui.theme', t); }, [lang, theme]);
  const page = await ctx.newPage();
  page.on('console', (m) => m.type() === 'error' && !/401/.test(m.text()) && console.log(name, 'console:', m.text(), m.location().url));
  page.on('pageerror', (e) => console.log(name, 'ERROR', e.message));
  page.on('response', (r) => r.status() >= 400 && !/session/.test(r.url()) && console.log(name, r.status(), r.request().method(), r.url()));
  await page.goto(base);
  await page.fill('#name', name); await page.fill('#password', 'practice-password-1'); await page.click('button[type=submit]');
  await page.waitForSelector('h1');
  await page.waitForTimeout(1200);
  return page;
}
async function shots(page, prefix, list) {
  for (const [name, path, prep] of list) {
    if (only.length && !only.some((o) => `${prefix}-${name}`.includes(o))) continue;
    await page.goto(`${base}/#${path}`); await page.waitForTimeout(1300);
    if (prep) await prep(page).catch((e) => console.log(name, e.message.slice(0, 200)));
    await page.screenshot({ path: `${out}/${prefix}-${name}.png` });
  }
}
const api = async (path) => (await fetch(`${base}/api/v1${path}`, { headers: { Authorization: `Bearer ${info.tokens.admin[1]}` } })).json();
const f = info.facts.findings.uA, cases = (await api('/cases')).items, notices = (await api('/notices')).items, responses = (await api('/responses')).items, ver = (await api('/verifications')).items;
const draft = notices.find((n) => n.state === 'draft');
const replied = cases.find((c) => ['replied', 'rechecking'].includes(c.state));
const officer = [
  ['overview', '/overview'], ['findings', '/findings'], ['groups', '/findings?view=groups'], ['finding-http', `/findings/${f[0]}`], ['finding-chain', `/findings/${f[1]}`], ['finding-dns', `/findings/${f[2]}`],
  ['cases', '/cases'], ['case', `/cases/${replied?.id}`], ['caselist', '/cases?view=list'], ['notices', '/notices'], ['draft', `/notices/${draft?.id}`], ['notice', `/notices/${info.facts.issued}`], ['reply', `/responses/${responses[0]?.id}`],
  ['verification', `/verifications/${ver[0]?.id}`], ['obligations', '/obligations'], ['outbox', '/outbox'], ['documents', '/documents'], ['bulk', '/bulk'], ['scorecards', '/scorecards'], ['units', '/units'], ['unit', '/units/uB'],
  ['settings', '/settings'], ['workflows', '/settings?tab=workflows'], ['runs', '/settings?tab=runs'], ['map', '/settings?tab=map'],
  ['palette', '/overview', (p) => p.keyboard.press('Control+k').then(() => p.waitForTimeout(500)).then(() => p.fill('[data-test=palette]', '医院')).then(() => p.waitForTimeout(300))],
  ['dialog', `/findings/${f[3]}`, (p) => p.click('[data-test=do-dismiss]').then(() => p.waitForTimeout(400))],
];
const unit = [['desk', '/desk'], ['sign', '/desk', (p) => p.click('[data-test=sign-for]').then(() => p.waitForTimeout(400))], ['notice', `/notices/${info.facts.issued}`], ['assets', '/assets'], ['notices', '/notices'], ['findings', '/findings']];
const want = (p) => !only.length || only.some((o) => o.startsWith(p) || p.startsWith(o.split('-')[0]));
if (want('zh')) await shots(await user('officer'), 'zh', officer);
if (want('endark')) await shots(await user('officer', { lang: 'en', theme: 'dark' }), 'endark', officer);
if (want('unit')) await shots(await user('unitB'), 'unit', unit);
if (want('phone')) { await shots(await user('officer', { viewport: { width: 390, height: 844 } }), 'phone', officer.slice(0, 22)); await shots(await user('unitB', { viewport: { width: 390, height: 844 } }), 'phoneunit', unit); }
if (want('admin')) { const p = await user('admin1'); await shots(p, 'admin', [['users', '/users'], ['newuser', '/users', (q) => q.click('[data-test=new-user]').then(() => q.waitForTimeout(300))], ['audit', '/audit', (q) => q.click('[data-test=verify-chain]').then(() => q.waitForTimeout(600))]]); }
if (want('wall')) { await shots(await user('leader', { viewport: { width: 3840, height: 2160 } }), 'wall', [['4k', '/wall']]); await shots(await user('leader', { lang: 'en', viewport: { width: 1920, height: 1080 } }), 'wall', [['hd', '/wall']]); }
await browser.close();
