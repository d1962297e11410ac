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
  disabled?: boolean;
  /** Signs in with a code of an authenticator app, too. */
  totp?: boolean;
  rev?: number;
  created_at?: string;
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
  case?: string | null;
  disclosure?: string | null;
  provider?: string | null;
  sources?: Json[];
  drill?: boolean;
  rev?: number;
}

export interface HistoryItem {
  at: string;
  by: string;
  /** Where the reader sees the unit that the person acts for. */
  by_name?: string;
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
  tier?: string | null;
  industry?: string | null;
  regulator?: string | null;
  office?: string | null;
  overseas?: boolean;
  rev?: number;
  contacts?: Contact[];
}

export interface SystemRecord {
  id: string;
  unit: string;
  name: string;
  protection_level?: number | null;
  critical?: boolean;
  protection_dept?: string | null;
  maintainer?: string | null;
  rev?: number;
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

// Records with a workflow, and what follows from them.
export interface Common {
  id: string;
  state: string;
  rev: number;
  created_at: string;
  created_by: string;
  drill: boolean;
  unit?: string;
  wf?: string;
  wf_version?: number;
}

export interface CaseRecord extends Common {
  unit: string;
  findings: string[];
  previous?: string | null;
  notices?: string[];
  title?: string | null;
  incident?: string | null;
}

export interface NoticeItem {
  finding?: string | null;
  title?: BothLanguages | string | null;
  severity?: Severity | null;
  advice?: BothLanguages | string | null;
}

export interface LegalBasis {
  law: string;
  version: string;
  article: string;
}

export interface Signer {
  name: string;
  position: string;
  phone: string;
}

export interface Notice extends Common {
  type: 'rectify' | 'risk_tip';
  case?: string | null;
  recipient: string;
  cc?: string[];
  title?: string | null;
  basis?: LegalBasis[];
  items: NoticeItem[];
  internal_notes?: string | null;
  due?: string | null;
  overdue?: boolean;
  doc_no?: string | null;
  document?: string | null;
  body_sha256?: string | null;
  issued_at?: string | null;
  extensions?: number;
  signer?: Signer | null;
  authors?: string[];
  new_due?: string | null;
  interim_measures?: string | null;
}

export interface ResponseItem {
  finding: string;
  result?: 'fixed' | 'mitigated' | 'not_fixed' | null;
  cause?: string | null;
  measures?: string | null;
  completed_at?: string | null;
  evidence?: string[];
}

export interface ResponseRecord extends Common {
  notice: string;
  items: ResponseItem[];
  signer?: Signer | null;
  submitted_at?: string | null;
}

export interface VerificationItem {
  finding?: string;
  presence?: Presence;
  [more: string]: Json | undefined;
}

export interface Verification extends Common {
  case: string;
  result?: 'passed' | 'failed' | 'inconclusive' | null;
  tries: number;
  run?: string | null;
  items?: VerificationItem[];
  coverage?: string | null;
  presence?: Presence | null;
}

export interface Obligation extends Common {
  rule: string;
  subject: string;
  subject_collection?: string;
  debtor: string;
  creditor: string[];
  form?: string | null;
  clock_start?: string | null;
  due: string;
  calendar: 'clock' | 'workday';
  met_at?: string | null;
  submitted_at?: string | null;
  days_late?: number | null;
  minutes_late?: number | null;
  overdue?: boolean;
}

export interface OutboxEntry {
  id: string;
  at: string;
  kind: string;
  subject?: string | null;
  subject_collection?: string | null;
  obligation?: string | null;
  to: string;
  to_role?: string | null;
  channel?: string | null;
  drill?: boolean;
  state?: string | null;
}

export interface DocumentRecord extends Common {
  kind: string;
  subject?: string | null;
  name: string;
  media_type: string;
  doc_no?: string | null;
  sha256: string;
}

export interface CalendarRecord extends Common {
  unit: string;
  off?: string[];
  workdays?: string[];
  close?: string;
  zone?: string;
}

export interface WorkflowRecord extends Common {
  wf: string;
  v: number;
  states: string[];
  initial: string;
  final: string[];
  t: [string, string, string, string, string[], string[]][];
}

export interface ExportRecord extends Common {
  format: string;
  receiver: string;
  document?: string | null;
  omitted?: string[];
}

export interface Scorecard {
  id?: string;
  unit?: string;
  issued: number;
  on_time_ack: number | null;
  on_time_fix: number | null;
  first_pass: number | null;
  recurrence: number | null;
  zero_report: number | null;
  median_fix_days: number | null;
  overdue_open: number;
  drills: number;
}

export interface AuditEntry {
  id?: string;
  seq: number;
  at: string;
  by: string;
  event: string;
  collection?: string;
  subject?: string | null;
  hash: string;
  prev_hash?: string;
}

export interface ChainVerdict {
  ok: boolean;
  entries: number;
  first_broken: number | null;
}

export interface Token {
  id: string;
  label: string;
  created_at?: string;
  expires_at?: string | null;
  token?: string;
}

/** What the stream tells of a record that has changed. */
export interface ChangeEvent {
  collection: string;
  id: string;
  unit: string;
  event: string;
  state: string;
  rev: number;
}

export interface RegistryProblem {
  /** The header is row 1; 0: the file as a whole. */
  row: number;
  column: string;
  code: string;
  message: BothLanguages;
}

export interface RegistryDifference {
  collection: 'units' | 'systems' | 'assets';
  id: string;
  name: string;
  event: 'added' | 'changed' | 'withdrawn' | 'restored';
  fields: { field: string; from: string; to: string }[];
}

/** What a registry file came to: its problems, or what its import changes. */
export interface RegistryReading {
  name: string;
  format: string;
  encoding: string;
  rows: number;
  custom_columns: string[];
  generation: number;
  usable: boolean;
  problem_count: number;
  problems: RegistryProblem[];
  units_added?: number;
  units_changed?: number;
  systems_added?: number;
  systems_changed?: number;
  systems_withdrawn?: number;
  assets_added?: number;
  assets_changed?: number;
  assets_restored?: number;
  assets_withdrawn?: number;
  findings_unknown?: number;
  differences?: RegistryDifference[];
  difference_count?: number;
}

export type GradeLetter = 'A' | 'B' | 'C' | 'D' | 'E';

export interface GradeEntry {
  at: string;
  score: number;
  grade: GradeLetter;
  asset?: string;
  unit?: string;
}

export interface GradeLine {
  check: string;
  title: BothLanguages;
  status: 'passed' | 'failed' | 'accepted' | 'unknown';
  points: number;
  of: number;
  references: string[];
  findings: string[];
}

export interface GradeArea {
  area: string;
  title: BothLanguages;
  score: number | null;
  points: number;
  of: number;
  lines: GradeLine[];
}

/** The grade of an asset, point by point; `score` and `grade` are null while too little was seen. */
export interface AssetGrade {
  asset: string;
  unit: string;
  value: string;
  at: string;
  profile: string;
  version: number;
  score: number | null;
  grade: GradeLetter | null;
  seen: number;
  cap: { severity: Severity; at_most: number } | null;
  areas: GradeArea[];
  percentile: number | null;
  history: GradeEntry[];
}
