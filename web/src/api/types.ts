// The records of the REST interface as the pages read them.
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];
export const PRESENCES = ['present', 'absent', 'unknown'] as const;
export type Presence = (typeof PRESENCES)[number];
export const FINDING_STATES = ['new', 'confirmed', 'dismissed', 'accepted'] as const;

export type BySeverity = Record<Severity, number>;
export type BothLanguages = { zh: string; en: string };
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface User {
  id: string;
  name: string;
  roles: string[];
  unit?: string | null;
}

export interface Session {
  csrf: string;
  user: User;
}

export interface Patrol {
  state: 'idle' | 'running' | 'stopped';
  run: string | null;
  targets_total: number;
  targets_done: number;
  requests: number;
  bytes: number;
  requests_per_second: number;
  seconds_left: number | null;
  started_at: string | null;
}

export interface Finding {
  id: string;
  fingerprint: string;
  unit: string;
  unit_name?: string;
  system?: string | null;
  asset?: string | null;
  target: string;
  check: string;
  locator?: string | null;
  severity: Severity;
  severity_history?: { at: string; severity: Severity }[];
  title: BothLanguages;
  advice?: BothLanguages;
  evidence?: JsonObject;
  references?: string[];
  presence: Presence;
  presence_run?: string | null;
  first_seen: string;
  last_seen: string;
  runs?: string[];
  state: string;
  recurrence?: number;
  rev?: number;
}

export interface HistoryItem {
  at: string;
  by: string;
  event: string;
  from?: string | null;
  to?: string | null;
  reason?: string | null;
}

export interface Coverage {
  targets: number;
  reached: number;
  completed: number;
  not_reached: number;
  skipped: number;
  refused: number;
  reasons: Record<string, number>;
}

export interface UnitSeverities extends BySeverity {
  unit: string;
  name: string;
}

export interface DaySeverities extends BySeverity {
  date: string;
}

export interface Overview {
  now: string;
  findings_by_severity: BySeverity;
  by_unit: UnitSeverities[];
  daily: DaySeverities[];
  coverage: Coverage;
  worst: Finding[];
  /** Not every server gives it. */
  newest?: Finding[];
  patrol: Patrol | null;
}

export interface Contact {
  role: string;
  name: string;
  phone?: string | null;
  email?: string | null;
}

export interface Unit {
  id: string;
  name: string;
  parent?: string | null;
  kind?: string | null;
  contacts?: Contact[];
}

export interface SystemRecord {
  id: string;
  unit: string;
  name: string;
  protection_level?: number | null;
  critical?: boolean;
}

export interface Asset {
  id: string;
  unit: string;
  system?: string | null;
  value: string;
  kind?: string | null;
  probe_class?: string | null;
  authorised_from?: string | null;
  authorised_until?: string | null;
  last_checked?: string | null;
  state?: string | null;
}

export interface Run {
  id: string;
  tool?: string;
  tool_version?: string;
  started_at?: string | null;
  ended_at?: string | null;
  state?: string;
  targets?: number | unknown[];
  completed?: number;
  requests?: number;
  bytes?: number;
  findings?: Partial<BySeverity>;
}

export interface Check {
  id: string;
  severity: Severity;
  class: string;
  area: string;
  title: BothLanguages;
  advice?: BothLanguages;
  references?: string[];
}
