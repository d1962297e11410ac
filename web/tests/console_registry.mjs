// A registry file looked through and taken over, and a unit that has its own asset looked at.
const HEADER = 'unit,unit_name,parent,system,system_name,asset,authorised_until';
const file = (name, ...rows) => ({ name, mimeType: 'text/csv', buffer: Buffer.from([HEADER, ...rows].join('\n') + '\n') });

async function problemsAreListed({ officer, assert }) {
  const { page, go } = officer;
  await go('/registry');
  await page.setInputFiles('[data-test=registry-file]', file('wrong.csv', 'uA,第一中学,d1,,,not a host,', 'uD,别人的单位,d2,,,https://d.example.test,'));
  await page.waitForSelector('[data-test=registry-problem]');
  const told = await page.locator('[data-test=registry-problem]').allInnerTexts();
  assert.ok(told.some((line) => line.startsWith('2') && line.includes('asset')), `row and column are named: ${told}`);
  assert.ok(told.some((line) => line.includes('uD')), 'a unit of another district is refused');
  assert.equal(await page.locator('[data-test=registry-ask]').count(), 0, 'nothing to import');
}

async function differencesThenImport({ officer, assert }) {
  const { page } = officer;
  await page.setInputFiles('[data-test=registry-file]', file('first.csv', 'uC,青山自来水公司,d1,,,https://uc.example.test,2027-12-31', 'uE,实验小学,d1,sE,门户,https://ue.example.test,2027-12-31'));
  await page.waitForSelector('[data-test=registry-difference]');
  const events = await page.$$eval('[data-test=registry-difference]', (rows) => rows.map((row) => row.dataset.event));
  for (const event of ['added', 'changed', 'withdrawn']) assert.ok(events.includes(event), `${event} is shown: ${events}`);
  await page.click('[data-test=registry-ask]');
  assert.match(await page.innerText('dialog'), /oa|撤销|变为“未知”/, 'the confirmation names what will happen');
  await page.click('[data-test=registry-go]');
  await page.waitForSelector('[data-test=registry-done]');
  const unit = await page.evaluate(async () => (await fetch('/api/v1/units/uE')).json());
  assert.equal(unit.name, '实验小学', 'the new unit is registered');
}

async function aStaleLookIsRefused({ officer, assert }) {
  const { page } = officer;
  await page.setInputFiles('[data-test=registry-file]', file('second.csv', 'uE,实验小学,d1,sE,门户,https://ue2.example.test,2027-12-31'));
  await page.waitForSelector('[data-test=registry-ask]');
  await page.evaluate(async () => {
    const { csrf } = await (await fetch('/api/v1/session')).json();
    await fetch('/api/v1/units/uE', { method: 'PATCH', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify({ industry: 'education' }) });
  });
  await page.click('[data-test=registry-ask]');
  await page.click('[data-test=registry-go]');
  await page.waitForSelector('.notice-line.bad');
  assert.equal(await page.locator('[data-test=registry-done]').count(), 0, 'nothing was imported over a change by somebody else');
  await page.click('.notice-line.bad button');
  await page.waitForSelector('[data-test=registry-ask]');
}

async function theExportIsAFile({ officer, assert }) {
  const { page } = officer;
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-test=registry-export]')]);
  assert.equal(download.suggestedFilename(), 'registry.csv');
}

async function aUnitChecksItself({ unit, assert }) {
  const { page, go } = unit;
  await go('/assets');
  await page.waitForSelector('[data-test=standings]');
  const first = page.locator('[data-test=check-now]').first();
  await first.click();
  await page.waitForSelector('[role=status]:has-text("最前")');
  await go('/desk');
  await go('/assets');
  await page.locator('[data-test=check-now]').first().click();
  await page.waitForSelector('[role=alert]:has-text("10 分钟")');
  assert.ok(true, 'asked for once, then told to wait');
}

export async function registryParts(tools) {
  const { person, step } = tools;
  const people = { ...tools, officer: await person('officer'), unit: await person('unitA') };
  await step('problems by row and column', () => problemsAreListed(people), people.officer.page);
  await step('differences, confirmation, import', () => differencesThenImport(people), people.officer.page);
  await step('a preview that is out of date is refused', () => aStaleLookIsRefused(people), people.officer.page);
  await step('the registry as a file', () => theExportIsAFile(people), people.officer.page);
  await step('a unit has its asset checked, once in ten minutes', () => aUnitChecksItself(people), people.unit.page);
}
