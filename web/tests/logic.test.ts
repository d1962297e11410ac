import { describe, expect, it } from 'vitest';
import type { Asset, Finding, JsonObject, Unit } from '../src/api/types';
import { authorisation } from '../src/lib/authorisation';
import { kindOf, readCertificate, readExchange } from '../src/lib/evidence';
import { matchesFilters, matchesText, newestOf, parseSort, sorted, sortText } from '../src/lib/findings';
import { ago, bytes, clock, dateTime, daysBetween, inLanguage } from '../src/lib/format';
import { standingAt, weeks } from '../src/lib/standing';
import { beacons, total, worseFirst } from '../src/lib/severity';
import { matchesUnit, treeRows } from '../src/lib/unit_tree';

const finding = (id: string, more: Partial<Finding>): Finding => ({
  id, fingerprint: id, unit: 'u1', target: 'https://a.example/', check: 'tls.tls10', severity: 'low', title: { zh: '旧协议', en: 'Old protocol' },
  presence: 'present', first_seen: '2026-01-01T00:00:00Z', last_seen: '2026-01-02T00:00:00Z', state: 'new', ...more,
});
const NAME = (item: Finding) => item.unit;

describe('severity', () => {
  it('lights one beacon more for each step', () => expect((['critical', 'high', 'medium', 'low', 'info'] as const).map(beacons)).toEqual([4, 3, 2, 1, 0]));
  it('adds up what is there', () => expect(total({ critical: 1, info: 2 })).toBe(3));
  it('weighs one critical above many lesser ones', () => expect(worseFirst({ critical: 1 }, { high: 99 })).toBeLessThan(0));
});

describe('findings', () => {
  const list = [finding('a', { severity: 'low' }), finding('b', { severity: 'critical' }), finding('c', { severity: 'high', last_seen: '2026-02-01T00:00:00Z' })];

  it('come worst first unless asked otherwise', () => {
    expect(sorted(list, parseSort(''), NAME).map((item) => item.id)).toEqual(['b', 'c', 'a']);
    expect(sorted(list, parseSort('-last_seen'), NAME)[0]?.id).toBe('c');
  });
  it('keep their order in the address', () => {
    expect(sortText(parseSort('-unit'))).toBe('-unit');
    expect(sortText(parseSort('nonsense'))).toBe('-severity');
  });
  it('match every word, in either language, whatever its case', () => {
    expect(matchesText(finding('a', {}), 'OLD 旧', '')).toBe(true);
    expect(matchesText(finding('a', {}), 'old new', '')).toBe(false);
    expect(matchesText(finding('a', {}), '水务', '水务中心')).toBe(true);
  });
  it('are newest by their first sighting, each once', () => {
    const seenAgain = finding('a', { last_seen: '2026-09-01T00:00:00Z' });
    const later = finding('d', { first_seen: '2026-03-01T00:00:00Z' });
    expect(newestOf([seenAgain, ...list, later], 2)).toEqual([later, seenAgain]);
  });
  it('match filters that are set', () => {
    expect(matchesFilters(finding('a', {}), { severity: 'low', unit: '' })).toBe(true);
    expect(matchesFilters(finding('a', {}), { severity: 'high' })).toBe(false);
  });
});

describe('units', () => {
  const unit = (id: string, parent: string | null): Unit => ({ id, name: id, parent, contacts: [{ role: 'contact', name: '甲', email: 'a@b.example' }] });

  it('stand under their parent', () => {
    const rows = treeRows([unit('b', 'a'), unit('a', null), unit('c', 'b')]);
    expect(rows.map((row) => [row.unit.id, row.depth])).toEqual([['a', 0], ['b', 1], ['c', 2]]);
  });
  it('are shown even when their parents run in a circle or are out of scope', () => {
    expect(treeRows([unit('a', 'b'), unit('b', 'a')]).length).toBe(2);
    expect(treeRows([unit('a', 'elsewhere')])[0]?.depth).toBe(0);
  });
  it('are found by a contact', () => expect(matchesUnit(unit('a', null), 'A@B')).toBe(true));
});

describe('authorisation', () => {
  const at = (from: string | null, until: string | null): Pick<Asset, 'authorised_from' | 'authorised_until'> => ({ authorised_from: from, authorised_until: until });
  const now = new Date('2026-06-15T12:00:00').getTime();

  it.each([
    ['2026-01-01', '2026-12-31', 'valid'], ['2026-01-01', '2026-06-15', 'ending'], ['2026-01-01', '2026-06-14', 'expired'],
    ['2026-06-16', '2026-12-31', 'future'], ['2026-01-01', null, 'valid'], [null, null, 'unlimited'],
  ])('from %s until %s is %s', (from, until, expected) => expect(authorisation(at(from, until), now)).toBe(expected));
});

describe('formats', () => {
  it('fall back to the language that is there', () => {
    expect(inLanguage({ zh: '中', en: '' }, 'en')).toBe('中');
    expect(inLanguage('plain', 'en')).toBe('plain');
    expect(inLanguage(null, 'en')).toBe('');
  });
  it('write lengths of time and of data', () => {
    expect(clock(3725)).toBe('01:02:05');
    expect(clock(null)).toBe('–');
    expect(bytes(1_500_000, 'en')).toBe('1.5 MB');
  });
  it('put what cannot be a date through', () => expect(dateTime('soon')).toBe('soon'));
  it('do not say that something seen just now lies ahead', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(ago('2026-01-01T00:00:05Z', now, 'en')).toBe('now');
    expect(ago('2025-12-31T23:00:00Z', now, 'en')).toMatch(/1 h/);
    expect(ago('2026-01-03T00:00:00Z', now, 'en')).toMatch(/2 days/);
  });
  it('count days', () => expect(daysBetween('2026-01-10T00:00:00Z', '2026-01-01T00:00:00Z')).toBe(-9));
});

describe('evidence', () => {
  it('is recognised', () => {
    expect(kindOf({ method: 'GET', url: 'https://a/', status: 200 })).toBe('exchange');
    expect(kindOf({ request: {}, response: {} })).toBe('exchange');
    expect(kindOf({ subject: 'CN=a', not_after: '2026-01-01T00:00:00Z' })).toBe('certificate');
    expect(kindOf([{ url: 'a', address: 'b', result: 'refused' }])).toBe('records');
    expect(kindOf(['a', 'b'])).toBe('values');
    expect(kindOf('line\nline')).toBe('text');
    expect(kindOf(0)).toBe('scalar');
    expect([null, undefined, '', [], {}].map((value) => kindOf(value))).toEqual(Array(5).fill('empty'));
  });
  it('reads headers however they are written', () => {
    const headersOf = (headers: unknown) => readExchange({ method: 'GET', status: 200, headers } as JsonObject).response?.headers;
    const expected = [['Server', 'x'], ['Set-Cookie', 'a'], ['Set-Cookie', 'b']];
    expect(headersOf({ Server: 'x', 'Set-Cookie': ['a', 'b'] })).toEqual(expected);
    expect(headersOf([['Server', 'x'], ['Set-Cookie', 'a'], ['Set-Cookie', 'b']])).toEqual(expected);
    expect(headersOf([{ name: 'Server', value: 'x' }, 'Set-Cookie: a', 'Set-Cookie: b'])).toEqual(expected);
    expect(headersOf('Server: x\r\nSet-Cookie: a\r\nSet-Cookie: b')).toEqual(expected);
  });
  it('reads messages kept as text', () => {
    const { request, response } = readExchange({ request: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', response: 'HTTP/1.1 200 OK\nA: b\n\nbody' });
    expect(request).toEqual({ first: 'GET / HTTP/1.1', headers: [['Host', 'a']], body: '' });
    expect(response).toEqual({ first: 'HTTP/1.1 200 OK', headers: [['A', 'b']], body: 'body' });
  });
  it('loses nothing that it does not know', () => {
    expect(readExchange({ method: 'GET', url: '/', status: 200, odd: 1 }).rest).toEqual({ odd: 1 });
    expect(readCertificate({ subject: 'a', issuer: 'b', odd: 1 })).toMatchObject({ rest: { odd: 1 }, notAfter: null });
  });
});

describe('standings', () => {
  const day = (text: string) => Date.parse(`2026-06-${text}T00:00:00Z`);
  const finding = (more: object) => ({ severity: 'high', presence: 'present', state: 'confirmed', first_seen: '2026-06-05T00:00:00Z', last_seen: '2026-06-20T00:00:00Z', ...more }) as Finding;
  const looked = [{ last_checked: '2026-06-20T00:00:00Z' }];
  it('are the gravest open finding, and nothing before anybody looked', () => {
    const both = [finding({}), finding({ severity: 'low', first_seen: '2026-06-02T00:00:00Z' })];
    expect(['01', '03', '06'].map((at) => standingAt(both, looked, day(at)))).toEqual([null, 'low', 'high']);
    expect(standingAt([], [{ last_checked: null }], day('06'))).toBeNull();
    expect(standingAt([], looked, day('21'))).toBe('clean');
  });
  it('follow what went away, was dismissed, or was rated anew', () => {
    expect(standingAt([finding({ presence: 'absent', last_seen: '2026-06-10T00:00:00Z' })], looked, day('09'))).toBe('high');
    expect(standingAt([finding({ presence: 'absent', last_seen: '2026-06-10T00:00:00Z' })], looked, day('12'))).toBe('clean');
    expect(standingAt([finding({ state: 'dismissed' })], looked, day('12'))).toBe('clean');
    expect(standingAt([finding({ state: 'accepted' })], looked, day('12'))).toBe('high');
    const rated = finding({ severity_history: [{ at: '2026-06-05T00:00:00Z', severity: 'low' }, { at: '2026-06-11T00:00:00Z', severity: 'critical' }] });
    expect([standingAt([rated], looked, day('10')), standingAt([rated], looked, day('12'))]).toEqual(['low', 'critical']);
  });
  it('are taken at the ends of weeks', () => expect(weeks(day('22'), 3).map((at) => new Date(at).toISOString().slice(8, 10))).toEqual(['08', '15', '22']));
});
