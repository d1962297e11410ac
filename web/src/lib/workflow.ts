// What may happen to a record next: from the definitions that the program came with, or the stored version that the record began with.
import content from '../generated/content.json';
import { call } from '../api/client';
import type { BothLanguages, WorkflowRecord } from '../api/types';

export interface Step {
  event: string;
  from: string[];
  to: string;
  roles: string[];
  guards: string[];
}
export interface Definition {
  wf: string;
  v: number;
  states: string[];
  initial: string;
  final: string[];
  labels: { workflow: BothLanguages; states: Record<string, BothLanguages>; events: Record<string, BothLanguages> };
  t: Step[];
}

const builtIn = content.workflows as unknown as Definition[];
const stored = new Map<string, Definition>();

export function definitionOf(wf: string, version?: number): Definition | undefined {
  return stored.get(`${wf}/${version}`) ?? builtIn.find((one) => one.wf === wf);
}

/** Versions that an authority has stored itself. Units may not ask for them; for them the built-in ones do. */
export async function loadWorkflows(): Promise<void> {
  const { items } = await call('GET /workflows', { query: { limit: 1000 } });
  for (const item of items) stored.set(`${item.wf}/${item.v}`, fromRecord(item));
}

export function fromRecord(record: WorkflowRecord): Definition {
  const labels = builtIn.find((one) => one.wf === record.wf)?.labels ?? { workflow: { zh: record.wf, en: record.wf }, states: {}, events: {} };
  const t = record.t.map(([event, from, to, roles, guards]) => ({ event, from: from.split('|'), to, roles: roles.split(','), guards: guards ?? [] }));
  return { wf: record.wf, v: record.v, states: record.states, initial: record.initial, final: record.final, labels, t };
}

export function stepsFor(definition: Definition | undefined, state: string, roles: string[]): Step[] {
  return (definition?.t ?? []).filter((step) => step.from.includes(state) && step.roles.some((role) => roles.includes(role)));
}

/** The fields that the guards of a step ask for. */
export function fieldsOf(step: Step): string[] {
  return step.guards.filter((guard) => guard.startsWith('has:')).map((guard) => guard.slice(4));
}

export function stateLabel(wf: string, state: string): BothLanguages | string {
  return definitionOf(wf)?.labels.states[state] ?? state;
}

export function eventLabel(wf: string, event: string): BothLanguages | string {
  return definitionOf(wf)?.labels.events[event] ?? event;
}

const rules = content.rules as Record<string, { label: BothLanguages; due?: string; cal?: string }>;
const labels = content.labels as unknown as Record<string, Record<string, BothLanguages>>;

export const ruleLabel = (rule: string): BothLanguages | string => rules[rule]?.label ?? rule;
export const contentLabel = (list: string, key: string): BothLanguages | string => labels[list]?.[key] ?? key;
export const LAWS = content.laws as { name: string; versions: { version: string; from: string; until: string | null }[] }[];

/** The text of a law that holds on a day. */
export function versionOn(law: string, day: string): string {
  const versions = LAWS.find((one) => one.name === law)?.versions ?? [];
  return versions.find((one) => one.from <= day && (one.until === null || day <= one.until))?.version ?? versions[versions.length - 1]?.version ?? '';
}
