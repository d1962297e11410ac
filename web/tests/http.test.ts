// The client against the mock server: sessions, CSRF, errors, cursors.
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, buildPath, onUnauthorised, request, setCsrfToken } from '../src/api/http';
import { getFinding, getFindingHistory, getOverview, listChecks, listFindings, startPatrol, stopPatrol, whole } from '../src/api/resources';
import { currentSession, signIn, signOut } from '../src/api/session';
import { MOCK_PASSWORD, MOCK_USER, startMock, type Mock } from './mock_server.mjs';

let mock: Mock;
let cookie = '';

/** Node's fetch keeps no cookies and wants whole addresses; a browser does both by itself. */
async function fetchLikeABrowser(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...(init.headers as Record<string, string>), ...(cookie ? { Cookie: cookie } : {}) };
  const response = await realFetch(`${mock.url}${path}`, { ...init, headers });
  cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
  return response;
}
const realFetch = globalThis.fetch;

async function enter(): Promise<void> {
  setCsrfToken((await signIn(MOCK_USER, MOCK_PASSWORD)).csrf);
}

async function failureOf(work: Promise<unknown>): Promise<ApiError> {
  return work.then(() => Promise.reject(new Error('expected a failure')), (error: unknown) => error as ApiError);
}

beforeAll(async () => {
  mock = await startMock({ tickMs: 20 });
  vi.stubGlobal('fetch', fetchLikeABrowser);
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await mock.stop();
});
beforeEach(() => {
  cookie = '';
  mock.state.failures = 0;
  setCsrfToken('');
  onUnauthorised(() => undefined);
});

describe('addresses', () => {
  it('leave empty filters out and escape the rest', () => {
    expect(buildPath('/findings', { unit: 'a&b', state: '', check: null, limit: 5 })).toBe('/api/v1/findings?unit=a%26b&limit=5');
  });
});

describe('session', () => {
  it('opens, is told, and ends', async () => {
    await enter();
    expect((await currentSession()).user).toMatchObject({ name: MOCK_USER, roles: ['admin', 'officer'] });
    await signOut();
    expect((await failureOf(currentSession())).status).toBe(401);
  });

  it('tells a wrong password from too many of them', async () => {
    expect(await failureOf(signIn(MOCK_USER, 'wrong'))).toMatchObject({ status: 401, code: 'bad_credentials' });
    for (let i = 1; i < 10; i += 1) await failureOf(signIn(MOCK_USER, 'wrong'));
    expect(await failureOf(signIn(MOCK_USER, MOCK_PASSWORD))).toMatchObject({ status: 429, retryAfter: 30 });
  });

  it('reports the end of a session, but not a failed sign-in', async () => {
    const ended = vi.fn();
    onUnauthorised(ended);
    await failureOf(signIn(MOCK_USER, 'wrong'));
    expect(ended).not.toHaveBeenCalled();
    await failureOf(getOverview());
    expect(ended).toHaveBeenCalledOnce();
  });

  it('sends the same request once more when the user has signed in again', async () => {
    await enter();
    mock.state.sessions.clear();
    onUnauthorised(async () => {
      await enter();
      return true;
    });
    expect((await startPatrol()).state).toBe('running');
    const keys = mock.state.requests.filter((sent) => sent.path.endsWith('/actions/start')).map((sent) => sent.headers['idempotency-key']).slice(-2);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  it('sends the CSRF token with what changes something, and only then', async () => {
    await enter();
    await getOverview();
    await startPatrol();
    const [read, change] = mock.state.requests.slice(-2);
    expect(read?.headers['x-csrf-token']).toBeUndefined();
    expect(change?.headers['x-csrf-token']).toBeTruthy();
    setCsrfToken('');
    expect(await failureOf(stopPatrol())).toMatchObject({ status: 403, code: 'csrf' });
  });
});

describe('resources', () => {
  beforeEach(enter);

  it('walk a list to its end, each item once', async () => {
    const findings = await whole((query) => listFindings({ ...query, limit: 50 }));
    expect(new Set(findings.map((finding) => finding.id)).size).toBe(findings.length);
    expect(findings.length).toBeGreaterThan(200);
  });

  it('filter on the server', async () => {
    const { items } = await listFindings({ severity: 'critical' });
    expect(items.length).toBeGreaterThan(0);
    expect(items.every((finding) => finding.severity === 'critical')).toBe(true);
    expect((await failureOf(request('GET', '/findings', { query: { nonsense: 1 } }))).status).toBe(400);
  });

  it('read one finding and its history', async () => {
    const { items } = await listFindings({ limit: 1 });
    const id = items[0]?.id ?? '';
    expect((await getFinding(id)).evidence).toBeTypeOf('object');
    expect((await getFindingHistory(id))[0]?.event).toBe('created');
    expect((await failureOf(getFinding('f/../x'))).status).toBe(404);
  });

  it('read the checks and the overview', async () => {
    expect((await listChecks()).length).toBeGreaterThan(5);
    expect((await getOverview()).worst[0]?.severity).toBe('critical');
  });

  it('start and stop the patrol', async () => {
    expect((await startPatrol()).state).toBe('running');
    await vi.waitFor(async () => expect((await getOverview()).patrol?.targets_done).toBeGreaterThan(0));
    expect((await stopPatrol()).state).toBe('stopped');
  });

  it('call an unreachable server what it is', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
    expect(await failureOf(getOverview())).toMatchObject({ status: 0, code: 'network' });
    vi.stubGlobal('fetch', fetchLikeABrowser);
  });
});
