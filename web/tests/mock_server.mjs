// A stand-in for the program, for developing and testing the pages: same paths, invented data, a patrol that runs by itself.
// Usage: node tests/mock_server.mjs [--port 8099]; sign in as admin with the password below.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHECKS, DAY_MS, makeFinding, makeWorld, SEVERITIES } from './mock_data.mjs';

export const MOCK_USER = 'admin';
export const MOCK_PASSWORD = 'practice-password';
export const CSP = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; script-src 'self'";
const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const MEDIA_TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const TRIES = 10;
const CSRF = 'mock-csrf-token';
const COLLECTION_FILTERS = { units: ['parent'], systems: ['unit'], assets: ['unit', 'system'], findings: ['unit', 'severity', 'state', 'presence', 'check'] };

export function startMock({ port = 0, tickMs = 500, targetsPerTick = 2 } = {}) {
  const world = makeWorld();
  const state = { world, sessions: new Set(), failures: 0, streams: new Set(), patrol: idlePatrol(world), requests: [] };
  const server = createServer((request, response) => void handle(state, request, response));
  const timer = setInterval(() => tick(state, targetsPerTick), tickMs);
  const stop = () => {
    clearInterval(timer);
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    return closed;
  };
  return new Promise((ready) => server.listen(port, '127.0.0.1', () => ready({ url: `http://127.0.0.1:${server.address().port}`, state, stop })));
}

function idlePatrol(world) {
  return { state: 'idle', run: null, targets_total: world.assets.length, targets_done: 0, requests: 0, bytes: 0, requests_per_second: 0, seconds_left: null, started_at: null };
}

function tick(state, targets) {
  const { patrol, world } = state;
  if (patrol.state !== 'running') return;
  patrol.targets_done = Math.min(patrol.targets_total, patrol.targets_done + targets);
  patrol.requests += 19 * targets;
  patrol.bytes += 143_000 * targets;
  patrol.requests_per_second = 36 + Math.round(world.random() * 80) / 10;
  patrol.seconds_left = Math.ceil((patrol.targets_total - patrol.targets_done) / (targets * 2));
  if (patrol.targets_done === patrol.targets_total) Object.assign(patrol, { state: 'idle', seconds_left: null, requests_per_second: 0 });
  if (world.random() < 0.35) arrive(state);
  tell(state, 'patrol', patrol);
}

function arrive(state) {
  const { world } = state;
  const asset = world.assets[Math.floor(world.random() * world.assets.length)];
  const check = CHECKS[Math.floor(world.random() * CHECKS.length)];
  const finding = makeFinding(world.findings.length + 1, asset, check, world.units.find((unit) => unit.id === asset.unit), world.random, Date.now());
  Object.assign(finding, { first_seen: new Date().toISOString(), last_seen: new Date().toISOString(), presence: 'present', state: 'new' });
  world.findings.push(finding);
  tell(state, 'finding', finding);
}

function tell(state, event, data) {
  state.streams.forEach((stream) => stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
}

async function handle(state, request, response) {
  const url = new URL(request.url, 'http://mock');
  if (!url.pathname.startsWith('/api/')) return file(url.pathname, response);
  state.requests.push({ method: request.method, path: url.pathname, headers: request.headers });
  const body = await readBody(request);
  const path = url.pathname.slice('/api/v1'.length);
  if (path === '/session') return session(state, request, response, body);
  if (!signedIn(state, request)) return problem(response, 401, 'unauthenticated');
  if (request.method !== 'GET' && request.headers['x-csrf-token'] !== CSRF) return problem(response, 403, 'csrf');
  if (path === '/events/stream') return stream(state, response);
  if (path === '/overview') return json(response, 200, overview(state));
  if (path === '/checks') return json(response, 200, { items: state.world.checks, next_cursor: null });
  if (path.startsWith('/patrol/actions/')) return patrolAction(state, response, path.split('/').pop());
  return collection(state, response, path.split('/').slice(1), url.searchParams);
}

function session(state, request, response, body) {
  if (request.method === 'GET') return signedIn(state, request) ? json(response, 200, whoami()) : problem(response, 401, 'unauthenticated');
  if (request.method === 'DELETE') {
    state.sessions.clear();
    return response.writeHead(204).end();
  }
  if (state.failures >= TRIES) return problem(response, 429, 'too_many_attempts', { 'Retry-After': '30' });
  if (body?.name !== MOCK_USER || body?.password !== MOCK_PASSWORD) {
    state.failures += 1;
    return problem(response, 401, 'bad_credentials');
  }
  const id = String(Math.random()).slice(2);
  state.sessions.add(id);
  return json(response, 200, whoami(), { 'Set-Cookie': `session=${id}; HttpOnly; SameSite=Strict; Path=/` });
}

const whoami = () => ({ csrf: CSRF, user: { id: 'user-1', name: MOCK_USER, roles: ['admin', 'officer'], unit: 'office' } });

function signedIn(state, request) {
  const id = /(?:^|; )session=(\d+)/.exec(request.headers.cookie ?? '')?.[1];
  return state.sessions.has(id);
}

function stream(state, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write(': hello\n\n');
  response.write(`event: patrol\ndata: ${JSON.stringify(state.patrol)}\n\n`);
  state.streams.add(response);
  response.on('close', () => state.streams.delete(response));
}

function patrolAction(state, response, action) {
  if (action === 'stop') Object.assign(state.patrol, { state: 'stopped', seconds_left: null, requests_per_second: 0 });
  if (action === 'start') Object.assign(state.patrol, idlePatrol(state.world), { state: 'running', run: 'run-0042', started_at: new Date().toISOString() });
  tell(state, 'patrol', state.patrol);
  return json(response, 200, state.patrol);
}

function collection(state, response, [name, id, sub], query) {
  if (name === 'runs' && id) return json(response, 200, { id, tool: 'fengsui', tool_version: '0.1.0', state: 'finished', started_at: new Date(Date.now() - 9e6).toISOString(), ended_at: new Date(Date.now() - 7e6).toISOString(), targets: 71, completed: 64, requests: 1352, bytes: 9_800_000 });
  const records = state.world[name];
  if (!records) return problem(response, 404, 'not_found');
  if (!id) return page(response, records, COLLECTION_FILTERS[name], query);
  const record = records.find((item) => item.id === id);
  if (!record) return problem(response, 404, 'not_found');
  return json(response, 200, sub === 'history' ? { items: history(record) } : record);
}

function history(finding) {
  const items = [{ at: finding.first_seen, by: 'system', event: 'created', from: null, to: 'new', reason: null }];
  if (finding.state === 'confirmed') items.push({ at: finding.last_seen, by: 'user-1', event: 'confirm', from: 'new', to: 'confirmed', reason: '已电话核实' });
  return items;
}

function page(response, records, filters, query) {
  const unknown = [...query.keys()].find((key) => !['limit', 'cursor', ...filters].includes(key));
  if (unknown) return problem(response, 400, 'unknown_parameter');
  const wanted = filters.filter((key) => query.has(key));
  const matching = records.filter((record) => wanted.every((key) => record[key] === query.get(key)));
  const from = Number(query.get('cursor') ?? 0);
  const until = from + Number(query.get('limit') ?? 100);
  return json(response, 200, { items: matching.slice(from, until), next_cursor: until < matching.length ? String(until) : null });
}

const zero = () => Object.fromEntries(SEVERITIES.map((severity) => [severity, 0]));
function count(findings) {
  return findings.reduce((sum, finding) => ({ ...sum, [finding.severity]: sum[finding.severity] + 1 }), zero());
}

function overview(state) {
  const { world, patrol } = state;
  const present = world.findings.filter((finding) => finding.presence === 'present');
  const days = Array.from({ length: 30 }, (_, i) => new Date(Date.now() - (29 - i) * DAY_MS).toISOString().slice(0, 10));
  return {
    now: new Date().toISOString(), findings_by_severity: count(present),
    by_unit: world.units.map((unit) => ({ unit: unit.id, name: unit.name, ...count(present.filter((finding) => finding.unit === unit.id)) })),
    daily: days.map((date) => ({ date, ...count(present.filter((finding) => finding.first_seen.slice(0, 10) <= date)) })),
    coverage: { targets: world.assets.length, reached: world.assets.length - 6, completed: 6214, not_reached: 391, skipped: 522, refused: 74, reasons: { not_applicable: 498, timeout: 188, dns_nxdomain: 96, tls_failed: 71, not_authorised: 62, refused: 36, deadline: 24, private_address: 12 } },
    worst: [...present].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)).slice(0, 10), patrol,
  };
}

async function readBody(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : null;
}

function json(response, status, body, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers }).end(JSON.stringify(body));
}

function problem(response, status, code, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/problem+json', ...headers }).end(JSON.stringify({ type: 'about:blank', title: code, status, code }));
}

function file(path, response) {
  const name = normalize(join(DIST, path === '/' ? 'index.html' : path));
  if (!name.startsWith(DIST) || !existsSync(name) || !statSync(name).isFile()) return response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': MEDIA_TYPES[extname(name)] ?? 'application/octet-stream', 'Content-Security-Policy': CSP });
  return createReadStream(name).pipe(response);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf('--port');
  const mock = await startMock({ port: at > 0 ? Number(process.argv[at + 1]) : 8099 });
  console.log(`${mock.url} (${MOCK_USER} / ${MOCK_PASSWORD})`);
}
