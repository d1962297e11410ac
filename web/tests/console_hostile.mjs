// Pages full of hostile text: nothing of it runs, loads, or leaves its place.
async function stillHarmless(page, place, assert) {
  const state = await page.evaluate(() => ({ hit: window.__hit, title: document.title, scripts: document.scripts.length, frames: document.querySelectorAll('iframe:not([sandbox=""][srcdoc]), object, embed, base').length, handlers: document.querySelectorAll('[onerror], [onload], [onclick]').length }));
  assert.equal(state.hit, undefined, `${place}: a text ran (${state.hit})`);
  assert.equal(state.frames + state.handlers, 0, `${place}: markup was made of a text`);
  return state.scripts;
}

export async function hostileParts({ person, step, facts, assert, base }) {
  const officer = await person('officer');
  const { page, go } = officer;
  const lists = ['/overview', '/findings', '/findings?view=groups', '/units', '/cases', '/cases?view=list', '/notices', '/obligations', '/bulk', '/scorecards', '/wall', '/documents', '/outbox'];
  let scripts = 0;
  const look = async (place) => {
    await go(place);
    await page.waitForTimeout(260);
    const now = await stillHarmless(page, place, assert);
    assert.ok(page.url().startsWith(`${base}/#`), `${place}: still on our page`);
    scripts ||= now;
    assert.equal(now, scripts, `${place}: no script was added`);
  };
  await step('lists', async () => {
    for (const place of lists) await look(place);
  });
  await step(`${facts.findings.length} findings`, async () => {
    for (const finding of facts.findings) await look(`/findings/${finding}`);
  });
  await step(`${facts.units.length} units`, async () => {
    for (const unit of facts.units.slice(0, 60)) await look(`/units/${unit}`);
  });
  await step(`${facts.notices.length} drafts, their texts typed back unchanged`, async () => {
    for (const notice of facts.notices) {
      await look(`/notices/${notice}`);
      await page.waitForSelector('[data-test=notice-notes]');
    }
  });
  await step('a registry file full of it', async () => {
    const cell = (text) => `"${text.replaceAll('"', '""')}"`;
    const rows = facts.hostile.map((text, at) => ['r' + at, cell(text), 'd1', 's' + at, cell(text), `https://r${at}.example.test`].join(','));
    await go('/registry');
    await page.setInputFiles('[data-test=registry-file]', { name: `${facts.hostile[0]}.csv`, mimeType: 'text/csv', buffer: Buffer.from(['unit,unit_name,parent,system,system_name,asset', ...rows].join('\n')) });
    await page.waitForSelector('[data-test=registry-problem], [data-test=registry-difference]');
    const good = rows.filter((_, at) => /^<|^javascript|^data:/.test(facts.hostile[at]));
    await stillHarmless(page, '/registry with problems', assert);
    await page.setInputFiles('[data-test=registry-file]', { name: 'good.csv', mimeType: 'text/csv', buffer: Buffer.from(['unit,unit_name,parent,system,system_name,asset', ...good].join('\n')) });
    await page.waitForSelector('[data-test=registry-difference]');
    assert.ok((await page.innerText('main')).includes(facts.hostile[0]), 'shown as text');
    await stillHarmless(page, '/registry with differences', assert);
  });
  await step('the text is seen as it is', async () => {
    await go('/findings');
    await page.waitForSelector('[data-test=finding-row]');
    const shown = await page.evaluate(async () => (await (await fetch('/api/v1/units/h0')).json()).name);
    await go('/units/h0');
    await page.waitForSelector('[data-test=unit-head]');
    assert.ok((await page.innerText('[data-test=unit-head]')).includes(shown), `${shown} is shown as text`);
  });
}
