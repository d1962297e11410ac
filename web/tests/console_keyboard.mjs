// An officer without a mouse: from the list of findings to a notice handed in for approval, by Tab, Enter, Space and the shortcuts alone.
const MOST_TABS = 140;

/** Tab until the focus stands on what matches; the way there must exist. */
async function tabTo(page, selector, assert) {
  for (let pressed = 0; pressed < MOST_TABS; pressed += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches?.(wanted) ?? false, selector)) return pressed;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not reach ${selector}`);
}

/** What has the focus must be seen to have it. */
async function focusIsSeen(page, assert) {
  const seen = await page.evaluate(() => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
  });
  assert.ok(seen, 'the focus is visible');
}

async function press(page, selector, assert) {
  await page.waitForSelector(selector);
  await tabTo(page, selector, assert);
  await focusIsSeen(page, assert);
  await page.keyboard.press('Enter');
}

async function signInByKeyboard({ person, assert }) {
  const officer = await person('officer');
  const { page } = officer;
  await page.keyboard.press('g');
  await page.keyboard.press('f');
  await page.waitForURL(/findings/);
  await page.waitForSelector('[data-test=finding-row]');
  assert.ok(await page.locator('[data-test=finding-row]').count() > 3, 'the list is there');
  return officer;
}

async function openTheWorst(page, assert) {
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-test=finding-title]');
  await press(page, '[data-test=open-case]', assert);
  await page.waitForSelector('[data-test=case-title]');
}

async function verifyAndDraft(page, assert) {
  await press(page, '[data-test=do-verify]', assert);
  await page.waitForSelector('dialog [data-test=act-go]');
  await tabTo(page, '[data-test=act-go]', assert);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-test=case-state][data-state=verifying]');
  await press(page, '[data-test=draft-notice]', assert);
  await page.waitForSelector('[data-test=notice-title]');
}

async function fillAndSubmit(page, facts, assert) {
  await press(page, '[data-test=add-basis]', assert);
  await page.waitForSelector('[data-test=article]');
  for (let back = 0; back < 6 && !(await page.evaluate(() => document.activeElement?.matches('[data-test=article]'))); back += 1) await page.keyboard.press('Shift+Tab');
  await page.keyboard.type(facts.law.article);
  await press(page, '[data-test=save-notice]', assert);
  await page.waitForSelector('[data-test=save-notice]:disabled');
  await page.keyboard.press('Control+k');
  await page.waitForSelector('[data-test=palette]');
  await page.keyboard.press('Escape');
  await page.evaluate(() => document.querySelector('[data-test=notice-heading]').scrollIntoView());
  for (let back = 0; back < MOST_TABS && !(await page.evaluate(() => document.activeElement?.matches('[data-test=do-submit]'))); back += 1) await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog [data-test=act-go]');
  await tabTo(page, '[data-test=act-go]', assert);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-test=notice-state][data-state=review]');
}

export async function keyboardParts(tools) {
  const { step, facts, assert } = tools;
  let officer;
  await step('to the findings by a shortcut', async () => (officer = await signInByKeyboard(tools)));
  const { page } = officer;
  page.on('mousedown', () => assert.fail('no mouse'));
  await step('the gravest finding becomes a case', () => openTheWorst(page, assert), page);
  await step('verified, a notice drafted', () => verifyAndDraft(page, assert), page);
  await step('filled in, saved and handed in', () => fillAndSubmit(page, facts, assert), page);
}
