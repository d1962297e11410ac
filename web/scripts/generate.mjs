// Makes src/generated from what the program itself says: the client's operations from its OpenAPI document (api/openapi.json), and names and
// steps of the workflows, rules and laws from ../content. Run before every build; a test holds the result against its sources.
// Usage: node scripts/generate.mjs [--check]
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const WEB = fileURLToPath(new URL('../', import.meta.url));
const CONTENT = join(WEB, '../content');
/** What a collection's records are called in src/api/types.ts; others are plain objects. */
const RECORDS = {
  units: 'Unit', systems: 'SystemRecord', assets: 'Asset', runs: 'Run', findings: 'Finding', cases: 'CaseRecord', notices: 'Notice',
  responses: 'ResponseRecord', verifications: 'Verification', obligations: 'Obligation', outbox: 'OutboxEntry', documents: 'DocumentRecord',
  calendars: 'CalendarRecord', workflows: 'WorkflowRecord', users: 'User', audit: 'AuditEntry', checks: 'Check', scorecards: 'Scorecard',
  exports: 'ExportRecord', overview: 'Overview', patrol: 'Patrol',
};
const TYPES = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', array: 'Json[]', object: 'JsonObject' };

const quoted = (names) => (names.length ? names.map((name) => `'${name}'`).join(' | ') : 'never');

function resultOf(path, operation) {
  const collection = path.split('/')[1] ?? '';
  const record = RECORDS[collection] ?? 'JsonObject';
  if (operation.responses['204']) return 'void';
  if (/\/history$/.test(path)) return 'Page<HistoryItem>';
  if (/\/tokens$/.test(path)) return operation.isRead ? 'Page<Token>' : 'Token';
  if (path === '/audit/verify') return 'ChainVerdict';
  const isList = operation.isRead && !path.includes('{') && operation.schema?.endsWith('/List');
  return isList || path === '/checks' ? `Page<${record}>` : record;
}

function bodyOf(operation) {
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  if (!schema) return 'never';
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const kind = Array.isArray(field.type) ? field.type[0] : field.type;
    const type = kind === 'array' && field.items?.type === 'string' ? 'string[]' : (TYPES[kind] ?? 'Json');
    return `${JSON.stringify(name)}${required.has(name) ? '' : '?'}: ${type} | null`;
  });
  return fields.length ? `{ ${fields.join('; ')}; [more: string]: unknown }` : 'object';
}

function operationsOf(document) {
  return Object.entries(document.paths).flatMap(([whole, methods]) => {
    const path = whole.replace('/api/v1', '');
    return Object.entries(methods).map(([method, given]) => {
      const good = Object.entries(given.responses).find(([status]) => status.startsWith('2'))?.[1];
      const schema = good?.content?.['application/json']?.schema?.$ref;
      const operation = { ...given, isRead: method === 'get', schema };
      const queries = (given.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name);
      const places = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      return `  /** ${given.summary} */\n  '${method.toUpperCase()} ${path}': `
        + `{ path: ${quoted(places)}; query: ${quoted(queries)}; body: ${bodyOf(operation)}; result: ${resultOf(path, operation)} };`;
    });
  });
}

function clientSource() {
  const document = JSON.parse(readFileSync(join(WEB, 'api/openapi.json'), 'utf8'));
  const operations = operationsOf(document);
  const used = [...new Set(operations.join('\n').match(/\b[A-Z]\w+(?=[;>&| ])/g) ?? [])];
  const known = new Set([...Object.values(RECORDS), 'JsonObject', 'HistoryItem', 'Page', 'Token', 'ChainVerdict', 'Json']);
  const names = used.concat(/Page</.test(operations.join('')) ? 'Page' : [], /\bJson\[/.test(operations.join('')) ? 'Json' : []);
  const types = [...new Set(names)].filter((name) => known.has(name)).sort();
  return `// Made by scripts/generate.mjs from api/openapi.json (version ${document.info.version}). Not to be edited.\n`
    + `import type { ${types.join(', ')} } from '../api/types';\n\nexport interface Operations {\n${operations.join('\n')}\n}\n`;
}

const yaml = (...path) => parse(readFileSync(join(CONTENT, ...path), 'utf8'));
const filesIn = (folder) => (existsSync(join(CONTENT, folder)) ? readdirSync(join(CONTENT, folder)).filter((name) => name.endsWith('.yaml')).sort() : []);

function workflows() {
  return filesIn('workflows').map((name) => yaml('workflows', name)).map(({ wf, v, states, initial, final, t, labels }) => ({
    wf, v, states, initial, final, labels,
    t: t.map(([event, from, to, roles, guards]) => ({ event, from: from.split('|'), to, roles: roles.split(','), guards })),
  }));
}

function rules() {
  const all = filesIn('obligations').flatMap((name) => yaml('obligations', name).rules ?? []);
  return Object.fromEntries(all.map(({ id, label, due, cal, when }) => [id, { label: label ?? { zh: id, en: id }, due, cal, when }]));
}

function contentSource() {
  const content = {
    workflows: workflows(), rules: rules(), labels: yaml('labels.yaml').labels,
    laws: yaml('legal_bases.yaml').laws.map(({ names, versions }) => ({
      name: names[0], versions: versions.map(({ version, from, until }) => ({ version, from, until: until ?? null })),
    })),
  };
  return `${JSON.stringify(content, null, 1)}\n`;
}

const wanted = { 'api.ts': clientSource(), 'content.json': contentSource() };
let stale = 0;
mkdirSync(join(WEB, 'src/generated'), { recursive: true });
for (const [name, text] of Object.entries(wanted)) {
  const path = join(WEB, 'src/generated', name);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  stale += 1;
  if (!process.argv.includes('--check')) writeFileSync(path, text);
}
if (process.argv.includes('--check') && stale) {
  console.error('src/generated is out of date: run npm run generate');
  process.exit(1);
}
