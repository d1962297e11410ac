// What was generated is what its sources say now, and the small pieces of logic that the console's pages stand on.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import content from '../src/generated/content.json';
import { bodyOf, missingOf } from '../src/lib/act_fields';
import { groupBy, inBatches } from '../src/lib/batch';
import { dnsPath, kindOf, markIn, marksOf } from '../src/lib/evidence';
import { readMap } from '../src/lib/geo';
import { collectionOf } from '../src/lib/record_place';
import { treeMap } from '../src/lib/tree_map';
import { definitionOf, fieldsOf, stepsFor, versionOn } from '../src/lib/workflow';
import { isDueToday, timeLeft, workdaysBetween } from '../src/lib/working_time';
import zh from '../src/locales/zh-CN.json';

describe('generated files', () => {
  it('are up to date', () => {
    execFileSync('node', [fileURLToPath(new URL('../scripts/generate.mjs', import.meta.url)), '--check']);
  });
  it('name every state, event and rule in both languages', () => {
    for (const { wf, states, t, labels } of content.workflows) {
      for (const state of states) expect((labels.states as unknown as Record<string, unknown>)[state], `${wf} ${state}`).toMatchObject({ zh: expect.any(String), en: expect.any(String) });
      for (const { event } of t) expect((labels.events as unknown as Record<string, unknown>)[event], `${wf} ${event}`).toBeDefined();
    }
    expect(Object.keys(content.rules).length).toBeGreaterThan(10);
  });
  it('have words for the fields that guards ask of a form', () => {
    const asked = new Set(['finding', 'case', 'notice', 'response', 'verification'].flatMap((wf) => definitionOf(wf)?.t.flatMap(fieldsOf) ?? []));
    const known = { ...zh.act_field, ...zh.missing } as Record<string, string>;
    expect([...asked].filter((field) => !known[field])).toEqual([]);
  });
});

describe('workflows', () => {
  it('offer what state and role allow', () => {
    const events = (state: string, role: string) => stepsFor(definitionOf('notice'), state, [role]).map((step) => step.event);
    expect(events('draft', 'officer')).toEqual(['submit']);
    expect(events('review', 'officer')).toEqual([]);
    expect(events('review', 'approver')).toEqual(['reject', 'approve', 'withdraw']);
    expect(events('issued', 'unit')).toEqual(['receive']);
  });
  it('ask for the law in force', () => {
    expect([versionOn('网络安全法', '2025-12-31'), versionOn('网络安全法', '2026-01-01')]).toEqual(['2016', '2025']);
  });
  it('send moments with their offset and find what is missing', () => {
    expect(missingOf({ reason: ' ', evidence: [], signer: { name: 'a', position: 'b', phone: '' }, target_org: 'x' })).toEqual(['reason', 'evidence', 'signer']);
    expect(bodyOf({ new_due: 'P5WD', expires_at: '2026-11-09T18:00' })).toMatchObject({ new_due: 'P5WD', expires_at: expect.stringMatching(/^2026-11-\d\dT.*Z$/) });
  });
});

describe('working time', () => {
  const calendar = { off: ['2026-10-01', '2026-10-02'], workdays: ['2026-10-10'] };
  it('counts working days, holidays and extra working days', () => {
    expect(workdaysBetween('2026-11-02', '2026-11-09', {})).toBe(5);
    expect(workdaysBetween('2026-09-30', '2026-10-05', calendar)).toBe(1);
    expect(workdaysBetween('2026-10-09', '2026-10-12', calendar)).toBe(2);
  });
  it('tells what is over and what is due today in the office\'s zone', () => {
    const now = Date.parse('2026-11-02T17:30:00Z'); // the 3rd in Shanghai
    expect(timeLeft('2026-11-02T10:00:00Z', 'clock', now).over).toBe(true);
    expect(isDueToday('2026-11-03T10:00:00Z', now)).toBe(true);
    expect(isDueToday('2026-11-02T10:00:00Z', now)).toBe(false);
  });
});

describe('drawing', () => {
  it('fills the whole tree map, in proportion', () => {
    const tiles = treeMap([6, 6, 4, 3, 2, 2, 1], (value) => value, 600, 400);
    expect(tiles.reduce((sum, tile) => sum + tile.width * tile.height, 0)).toBeCloseTo(240_000, 3);
    for (const tile of tiles) expect(tile.width * tile.height).toBeCloseTo((tile.item / 24) * 240_000, 3);
    expect(treeMap([0, -1], (value) => value, 10, 10)).toEqual([]);
  });
  it('reads areas of a map and refuses what is none', () => {
    const square = { type: 'Feature', properties: { unit: 'u1', name: 'One' }, geometry: { type: 'Polygon', coordinates: [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]] } };
    expect(readMap({ type: 'FeatureCollection', features: [square] }, 100, 100)?.[0]).toMatchObject({ key: 'u1', name: 'One', path: expect.stringMatching(/^M.*Z$/) });
    expect([readMap({}, 1, 1), readMap([], 1, 1), readMap({ features: [{ geometry: { type: 'Polygon', coordinates: 'x' } }] }, 1, 1)]).toEqual([null, null, null]);
  });
});

describe('evidence', () => {
  it('marks what the check went by, and never as a pattern', () => {
    expect(marksOf({ pattern: '(a+)+$', excerpt: 'x' })).toEqual(['(a+)+$']);
    expect(markIn('say REF: now', ['ref:'])).toEqual([{ text: 'say ', marked: false }, { text: 'REF:', marked: true }, { text: ' now', marked: false }]);
    expect(markIn('', ['x'])).toEqual([]);
  });
  it('knows chains and ways of names', () => {
    expect(kindOf([{ position: 0, subject: 'CN=a' }, { position: 1, subject: 'CN=b' }])).toBe('chain');
    expect(dnsPath({ name: 'a', cname_chain: ['b', 'c'], dns: 'NXDOMAIN' }).map((hop) => hop.kind)).toEqual(['start', 'alias', 'alias', 'end']);
  });
});

describe('batches', () => {
  it('go on after a failure, and stop when told', async () => {
    const results = await inBatches([1, 2, 3], async (one) => {
      if (one === 2) throw new Error('no');
    });
    expect(results.filter((result) => result.error).map((result) => result.item)).toEqual([2]);
    let done = 0;
    await inBatches([1, 2, 3, 4, 5, 6, 7, 8], async () => (done += 1), () => undefined, () => done >= 4);
    expect(done).toBeLessThan(8);
    expect(groupBy(['ab', 'ac', 'b'], (text) => text[0] ?? '')).toEqual([['a', ['ab', 'ac']], ['b', ['b']]]);
    expect([collectionOf('n12'), collectionOf('x'), collectionOf(null)]).toEqual(['notices', null, null]);
  });
});
