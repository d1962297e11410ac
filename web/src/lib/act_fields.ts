// The fields that a step may ask for, how each is entered, and what of the entered goes to the server.
import type { Signer } from '../api/types';
import { fieldsOf, type Step } from './workflow';

export type Entry = 'text' | 'line' | 'evidence' | 'signer' | 'due' | 'moment';
const ENTRIES: Record<string, Entry> = {
  reason: 'text', evidence: 'evidence', signer: 'signer', new_due: 'due', expires_at: 'moment', compensating: 'text', interim_measures: 'text', target_org: 'line',
};
/** Of the record itself and not of the form that runs the step. */
const ON_THE_RECORD = ['recipient', 'items', 'basis'];

export const entryOf = (field: string): Entry => ENTRIES[field] ?? 'line';
export const askedFor = (step: Step) => fieldsOf(step).filter((field) => !ON_THE_RECORD.includes(field));

export interface Entered {
  [field: string]: string | string[] | Signer;
}

export function blank(step: Step): Entered {
  const empty = (field: string) => ({ evidence: [], signer: { name: '', position: '', phone: '' } })[entryOf(field) as 'evidence'] ?? '';
  return Object.fromEntries(askedFor(step).map((field) => [field, empty(field)]));
}

function isEmpty(value: Entered[string]): boolean {
  if (typeof value === 'string') return value.trim() === '';
  return Array.isArray(value) ? value.length === 0 : !value.name.trim() || !value.position.trim() || !value.phone.trim();
}

export const missingOf = (entered: Entered) => Object.keys(entered).filter((field) => isEmpty(entered[field] ?? ''));

/** Moments are entered in the browser's own zone and sent with their offset. */
export function bodyOf(entered: Entered): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entered).map(([field, value]) => {
    const isMoment = typeof value === 'string' && ['due', 'moment'].includes(entryOf(field)) && /^\d{4}-\d{2}-\d{2}T/.test(value);
    return [field, isMoment ? new Date(value as string).toISOString() : value];
  }));
}

/** Steps that cannot be taken back, or that reach somebody outside: these are confirmed in words. */
const GRAVE = new Set(['issue', 'withdraw', 'transfer', 'escalate', 'manual_pass', 'waive', 'not_real', 'archive']);
const MAIN = new Set(['verify', 'submit', 'approve', 'issue', 'receive', 'confirm', 'accept', 'extend', 'recheck', 'retry', 'activate']);
export const isGrave = (event: string) => GRAVE.has(event);
export const isMain = (event: string) => MAIN.has(event);
