// The wall for a shift in short: hundreds of events one after another; memory stays flat, every figure has its time.
const ROUNDS = Number(process.env.FENGSUI_WALL_ROUNDS ?? 6);
const EVENTS_A_ROUND = 60;
/** What a page may gain from the first round to the last: caches that fill, no leak. */
const MOST_GROWTH = 1.2;

async function heapOf(client) {
  for (let times = 0; times < 3; times += 1) await client.send('HeapProfiler.collectGarbage');
  const { usedSize } = await client.send('Runtime.getHeapUsage');
  const { nodes } = await client.send('Memory.getDOMCounters');
  return { usedSize, nodes };
}

/** As many changes as a busy hour has, made through the API. */
async function stir(page, round, count) {
  await page.evaluate(async ([turn, events]) => {
    const { csrf } = await (await fetch('/api/v1/session')).json();
    const { items } = await (await fetch('/api/v1/findings?limit=200')).json();
    const open = items.filter((one) => ['new', 'confirmed', 'dismissed'].includes(one.state));
    for (let at = 0; at < events; at += 1) {
      const one = open[at % open.length];
      const event = one.state === 'dismissed' ? 'undismiss' : 'dismiss';
      const answer = await fetch(`/api/v1/findings/${one.id}/actions/${event}`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify({ reason: `${turn}.${at}` }) });
      if (!answer.ok) throw new Error(`${event}: ${answer.status} ${await answer.text()}`);
      one.state = (await answer.json()).state;
    }
  }, [round, count]);
}

export async function wallParts({ person, step, assert }) {
  const wall = await person('leader', { theme: 'dark', viewport: { width: 1920, height: 1080 } });
  const officer = await person('officer');
  await wall.go('/wall');
  await wall.page.waitForSelector('[data-test=wall] h2');
  const client = await wall.page.context().newCDPSession(wall.page);
  const heaps = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await step(`${EVENTS_A_ROUND} events, round ${round + 1}`, async () => {
      await stir(officer.page, round, EVENTS_A_ROUND);
      await wall.page.waitForTimeout(4500);
      heaps.push(await heapOf(client));
    });
  }
  await step('memory stays flat', () => {
    const [first, last] = [heaps[1], heaps[heaps.length - 1]];
    console.log(`   heap ${heaps.map(({ usedSize }) => (usedSize / 1e6).toFixed(1)).join(', ')} MB; nodes ${heaps.map(({ nodes }) => nodes).join(', ')}`);
    assert.ok(last.usedSize < first.usedSize * MOST_GROWTH, 'the heap does not grow');
    assert.ok(last.nodes < first.nodes * MOST_GROWTH, 'nor does the document');
  }, wall.page);
  await step('every panel says its time', async () => {
    const without = await wall.page.$$eval('[data-test=wall] section', (all) => all.filter((one) => !/\d{4}-\d{2}-\d{2} \d{2}:\d{2}/.test(one.innerText)).map((one) => one.innerText.slice(0, 40)));
    assert.deepEqual(without, [], 'no panel without a time');
  });
}
