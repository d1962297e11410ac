// The closed loop as officer, approver (in the other language) and unit, with a server that goes away, a session that ends and two officers at one notice.
const attribute = (page, test, name = 'data-state') => page.getAttribute(`[data-test=${test}]`, name);

async function confirmByKeyboard({ officer, assert }) {
  const { page, go } = officer;
  await go('/findings?unit=uA&state=new');
  await page.waitForSelector('[data-test=finding-row]');
  const rows = await page.locator('[data-test=finding-row]').count();
  assert.equal(rows, 5, 'the new findings of the unit');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.click('[data-test=bulk-confirm]');
  await page.waitForFunction(() => document.querySelectorAll('[data-test=finding-row]').length === 3);
}

async function dismissAndUndo({ officer }) {
  const { page, go } = officer;
  await go('/findings?unit=uA&state=new&severity=info');
  await page.click('[data-test=finding-row] input[type=checkbox]');
  await page.click('[data-test=bulk-dismiss]');
  await page.fill('[data-test=bulk-reason]', '误报');
  await page.click('[data-test=bulk-go]');
  await page.waitForFunction(() => document.querySelectorAll('[data-test=finding-row]').length === 0);
  await page.click('[data-test=undo]');
  await go('/findings?unit=uA&state=confirmed');
  await page.waitForFunction(() => document.querySelectorAll('[data-test=finding-row]').length === 3);
}

async function openCase({ officer }) {
  const { page } = officer;
  await page.click('[data-test=finding-row] >> nth=0 >> input[type=checkbox]');
  await page.click('[data-test=finding-row] >> nth=1 >> input[type=checkbox]');
  await page.click('[data-test=bulk-cases]');
  await page.click('dialog [data-test=bulk-go]');
  await page.waitForSelector('[data-test=case-title]');
  await page.click('[data-test=do-verify]');
  await page.click('[data-test=act-go]');
  await page.waitForSelector('[data-test=case-state][data-state=verifying]');
}

async function draftThroughAnOutage({ officer, facts, assert }) {
  const { page, context } = officer;
  await page.click('[data-test=draft-notice]');
  await page.waitForSelector('[data-test=notice-title]');
  await page.click('[data-test=add-basis]');
  await page.fill('[data-test=article]', facts.law.article);
  await context.setOffline(true);
  await page.fill('[data-test=notice-title]', '关于网站漏洞的整改通知');
  await page.click('[data-test=save-notice]');
  await page.waitForSelector('[data-test=server-gone]');
  await page.waitForTimeout(500);
  await context.setOffline(false);
  await page.waitForSelector('[data-test=server-gone]', { state: 'detached' });
  assert.equal(await page.inputValue('[data-test=notice-title]'), '关于网站漏洞的整改通知', 'what was typed is still there');
  await page.reload();
  await page.waitForSelector('[data-test=notice-title]');
  assert.equal(await page.inputValue('[data-test=notice-title]'), '关于网站漏洞的整改通知', 'and outlives a reload');
  assert.match(await page.innerText('[data-test=paper]'), /关于网站漏洞的整改通知/, 'the preview follows');
}

async function twoOfficers({ officer, person, assert }) {
  const { page } = officer;
  const id = page.url().split('/').pop();
  const other = await person('officer2');
  await other.page.evaluate(async (notice) => {
    const { csrf } = await (await fetch('/api/v1/session')).json();
    const answer = await fetch(`/api/v1/notices/${notice}`, { method: 'PATCH', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify({ title: 'of the other' }) });
    if (!answer.ok) throw new Error(`the other officer: ${answer.status}`);
  }, id);
  await page.waitForTimeout(800);
  await page.click('[data-test=save-notice]');
  await page.waitForSelector('[data-test=conflict]');
  assert.match(await page.innerText('dialog table'), /of the other/, 'the other version is shown');
  await page.click('[data-test=keep-mine]');
  await page.waitForSelector('[data-test=save-notice]:disabled');
  await other.context.close();
}

async function signAndIssue({ officer, approver, assert }) {
  const { page } = officer;
  await page.click('[data-test=do-submit]');
  await page.click('[data-test=act-go]');
  await page.waitForSelector('[data-test=notice-state][data-state=review]');
  await approver.go('/notices?state=review');
  await approver.page.click('[data-test=notice-row] a');
  await approver.page.click('[data-test=do-approve]');
  await approver.page.click('[data-test=act-go]');
  await approver.page.waitForSelector('[data-test=notice-state][data-state=approved]');
  await page.waitForSelector('[data-test=notice-state][data-state=approved]');
  await page.click('[data-test=do-issue]');
  await page.click('[data-test=act-go]');
  await page.waitForSelector('[data-test=notice-state][data-state=issued]');
  await page.waitForSelector('[data-test=documents] li');
  assert.match(await page.innerText('[data-test=notice-heading]'), /\d/, 'it has a number');
}

async function unitSignsAndReplies({ unit, facts, assert }) {
  const { page, context, go } = unit;
  await go('/desk');
  await page.click('[data-test=sign-for]');
  for (const part of ['name', 'position', 'phone']) await page.fill(`[data-test=signer-${part}]`, facts.signer[part]);
  await page.click('[data-test=act-go]');
  await page.click('[data-test=answer]');
  await page.waitForSelector('[data-test=reply-form]');
  const items = await page.locator('[data-test=reply-form] fieldset').count();
  assert.equal(items, 2, 'an answer for each item');
  for (let at = 0; at < items; at += 1) {
    const item = page.locator('[data-test=reply-form] fieldset').nth(at);
    await item.locator('[data-test=result-fixed]').check();
    await item.locator('[data-test=cause]').fill('升级时误传');
    await item.locator('[data-test=measures]').fill('已删除并限制访问');
  }
  await page.setInputFiles('[data-test=reply-form] fieldset >> nth=0 >> [data-test=upload]', { name: 'proof.txt', mimeType: 'text/plain', buffer: Buffer.from('removed\n') });
  await page.waitForFunction(() => document.querySelector('[data-test=reply-form]').textContent.includes('proof.txt'));
  await context.clearCookies();
  await page.click('[data-test=send-reply]');
  await page.fill('[data-test=sign-in-again] input[type=password]', process.env.FENGSUI_PASSWORD);
  await page.click('[data-test=sign-in-again] button[type=submit]');
  await page.waitForSelector('[data-test=notice-state][data-state=replied]');
}

async function officerSeesIt({ officer, assert }) {
  const { page, go } = officer;
  await go('/cases?unit=uA');
  await page.click('[data-test=case-card]');
  await page.waitForSelector('[data-test=case-state][data-state=replied]');
  await page.locator('[data-test=obligations] li').nth(1).waitFor(); // each part of the page is asked for by itself
  await page.locator('[data-test=verifications] li').first().waitFor();
  assert.ok(await page.locator('[data-test=obligations] li').count() >= 2, 'the obligations are shown');
  assert.ok(await page.locator('[data-test=verifications] li').count() === 1, 'a re-check is planned');
}

async function keyboardOnly({ officer, assert }) {
  const { page } = officer;
  await page.keyboard.press('?');
  await page.waitForSelector('[data-test=shortcuts]');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.fill('[data-test=palette]', '第一中学');
  await page.keyboard.press('Enter');
  await page.waitForURL(/units\/uA/);
  await page.waitForSelector('[data-test=unit-head]');
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.waitForURL(/cases/);
  await page.waitForSelector('[data-test=board]');
  assert.ok(await page.locator('[data-test=case-card]').count() >= 3, 'the board has its cards');
}

async function phoneFits({ person, assert, facts }) {
  const viewport = { width: 360, height: 740 };
  for (const [name, places] of [['officer', ['/overview', '/findings', `/findings/${facts.findings.uB[0]}`, '/cases', '/notices', `/notices/${facts.issued}`, '/bulk', '/units', '/units/uB', '/scorecards', '/registry', '/account']], ['unitB', ['/desk', `/notices/${facts.issued}`, '/assets']]]) {
    const { page, go, context } = await person(name, { viewport });
    for (const place of places) {
      await go(place);
      await page.waitForTimeout(500);
      const over = await page.evaluate(() => document.scrollingElement.scrollWidth - window.innerWidth);
      assert.ok(over <= 0, `${place} is ${over} px too wide for a telephone`);
    }
    await context.close();
  }
}

export async function loopParts(tools) {
  const { person, step } = tools;
  const [one, other] = process.env.FENGSUI_LOOP_LANGUAGE === 'en' ? ['en', 'zh-CN'] : ['zh-CN', 'en'];
  const people = { ...tools, officer: await person('officer', { language: one }), approver: await person('approver', { language: other, theme: 'dark' }), unit: await person('unitA', { language: one }) };
  const { officer, approver, unit } = people;
  await step('findings confirmed from the keyboard', () => confirmByKeyboard(people), officer.page);
  await step('one dismissed with a reason, and brought back', () => dismissAndUndo(people), officer.page);
  await step('a case opened and verified', () => openCase(people), officer.page);
  await step('a notice drafted while the server was away', () => draftThroughAnOutage(people), officer.page);
  await step('changed by another officer: compared, kept', () => twoOfficers(people), officer.page);
  await step('reviewed, approved in the other language, issued', () => signAndIssue(people), approver.page);
  await step('the unit signs and replies over an ended session', () => unitSignsAndReplies(people), unit.page);
  await step('the officer sees reply, deadlines and re-check', () => officerSeesIt(people), officer.page);
  await step('palette, shortcuts and board from the keyboard', () => keyboardOnly(people), officer.page);
  await step('pages fit a telephone', () => phoneFits(people));
}
