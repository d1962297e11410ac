// Where units, systems and assets stand: the gravest weakness that is open. Made of findings alone, so that anybody can check it.
import type { Asset, Finding, Severity } from '../api/types';
import { rank } from './severity';

/** `clean`: looked at, and nothing open; null: not known. */
export type Standing = Severity | 'clean' | null;
const WEEK_MS = 7 * 86_400_000;
type Judged = Pick<Finding, 'severity' | 'severity_history' | 'presence' | 'state' | 'first_seen' | 'last_seen'>;
type Looked = Pick<Asset, 'last_checked'>;

/** What turned out to be none does not count; an accepted risk is still there. */
const counts = (finding: Judged) => finding.state !== 'dismissed';

/** Open from when it was first seen until it was last seen, or until now. */
function wasOpen(finding: Judged, at: number): boolean {
  return Date.parse(finding.first_seen) <= at && (finding.presence === 'present' || at <= Date.parse(finding.last_seen));
}

function severityAt(finding: Judged, at: number): Severity {
  const before = (finding.severity_history ?? []).filter((one) => Date.parse(one.at) <= at);
  return before[before.length - 1]?.severity ?? finding.severity;
}

/** From when on anything is known; nothing: it was never looked at. */
export function knownSince(findings: Judged[], assets: Looked[]): number {
  const times = [...findings.map((one) => Date.parse(one.first_seen)), ...assets.map((one) => (one.last_checked ? Date.parse(one.last_checked) : Number.NaN))];
  return times.filter((time) => !Number.isNaN(time)).reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
}

export function standingAt(findings: Judged[], assets: Looked[], at: number): Standing {
  if (at < knownSince(findings, assets)) return null;
  const open = findings.filter((finding) => counts(finding) && wasOpen(finding, at)).map((finding) => severityAt(finding, at));
  return open.sort((a, b) => rank(a) - rank(b))[0] ?? 'clean';
}

/** Ends of the last weeks, the present one last. */
export function weeks(now: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => now - (count - 1 - index) * WEEK_MS);
}
