// A server that is really restarted while a form is filled in, and two officers at one case.
// Says "RESTART" when the server is to be ended and begun anew; console_test.py does it.
import { get } from 'node:http';

const answers = (base) => new Promise((done) => {
  get(`${base}/healthz`, (reply) => {
    reply.resume();
    done(reply.statusCode === 200);
  }).on('error', () => done(false));
});
async function until(base, wanted) {
  for (let tries = 0; tries < 300; tries += 1) {
    if ((await answers(base)) === wanted) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`the server did not ${wanted ? 'come back' : 'go'}`);
}

async function restartInTheMiddle({ officer, facts, base, assert }) {
  const { page, go } = officer;
  const draft = await page.evaluate(async () => (await (await fetch('/api/v1/notices?state=draft')).json()).items[0].id);
  await go(`/notices/${draft}`);
  await page.waitForSelector('[data-test=notice-title]');
  await page.fill('[data-test=notice-title]', '写到一半的通知');
  await page.fill('[data-test=notice-notes]', '服务器重启前写的备注');
  console.log('RESTART');
  await until(base, false);
  await page.fill('[data-test=notice-notes]', '服务器重启时写的备注');
  await page.click('[data-test=save-notice]');
  await page.waitForSelector('[data-test=server-gone]');
  assert.equal(await page.inputValue('[data-test=notice-title]'), '写到一半的通知', 'what was typed is still there');
  console.log('COME BACK');
  await until(base, true);
  await page.waitForSelector('[data-test=server-gone]', { state: 'detached', timeout: 40_000 });
  assert.equal(await page.inputValue('[data-test=notice-notes]'), '服务器重启时写的备注', 'and after the server came back');
  await page.click('[data-test=save-notice]');
  await page.waitForSelector('[data-test=save-notice]:disabled');
  const kept = await page.evaluate(async (id) => (await fetch(`/api/v1/notices/${id}`)).json(), draft);
  assert.equal(kept.internal_notes, '服务器重启时写的备注', 'the server has it');
  assert.equal(kept.title, '写到一半的通知');
  assert.ok(facts, 'facts');
}

/** The second to act is told, sees the case as it is now, and does nothing by accident. */
async function twoAtOneCase({ officer, person, assert }) {
  const { page, go } = officer;
  const id = await page.evaluate(async () => (await (await fetch('/api/v1/cases?limit=200')).json()).items.find((one) => one.state === 'verifying').id);
  await page.route('**/events/stream', (route) => route.abort()); // news may be late; the revision is what counts
  await go(`/cases/${id}`);
  await page.reload();
  await page.waitForSelector('[data-test=case-state][data-state=verifying]');
  await page.click('[data-test=do-transfer]');
  await page.waitForSelector('dialog [data-test=act-go]');
  for (const field of await page.locator('dialog :is(textarea, input[type=text])').all()) await field.fill('移交市网信办');
  const other = await person('officer2');
  await other.page.evaluate(async (one) => {
    const { csrf } = await (await fetch('/api/v1/session')).json();
    const answer = await fetch(`/api/v1/cases/${one}`, { method: 'PATCH', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify({ title: '由另一人改过的案件' }) });
    if (!answer.ok) throw new Error(`the other officer: ${answer.status} ${await answer.text()}`);
  }, id);
  await page.click('[data-test=act-go]');
  await page.waitForFunction(() => document.querySelector('dialog [role=alert]') || document.querySelector('[data-test=case-title]')?.textContent.includes('由另一人改过的案件'));
  await page.waitForFunction(() => document.querySelector('[data-test=case-title]')?.textContent.includes('由另一人改过的案件'));
  const state = await page.evaluate(async (one) => (await (await fetch(`/api/v1/cases/${one}`)).json()).state, id);
  assert.equal(state, 'verifying', 'nothing was done to a case that had changed unseen');
  await other.context.close();
}

export async function faultsParts(tools) {
  const { person, step } = tools;
  const people = { ...tools, officer: await person('officer') };
  await step('the server is restarted in the middle of a form', () => restartInTheMiddle(people), people.officer.page);
  await step('two officers at one case', () => twoAtOneCase(people), people.officer.page);
}
