// Made by scripts/generate.mjs from api/openapi.json (version 0.1.0). Not to be edited.
import type { Asset, AuditEntry, CalendarRecord, CaseRecord, ChainVerdict, Check, DocumentRecord, ExportRecord, Finding, HistoryItem, JsonObject, Notice, Obligation, OutboxEntry, Overview, Page, Patrol, ResponseRecord, Run, Scorecard, SystemRecord, Token, Unit, User, Verification, WorkflowRecord } from '../api/types';

export interface Operations {
  /** Sign in */
  'POST /session': { path: never; query: never; body: object; result: JsonObject };
  /** Who */
  'GET /session': { path: never; query: never; body: never; result: JsonObject };
  /** Sign out */
  'DELETE /session': { path: never; query: never; body: never; result: void };
  /** Users */
  'GET /users': { path: never; query: 'unit' | 'limit' | 'cursor'; body: never; result: Page<User> };
  /** Make a user */
  'POST /users': { path: never; query: never; body: object; result: User };
  /** One user */
  'GET /users/{id}': { path: 'id'; query: never; body: never; result: User };
  /** Change a user */
  'PATCH /users/{id}': { path: 'id'; query: never; body: object; result: User };
  /** Tokens */
  'GET /users/{id}/tokens': { path: 'id'; query: never; body: never; result: Page<Token> };
  /** Make a token */
  'POST /users/{id}/tokens': { path: 'id'; query: never; body: object; result: Token };
  /** Revoke a token */
  'DELETE /users/{id}/tokens/{token}': { path: 'id' | 'token'; query: never; body: never; result: void };
  /** units */
  'GET /units': { path: never; query: 'parent' | 'limit' | 'cursor'; body: never; result: Page<Unit> };
  /** Make */
  'POST /units': { path: never; query: never; body: object; result: Unit };
  /** One */
  'GET /units/{id}': { path: 'id'; query: never; body: never; result: Unit };
  /** Change */
  'PATCH /units/{id}': { path: 'id'; query: never; body: object; result: Unit };
  /** History */
  'GET /units/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** systems */
  'GET /systems': { path: never; query: 'unit' | 'limit' | 'cursor'; body: never; result: Page<SystemRecord> };
  /** Make */
  'POST /systems': { path: never; query: never; body: object; result: SystemRecord };
  /** One */
  'GET /systems/{id}': { path: 'id'; query: never; body: never; result: SystemRecord };
  /** Change */
  'PATCH /systems/{id}': { path: 'id'; query: never; body: object; result: SystemRecord };
  /** History */
  'GET /systems/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** assets */
  'GET /assets': { path: never; query: 'unit' | 'system' | 'limit' | 'cursor'; body: never; result: Page<Asset> };
  /** Make */
  'POST /assets': { path: never; query: never; body: object; result: Asset };
  /** One */
  'GET /assets/{id}': { path: 'id'; query: never; body: never; result: Asset };
  /** Change */
  'PATCH /assets/{id}': { path: 'id'; query: never; body: object; result: Asset };
  /** History */
  'GET /assets/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Runs */
  'GET /runs': { path: never; query: 'limit' | 'cursor'; body: never; result: Page<Run> };
  /** Record a run */
  'POST /runs': { path: never; query: never; body: object; result: Run };
  /** One run */
  'GET /runs/{id}': { path: 'id'; query: never; body: never; result: Run };
  /** Findings */
  'GET /findings': { path: never; query: 'unit' | 'asset' | 'check' | 'severity' | 'state' | 'presence' | 'case' | 'limit' | 'cursor'; body: never; result: Page<Finding> };
  /** One */
  'GET /findings/{id}': { path: 'id'; query: never; body: never; result: Finding };
  /** History */
  'GET /findings/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Step */
  'POST /findings/{id}/actions/{event}': { path: 'id' | 'event'; query: never; body: object; result: Finding };
  /** cases */
  'GET /cases': { path: never; query: 'unit' | 'state' | 'limit' | 'cursor'; body: never; result: Page<CaseRecord> };
  /** Make */
  'POST /cases': { path: never; query: never; body: object; result: CaseRecord };
  /** One */
  'GET /cases/{id}': { path: 'id'; query: never; body: never; result: CaseRecord };
  /** Change */
  'PATCH /cases/{id}': { path: 'id'; query: never; body: object; result: CaseRecord };
  /** History */
  'GET /cases/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Step */
  'POST /cases/{id}/actions/{event}': { path: 'id' | 'event'; query: never; body: object; result: CaseRecord };
  /** notices */
  'GET /notices': { path: never; query: 'case' | 'recipient' | 'state' | 'limit' | 'cursor'; body: never; result: Page<Notice> };
  /** Make */
  'POST /notices': { path: never; query: never; body: object; result: Notice };
  /** One */
  'GET /notices/{id}': { path: 'id'; query: never; body: never; result: Notice };
  /** Change */
  'PATCH /notices/{id}': { path: 'id'; query: never; body: object; result: Notice };
  /** History */
  'GET /notices/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Step */
  'POST /notices/{id}/actions/{event}': { path: 'id' | 'event'; query: never; body: object; result: Notice };
  /** responses */
  'GET /responses': { path: never; query: 'notice' | 'state' | 'limit' | 'cursor'; body: never; result: Page<ResponseRecord> };
  /** Make */
  'POST /responses': { path: never; query: never; body: object; result: ResponseRecord };
  /** One */
  'GET /responses/{id}': { path: 'id'; query: never; body: never; result: ResponseRecord };
  /** Change */
  'PATCH /responses/{id}': { path: 'id'; query: never; body: object; result: ResponseRecord };
  /** History */
  'GET /responses/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Step */
  'POST /responses/{id}/actions/{event}': { path: 'id' | 'event'; query: never; body: object; result: ResponseRecord };
  /** verifications */
  'GET /verifications': { path: never; query: 'case' | 'state' | 'limit' | 'cursor'; body: never; result: Page<Verification> };
  /** Make */
  'POST /verifications': { path: never; query: never; body: object; result: Verification };
  /** One */
  'GET /verifications/{id}': { path: 'id'; query: never; body: never; result: Verification };
  /** Change */
  'PATCH /verifications/{id}': { path: 'id'; query: never; body: object; result: Verification };
  /** History */
  'GET /verifications/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Step */
  'POST /verifications/{id}/actions/{event}': { path: 'id' | 'event'; query: never; body: object; result: Verification };
  /** obligations */
  'GET /obligations': { path: never; query: 'rule' | 'subject' | 'debtor' | 'state' | 'limit' | 'cursor'; body: never; result: Page<Obligation> };
  /** One */
  'GET /obligations/{id}': { path: 'id'; query: never; body: never; result: Obligation };
  /** History */
  'GET /obligations/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** outbox */
  'GET /outbox': { path: never; query: 'subject' | 'obligation' | 'to' | 'limit' | 'cursor'; body: never; result: Page<OutboxEntry> };
  /** One */
  'GET /outbox/{id}': { path: 'id'; query: never; body: never; result: OutboxEntry };
  /** History */
  'GET /outbox/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** documents */
  'GET /documents': { path: never; query: 'kind' | 'subject' | 'limit' | 'cursor'; body: never; result: Page<DocumentRecord> };
  /** Make */
  'POST /documents': { path: never; query: never; body: object; result: DocumentRecord };
  /** One */
  'GET /documents/{id}': { path: 'id'; query: never; body: never; result: DocumentRecord };
  /** Change */
  'PATCH /documents/{id}': { path: 'id'; query: never; body: object; result: DocumentRecord };
  /** History */
  'GET /documents/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** calendars */
  'GET /calendars': { path: never; query: 'unit' | 'limit' | 'cursor'; body: never; result: Page<CalendarRecord> };
  /** Make */
  'POST /calendars': { path: never; query: never; body: object; result: CalendarRecord };
  /** One */
  'GET /calendars/{id}': { path: 'id'; query: never; body: never; result: CalendarRecord };
  /** Change */
  'PATCH /calendars/{id}': { path: 'id'; query: never; body: object; result: CalendarRecord };
  /** History */
  'GET /calendars/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** workflows */
  'GET /workflows': { path: never; query: 'wf' | 'state' | 'limit' | 'cursor'; body: never; result: Page<WorkflowRecord> };
  /** Make */
  'POST /workflows': { path: never; query: never; body: object; result: WorkflowRecord };
  /** One */
  'GET /workflows/{id}': { path: 'id'; query: never; body: never; result: WorkflowRecord };
  /** Change */
  'PATCH /workflows/{id}': { path: 'id'; query: never; body: object; result: WorkflowRecord };
  /** History */
  'GET /workflows/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Step */
  'POST /workflows/{id}/actions/{event}': { path: 'id' | 'event'; query: never; body: object; result: WorkflowRecord };
  /** exports */
  'GET /exports': { path: never; query: 'receiver' | 'limit' | 'cursor'; body: never; result: Page<ExportRecord> };
  /** Make */
  'POST /exports': { path: never; query: never; body: object; result: ExportRecord };
  /** One */
  'GET /exports/{id}': { path: 'id'; query: never; body: never; result: ExportRecord };
  /** Change */
  'PATCH /exports/{id}': { path: 'id'; query: never; body: object; result: ExportRecord };
  /** History */
  'GET /exports/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Scorecards */
  'GET /scorecards': { path: never; query: 'limit' | 'cursor'; body: never; result: Page<Scorecard> };
  /** One */
  'GET /scorecards/{id}': { path: 'id'; query: 'from' | 'until'; body: never; result: Scorecard };
  /** Checks */
  'GET /checks': { path: never; query: 'limit' | 'cursor'; body: never; result: Page<Check> };
  /** Overview */
  'GET /overview': { path: never; query: never; body: never; result: Overview };
  /** Audit */
  'GET /audit': { path: never; query: 'subject' | 'limit' | 'cursor'; body: never; result: Page<AuditEntry> };
  /** Verify */
  'GET /audit/verify': { path: never; query: never; body: never; result: ChainVerdict };
  /** Patrol */
  'GET /patrol': { path: never; query: never; body: never; result: Patrol };
  /** Start */
  'POST /patrol/actions/start': { path: never; query: never; body: object; result: Patrol };
  /** Stop */
  'POST /patrol/actions/stop': { path: never; query: never; body: object; result: Patrol };
}
