import { SEVERITIES, type BySeverity, type Severity } from '../api/types';

/** How many of the four beacons are lit: the mark that tells a severity without its colour. */
export function beacons(severity: Severity): number {
  return SEVERITIES.length - 1 - SEVERITIES.indexOf(severity);
}

export function rank(severity: string): number {
  const at = SEVERITIES.indexOf(severity as Severity);
  return at < 0 ? SEVERITIES.length : at;
}

export function total(counts: Partial<BySeverity> | null | undefined): number {
  return SEVERITIES.reduce((sum, severity) => sum + (counts?.[severity] ?? 0), 0);
}

/** Compares by the worst severity first: one critical outweighs any number of lesser ones. */
export function worseFirst(a: Partial<BySeverity>, b: Partial<BySeverity>): number {
  for (const severity of SEVERITIES) {
    const difference = (b[severity] ?? 0) - (a[severity] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
