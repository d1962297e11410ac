// One matter to hundreds of units: drafted, approved and issued from three pages; and how long a page and its list take with as many rows.
const MINUTES = 6 * 60_000;

async function draftAll({ officer, facts, assert }) {
  const { page, go } = officer;
  await go('/bulk');
  await page.waitForSelector('[data-test=bulk-units] li');
  assert.equal(await page.locator('[data-test=bulk-units] li').count(), facts.count, 'a line for each unit');
  await page.click('[data-test=add-basis]');
  await page.fill('[data-test=article]', facts.law.article);
  await page.click('[data-test=bulk-units] li >> nth=7 >> button');
  assert.match(await page.innerText('[data-test=paper]'), /第\d+小学/, 'the preview is of that unit');
  await page.click('[data-test=bulk-run]');
  await page.waitForSelector('[data-test=bulk-review]', { timeout: MINUTES });
}

/** Ticks every notice of a state and runs the step on them. */
async function forAll(who, state, event, count, assert) {
  const { page, go } = who;
  await go(`/notices?state=${state}`);
  await page.waitForSelector('[data-test=notice-row]');
  await page.evaluate(() => { document.querySelector('[role=table]').scrollTop = 1e7; });
  await page.waitForFunction((wanted) => Number(document.querySelector('[role=table]').getAttribute('aria-rowcount')) === wanted + 1, count);
  assert.ok(await page.locator('[data-test=notice-row]').count() < 80, 'only the rows in sight are drawn');
  await page.click('[role=columnheader] input[type=checkbox]');
  await page.click(`[data-test=bulk-${event}]`);
  await page.waitForFunction(() => document.querySelectorAll('[data-test=notice-row]').length === 0, null, { timeout: MINUTES });
}

/** The longest time for which the page could not answer while the list is scrolled from end to end. */
async function longestTask({ page, go }) {
  await go('/notices?state=issued');
  await page.waitForSelector('[data-test=notice-row]');
  return page.evaluate(async () => {
    const tasks = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' });
    const box = document.querySelector('[role=table]');
    for (let at = 0; at < 60; at += 1) {
      box.scrollTop += 400;
      await new Promise((done) => requestAnimationFrame(done));
    }
    await new Promise((done) => setTimeout(done, 300));
    return Math.max(0, ...tasks);
  });
}

export async function bulkParts({ person, step, facts, assert }) {
  const officer = await person('officer');
  const approver = await person('approver', { language: 'en' });
  await step(`drafts for ${facts.count} units`, () => draftAll({ officer, facts, assert }), officer.page);
  await step('all approved', () => forAll(approver, 'review', 'approve', facts.count, assert), approver.page);
  await step('all issued', () => forAll(officer, 'approved', 'issue', facts.count, assert), officer.page);
  await step('the list scrolls', async () => console.log(`   longest task while scrolling: ${Math.round(await longestTask(officer))} ms`), officer.page);
}
