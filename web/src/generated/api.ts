// Made by scripts/generate.mjs from api/openapi.json (version 0.1.0). Not to be edited.
import type { Asset, AuditEntry, CalendarRecord, CaseRecord, ChainVerdict, Check, DocumentRecord, ExportRecord, Finding, HistoryItem, Json, JsonObject, Notice, Obligation, OutboxEntry, Overview, Page, Patrol, ResponseRecord, Run, Scorecard, SystemRecord, Token, Unit, User, Verification, WorkflowRecord } from '../api/types';

export interface Operations {
  /** Sign in with name and password, and the code of the second factor where there is one */
  'POST /session': { path: never; query: never; body: { "name": string | null; "password": string | null; "code"?: string | null; [more: string]: unknown }; result: JsonObject };
  /** Who is signed in */
  'GET /session': { path: never; query: never; body: never; result: JsonObject };
  /** Sign out */
  'DELETE /session': { path: never; query: never; body: never; result: void };
  /** The ways to sign in that are offered */
  'GET /session/methods': { path: never; query: never; body: never; result: JsonObject };
  /** A secret for an authenticator app, shown once; nothing changes before it is confirmed */
  'POST /session/totp': { path: never; query: never; body: object; result: JsonObject };
  /** Sign in without a second factor again; the code is needed while there is one */
  'DELETE /session/totp': { path: never; query: never; body: { "password": string | null; "code"?: string | null; [more: string]: unknown }; result: void };
  /** From now on sign-in needs the app's code */
  'POST /session/totp/confirm': { path: never; query: never; body: { "code": string | null; [more: string]: unknown }; result: JsonObject };
  /** Sign in through the organisation's provider */
  'GET /session/oidc': { path: never; query: never; body: never; result: JsonObject };
  /** Where the provider sends browsers back to */
  'GET /session/oidc/callback': { path: never; query: 'code' | 'state' | 'error' | 'error_description' | 'iss'; body: never; result: JsonObject };
  /** Users */
  'GET /users': { path: never; query: 'unit' | 'limit' | 'cursor'; body: never; result: Page<User> };
  /** Make a user */
  'POST /users': { path: never; query: never; body: object; result: User };
  /** One user */
  'GET /users/{id}': { path: 'id'; query: never; body: never; result: User };
  /** Change name, roles, unit, password or disabled; `totp: false` takes the second factor away */
  'PATCH /users/{id}': { path: 'id'; query: never; body: object; result: User };
  /** What became of a user */
  'GET /users/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Tokens, without their secrets */
  'GET /users/{id}/tokens': { path: 'id'; query: never; body: never; result: Page<Token> };
  /** Make a token, shown once */
  'POST /users/{id}/tokens': { path: 'id'; query: never; body: object; result: Token };
  /** Revoke a token */
  'DELETE /users/{id}/tokens/{token}': { path: 'id' | 'token'; query: never; body: never; result: void };
  /** Units */
  'GET /units': { path: never; query: 'parent' | 'limit' | 'cursor'; body: never; result: Page<Unit> };
  /** Make a unit */
  'POST /units': { path: never; query: never; body: { "id"?: string | null; "name": string | null; "kind"?: string | null; "tier"?: string | null; "parent"?: string | null; "industry"?: string | null; "regulator"?: string | null; "office"?: string | null; "overseas"?: boolean | null; "language"?: string | null; "contacts"?: Json[] | null; [more: string]: unknown }; result: Unit };
  /** One unit */
  'GET /units/{id}': { path: 'id'; query: never; body: never; result: Unit };
  /** Change a unit */
  'PATCH /units/{id}': { path: 'id'; query: never; body: { "id"?: string | null; "name"?: string | null; "kind"?: string | null; "tier"?: string | null; "parent"?: string | null; "industry"?: string | null; "regulator"?: string | null; "office"?: string | null; "overseas"?: boolean | null; "language"?: string | null; "contacts"?: Json[] | null; [more: string]: unknown }; result: Unit };
  /** What became of a unit */
  'GET /units/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Systems */
  'GET /systems': { path: never; query: 'unit' | 'limit' | 'cursor'; body: never; result: Page<SystemRecord> };
  /** Make a system */
  'POST /systems': { path: never; query: never; body: { "id"?: string | null; "unit": string | null; "name": string | null; "protection_level"?: number | null; "critical"?: boolean | null; "protection_dept"?: string | null; "maintainer"?: string | null; [more: string]: unknown }; result: SystemRecord };
  /** One system */
  'GET /systems/{id}': { path: 'id'; query: never; body: never; result: SystemRecord };
  /** Change a system */
  'PATCH /systems/{id}': { path: 'id'; query: never; body: { "id"?: string | null; "unit"?: string | null; "name"?: string | null; "protection_level"?: number | null; "critical"?: boolean | null; "protection_dept"?: string | null; "maintainer"?: string | null; [more: string]: unknown }; result: SystemRecord };
  /** What became of a system */
  'GET /systems/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Assets */
  'GET /assets': { path: never; query: 'unit' | 'system' | 'limit' | 'cursor'; body: never; result: Page<Asset> };
  /** Make an asset */
  'POST /assets': { path: never; query: never; body: { "id"?: string | null; "system": string | null; "value": string | null; "kind"?: string | null; "authorised_from"?: string | null; "authorised_until"?: string | null; "probe_class"?: string | null; [more: string]: unknown }; result: Asset };
  /** One asset and its coverage */
  'GET /assets/{id}': { path: 'id'; query: never; body: never; result: Asset };
  /** Change an asset */
  'PATCH /assets/{id}': { path: 'id'; query: never; body: { "id"?: string | null; "system"?: string | null; "value"?: string | null; "kind"?: string | null; "authorised_from"?: string | null; "authorised_until"?: string | null; "probe_class"?: string | null; [more: string]: unknown }; result: Asset };
  /** What became of an asset */
  'GET /assets/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** What is wrong with a registry file, and what its import would change */
  'POST /registry/preview': { path: never; query: never; body: { "name": string | null; "content": string | null; "generation"?: number | null; [more: string]: unknown }; result: JsonObject };
  /** Take over a registry file, all or nothing */
  'POST /registry/import': { path: never; query: never; body: { "name": string | null; "content": string | null; "generation"?: number | null; [more: string]: unknown }; result: JsonObject };
  /** The registry as a file that the import takes */
  'GET /registry/export': { path: never; query: 'format'; body: never; result: JsonObject };
  /** Look at this asset now, once in ten minutes */
  'POST /assets/{id}/actions/check': { path: 'id'; query: never; body: object; result: Asset };
  /** Findings */
  'GET /findings': { path: never; query: 'unit' | 'asset' | 'check' | 'severity' | 'state' | 'presence' | 'case' | 'limit' | 'cursor'; body: never; result: Page<Finding> };
  /** One finding with its evidence */
  'GET /findings/{id}': { path: 'id'; query: never; body: never; result: Finding };
  /** What became of a finding */
  'GET /findings/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** The catalogue of checks */
  'GET /checks': { path: never; query: never; body: never; result: Page<Check> };
  /** The grade of an asset, point by point */
  'GET /assets/{id}/grade': { path: 'id'; query: never; body: never; result: Asset };
  /** Newest grades of a unit's subtree, worst first */
  'GET /units/{id}/grades': { path: 'id'; query: never; body: never; result: Unit };
  /** Runs of the patrol and of other tools */
  'GET /runs': { path: never; query: 'state' | 'limit' | 'cursor'; body: never; result: Page<Run> };
  /** Hand in what a tool saw */
  'POST /runs': { path: never; query: never; body: { "tool": string | null; "tool_version"?: string | null; "started_at"?: string | null; "ended_at"?: string | null; "checks"?: string[] | null; "filters"?: JsonObject | null; "targets": Json[] | null; "results"?: Json[] | null; "verification"?: string | null; [more: string]: unknown }; result: Run };
  /** Hand in another tool's report */
  'POST /runs/import': { path: never; query: never; body: { "format": string | null; "content": string | null; "tool"?: string | null; "targets"?: Json[] | null; "checks"?: string[] | null; "filters"?: JsonObject | null; "started_at"?: string | null; "ended_at"?: string | null; [more: string]: unknown }; result: Run };
  /** One run */
  'GET /runs/{id}': { path: 'id'; query: never; body: never; result: Run };
  /** Nothing of a run is open to change */
  'PATCH /runs/{id}': { path: 'id'; query: never; body: object; result: Run };
  /** What became of a run */
  'GET /runs/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** What a selection would come to */
  'POST /notices/bulk/preview': { path: never; query: never; body: { "type": string | null; "select": JsonObject | null; "basis"?: Json[] | null; "title"?: string | null; "note"?: string | null; "cc"?: string[] | null; [more: string]: unknown }; result: Notice };
  /** A case and a draft notice for every unit of a selection */
  'POST /notices/bulk': { path: never; query: never; body: { "type": string | null; "select": JsonObject | null; "basis"?: Json[] | null; "title"?: string | null; "note"?: string | null; "cc"?: string[] | null; [more: string]: unknown }; result: Notice };
  /** Submit, approve or issue many notices */
  'POST /notices/bulk/actions/{event}': { path: 'event'; query: never; body: { "notices": string[] | null; [more: string]: unknown }; result: Notice };
  /** Cases */
  'GET /cases': { path: never; query: 'unit' | 'state' | 'limit' | 'cursor'; body: never; result: Page<CaseRecord> };
  /** Make a new case */
  'POST /cases': { path: never; query: never; body: { "findings": string[] | null; "title"?: string | null; [more: string]: unknown }; result: CaseRecord };
  /** One case */
  'GET /cases/{id}': { path: 'id'; query: never; body: never; result: CaseRecord };
  /** Change what its state leaves open */
  'PATCH /cases/{id}': { path: 'id'; query: never; body: object; result: CaseRecord };
  /** What became of a case */
  'GET /cases/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Run a step of its workflow */
  'POST /cases/{id}/actions/{event}': { path: 'id' | 'event'; query: never; body: object; result: CaseRecord };
  /** Notices */
  'GET /notices': { path: never; query: 'case' | 'recipient' | 'state' | 'limit' | 'cursor'; body: never; result: Page<Notice> };
  /** Make a new notice */
  'POST /notices': { path: never; query: never; body: { "type": string | null; "case"?: string | null; "recipient": string | null; "cc"?: string[] | null; "basis"?: Json[] | null; "items"?: Json[] | null; "internal_notes"?: string | null; "due"?: string | null; "title"?: string | null; [more: string]: unknown }; result: Notice };
  /** One notice */
  'GET /notices/{id}': { path: 'id'; query: never; body: never; result: Notice };
  /** Change what its state leaves open */
  'PATCH /notices/{id}': { path: 'id'; query: never; body: object; result: Notice };
  /** What became of a notice */
  'GET /notices/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Run a step of its workflow */
  'POST /notices/{id}/actions/{event}': { path: 'id' | 'event'; query: never; body: object; result: Notice };
  /** Responses */
  'GET /responses': { path: never; query: 'notice' | 'state' | 'limit' | 'cursor'; body: never; result: Page<ResponseRecord> };
  /** Make a new reply */
  'POST /responses': { path: never; query: never; body: { "notice": string | null; "items"?: Json[] | null; "signer"?: JsonObject | null; [more: string]: unknown }; result: ResponseRecord };
  /** One reply */
  'GET /responses/{id}': { path: 'id'; query: never; body: never; result: ResponseRecord };
  /** Change what its state leaves open */
  'PATCH /responses/{id}': { path: 'id'; query: never; body: object; result: ResponseRecord };
  /** What became of a reply */
  'GET /responses/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Run a step of its workflow */
  'POST /responses/{id}/actions/{event}': { path: 'id' | 'event'; query: never; body: object; result: ResponseRecord };
  /** Verifications */
  'GET /verifications': { path: never; query: 'case' | 'state' | 'limit' | 'cursor'; body: never; result: Page<Verification> };
  /** Make a new re-check */
  'POST /verifications': { path: never; query: never; body: { "case": string | null; [more: string]: unknown }; result: Verification };
  /** One re-check */
  'GET /verifications/{id}': { path: 'id'; query: never; body: never; result: Verification };
  /** Change what its state leaves open */
  'PATCH /verifications/{id}': { path: 'id'; query: never; body: object; result: Verification };
  /** What became of a re-check */
  'GET /verifications/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Run a step of its workflow */
  'POST /verifications/{id}/actions/{event}': { path: 'id' | 'event'; query: never; body: object; result: Verification };
  /** Obligations */
  'GET /obligations': { path: never; query: 'rule' | 'subject' | 'debtor' | 'state' | 'limit' | 'cursor'; body: never; result: Page<Obligation> };
  /** One obligation */
  'GET /obligations/{id}': { path: 'id'; query: never; body: never; result: Obligation };
  /** What became of a obligation */
  'GET /obligations/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Outbox */
  'GET /outbox': { path: never; query: 'subject' | 'obligation' | 'to' | 'delivery' | 'limit' | 'cursor'; body: never; result: Page<OutboxEntry> };
  /** One entry of the outbox */
  'GET /outbox/{id}': { path: 'id'; query: never; body: never; result: OutboxEntry };
  /** What became of a entry of the outbox */
  'GET /outbox/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Documents */
  'GET /documents': { path: never; query: 'kind' | 'subject' | 'limit' | 'cursor'; body: never; result: Page<DocumentRecord> };
  /** Hand in a document, its bytes in base64 */
  'POST /documents': { path: never; query: never; body: { "name": string | null; "media_type": string | null; "content": string | null; "subject"?: string | null; "kind"?: string | null; [more: string]: unknown }; result: DocumentRecord };
  /** One document */
  'GET /documents/{id}': { path: 'id'; query: never; body: never; result: DocumentRecord };
  /** Change what its state leaves open */
  'PATCH /documents/{id}': { path: 'id'; query: never; body: object; result: DocumentRecord };
  /** What became of a document */
  'GET /documents/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Calendars */
  'GET /calendars': { path: never; query: 'unit' | 'limit' | 'cursor'; body: never; result: Page<CalendarRecord> };
  /** Make a new calendar */
  'POST /calendars': { path: never; query: never; body: { "unit": string | null; "off"?: string[] | null; "workdays"?: string[] | null; "close"?: string | null; "zone"?: string | null; [more: string]: unknown }; result: CalendarRecord };
  /** One calendar */
  'GET /calendars/{id}': { path: 'id'; query: never; body: never; result: CalendarRecord };
  /** Change what its state leaves open */
  'PATCH /calendars/{id}': { path: 'id'; query: never; body: object; result: CalendarRecord };
  /** What became of a calendar */
  'GET /calendars/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Workflows */
  'GET /workflows': { path: never; query: 'wf' | 'state' | 'limit' | 'cursor'; body: never; result: Page<WorkflowRecord> };
  /** Make a new workflow */
  'POST /workflows': { path: never; query: never; body: { "wf": string | null; "v": number | null; "states": string[] | null; "initial": string | null; "final": string[] | null; "t": Json[] | null; [more: string]: unknown }; result: WorkflowRecord };
  /** One workflow */
  'GET /workflows/{id}': { path: 'id'; query: never; body: never; result: WorkflowRecord };
  /** Change what its state leaves open */
  'PATCH /workflows/{id}': { path: 'id'; query: never; body: object; result: WorkflowRecord };
  /** What became of a workflow */
  'GET /workflows/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Run a step of its workflow */
  'POST /workflows/{id}/actions/{event}': { path: 'id' | 'event'; query: never; body: object; result: WorkflowRecord };
  /** Exports */
  'GET /exports': { path: never; query: 'receiver' | 'limit' | 'cursor'; body: never; result: Page<ExportRecord> };
  /** Hand findings to another's tools */
  'POST /exports': { path: never; query: never; body: { "format": string | null; "receiver": string | null; "findings": string[] | null; [more: string]: unknown }; result: ExportRecord };
  /** One export */
  'GET /exports/{id}': { path: 'id'; query: never; body: never; result: ExportRecord };
  /** Change what its state leaves open */
  'PATCH /exports/{id}': { path: 'id'; query: never; body: object; result: ExportRecord };
  /** What became of a export */
  'GET /exports/{id}/history': { path: 'id'; query: 'limit' | 'cursor'; body: never; result: Page<HistoryItem> };
  /** Run a step of its workflow */
  'POST /findings/{id}/actions/{event}': { path: 'id' | 'event'; query: never; body: object; result: Finding };
  /** The document that a notice would become */
  'GET /notices/{id}/preview': { path: 'id'; query: never; body: never; result: Notice };
  /** The bytes of a document */
  'GET /documents/{id}/content': { path: 'id'; query: never; body: never; result: DocumentRecord };
  /** Scorecards of the units */
  'GET /scorecards': { path: never; query: 'from' | 'until' | 'format' | 'unit' | 'limit' | 'cursor'; body: never; result: Page<Scorecard> };
  /** A unit's scorecard over its subtree */
  'GET /scorecards/{id}': { path: 'id'; query: 'from' | 'until' | 'format'; body: never; result: Scorecard };
  /** A document about a period: HTML and PDF with charts */
  'POST /scorecards/{id}/summary': { path: 'id'; query: never; body: { "from": string | null; "until": string | null; [more: string]: unknown }; result: Scorecard };
  /** Figures for the first page */
  'GET /overview': { path: never; query: never; body: never; result: Overview };
  /** Entries of the audit log */
  'GET /audit': { path: never; query: 'subject' | 'limit' | 'cursor'; body: never; result: Page<AuditEntry> };
  /** Whether the whole chain is unbroken */
  'GET /audit/verify': { path: never; query: never; body: never; result: ChainVerdict };
  /** One entry */
  'GET /audit/{id}': { path: 'id'; query: never; body: never; result: AuditEntry };
  /** Move the clock and run what falls due, with --test-clock */
  'PUT /test/clock': { path: never; query: never; body: { "now": string | null; [more: string]: unknown }; result: JsonObject };
  /** Where the patrol stands */
  'GET /patrol': { path: never; query: never; body: never; result: Patrol };
  /** Start patrolling */
  'POST /patrol/actions/start': { path: never; query: never; body: object; result: Patrol };
  /** End all traffic to targets within a second */
  'POST /patrol/actions/stop': { path: never; query: never; body: object; result: Patrol };
  /** Server-sent events: patrol, finding */
  'GET /events/stream': { path: never; query: never; body: never; result: JsonObject };
}
