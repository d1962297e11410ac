// Recognises what a piece of evidence is, so that it can be shown as what it is. Evidence is any JSON object.
import type { Json, JsonObject } from '../api/types';

export interface HttpMessage {
  first: string;
  headers: [string, string][];
  body: string;
}
export interface HttpExchange {
  request: HttpMessage | null;
  response: HttpMessage | null;
  rest: JsonObject;
}
export interface CertificateFacts {
  facts: [string, Json][];
  notBefore: string | null;
  notAfter: string | null;
  rest: JsonObject;
}
export type EvidenceKind = 'exchange' | 'chain' | 'dns' | 'certificate' | 'table' | 'records' | 'values' | 'text' | 'scalar' | 'empty';

const LONG_TEXT = 100;
const CERTIFICATE_KEYS = [
  'subject', 'issuer', 'serial', 'serial_number', 'san', 'names', 'dns_names', 'subject_alt_names', 'key', 'key_type', 'key_bits', 'public_key',
  'signature', 'signature_algorithm', 'sha256', 'fingerprint_sha256',
];
const NOT_BEFORE = ['not_before', 'valid_from'];
const NOT_AFTER = ['not_after', 'valid_until', 'expires'];
const BODY_KEYS = ['body', 'body_excerpt', 'excerpt'];
const HTTP_KEYS = ['method', 'url', 'status', 'status_line', 'headers', 'request_headers', 'response_headers', 'request', 'response', ...BODY_KEYS];

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function kindOf(value: Json | undefined): EvidenceKind {
  if (value === null || value === undefined || value === '') return 'empty';
  if (Array.isArray(value)) return kindOfList(value);
  if (isObject(value)) return kindOfObject(value);
  return typeof value === 'string' && isLong(value) ? 'text' : 'scalar';
}

function kindOfObject(value: JsonObject): EvidenceKind {
  if (Object.keys(value).length === 0) return 'empty';
  if (isExchange(value)) return 'exchange';
  if (Array.isArray(value.cname_chain)) return 'dns';
  return isCertificate(value) ? 'certificate' : 'table';
}

function kindOfList(list: Json[]): EvidenceKind {
  if (list.length === 0) return 'empty';
  if (isChain(list)) return 'chain';
  return list.every(isFlatRecord) ? 'records' : 'values';
}

function isLong(text: string): boolean {
  return text.length > LONG_TEXT || text.includes('\n');
}

/** Records become the rows of one table; what is itself structured is shown one below the other. */
function isFlatRecord(value: Json): boolean {
  if (!isObject(value) || isExchange(value)) return false;
  return Object.keys(value).length <= 8 && Object.values(value).every((cell) => typeof cell !== 'object' || cell === null);
}

export function isCertificate(value: JsonObject): boolean {
  return 'subject' in value && ['issuer', ...NOT_AFTER].some((key) => key in value);
}

export function isExchange(value: JsonObject): boolean {
  const answered = 'response' in value || 'status' in value || 'headers' in value || 'response_headers' in value;
  const asked = 'request' in value || 'method' in value || ('url' in value && ('headers' in value || BODY_KEYS.some((key) => key in value)));
  return asked && answered;
}

export function columnsOf(records: JsonObject[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))];
}

export function readCertificate(value: JsonObject): CertificateFacts {
  const first = (keys: string[]) => keys.map((key) => value[key]).find((found) => typeof found === 'string') as string | undefined;
  const known = new Set([...CERTIFICATE_KEYS, ...NOT_BEFORE, ...NOT_AFTER]);
  return {
    facts: CERTIFICATE_KEYS.filter((key) => key in value).map((key) => [key, value[key] ?? null]),
    notBefore: first(NOT_BEFORE) ?? null,
    notAfter: first(NOT_AFTER) ?? null,
    rest: without(value, known),
  };
}

export function readExchange(value: JsonObject): HttpExchange {
  return { request: readRequest(value), response: readResponse(value), rest: without(value, new Set(HTTP_KEYS)) };
}

function readRequest(value: JsonObject): HttpMessage | null {
  if (typeof value.request === 'string') return rawMessage(value.request);
  const source = isObject(value.request) ? value.request : value;
  const line = [text(source.method), text(source.url) || text(source.path) || text(source.target)].filter(Boolean).join(' ');
  const headers = readHeaders(isObject(value.request) ? source.headers : value.request_headers);
  const body = isObject(value.request) ? bodyOf(source) : '';
  return line || headers.length ? { first: line, headers, body } : null;
}

function readResponse(value: JsonObject): HttpMessage | null {
  if (typeof value.response === 'string') return rawMessage(value.response);
  const source = isObject(value.response) ? value.response : value;
  const line = text(source.status_line) || [text(source.version), text(source.status), text(source.reason)].filter(Boolean).join(' ');
  const message = { first: line, headers: readHeaders(source.headers ?? source.response_headers), body: bodyOf(source) };
  return message.first || message.headers.length || message.body ? message : null;
}

function rawMessage(raw: string): HttpMessage {
  const [head = '', ...body] = raw.split(/\r?\n\r?\n/);
  const [first = '', ...lines] = head.split(/\r?\n/);
  return { first, headers: lines.map(splitHeader), body: body.join('\n\n') };
}

function readHeaders(value: Json | undefined): [string, string][] {
  if (typeof value === 'string') return value.split(/\r?\n/).filter(Boolean).map(splitHeader);
  if (Array.isArray(value)) return value.map(headerPair);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, content]) =>
    (Array.isArray(content) ? content : [content]).map((part): [string, string] => [name, text(part)]),
  );
}

function headerPair(value: Json): [string, string] {
  if (Array.isArray(value)) return [text(value[0]), text(value[1])];
  if (isObject(value)) return [text(value.name), text(value.value)];
  return splitHeader(text(value));
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  return colon < 0 ? [line, ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}

function bodyOf(source: JsonObject): string {
  const found = BODY_KEYS.map((key) => source[key]).find((body) => body !== undefined && body !== null);
  return typeof found === 'object' ? JSON.stringify(found, null, 2) : text(found);
}

function text(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function without(value: JsonObject, keys: Set<string>): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.has(key)));
}

function isChain(list: Json[]): boolean {
  return list.every((one) => isObject(one) && 'subject' in one && ('position' in one || 'issuer' in one || 'role' in one));
}

export interface Hop {
  kind: 'start' | 'alias' | 'address' | 'end';
  text: string;
}

export function dnsPath(value: JsonObject): Hop[] {
  const list = (one: Json | undefined) => (Array.isArray(one) ? one.map((part) => text(isObject(part) ? (part.name ?? part.target ?? part) : part)) : []);
  const name = text(value.name);
  const aliases = list(value.cname_chain).filter((alias) => alias !== name);
  const addresses = list(value.addresses);
  const end: Hop[] = addresses.length ? addresses.map((address) => ({ kind: 'address', text: address })) : [{ kind: 'end', text: text(value.dns) || text(value.result) || '∅' }];
  return [...(name ? [{ kind: 'start' as const, text: name }] : []), ...aliases.map((alias) => ({ kind: 'alias' as const, text: alias })), ...end];
}

export const DNS_KEYS = new Set(['name', 'cname_chain', 'addresses', 'dns', 'result']);
export const withoutKeys = without;

/** What the check went by: shown marked where it stands in an answer. Words are compared as they are, never as patterns of their own. */
export function marksOf(value: JsonObject): string[] {
  const keys = ['pattern', 'match', 'matched', 'header', 'value', 'observed', 'found'];
  const said = keys.map((key) => value[key]).filter((one): one is string => typeof one === 'string' && one.length >= 2 && one.length <= 400);
  return [...new Set(said)];
}

export interface Piece {
  text: string;
  marked: boolean;
}

export function markIn(whole: string, marks: string[]): Piece[] {
  const lower = whole.toLowerCase();
  const pieces: Piece[] = [];
  let at = 0;
  while (at < whole.length) {
    const next = marks.map((mark) => ({ mark, place: lower.indexOf(mark.toLowerCase(), at) })).filter(({ place }) => place >= 0).sort((a, b) => a.place - b.place)[0];
    if (!next || pieces.length > 200) break;
    if (next.place > at) pieces.push({ text: whole.slice(at, next.place), marked: false });
    pieces.push({ text: whole.slice(next.place, next.place + next.mark.length), marked: true });
    at = next.place + next.mark.length;
  }
  if (at < whole.length) pieces.push({ text: whole.slice(at), marked: false });
  return pieces;
}
