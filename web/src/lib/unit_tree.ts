// Units in the order of their tree, each with its depth. A parent that is not in the list makes its children roots.
import type { Unit } from '../api/types';

export interface UnitRow {
  unit: Unit;
  depth: number;
}

export function treeRows(units: Unit[]): UnitRow[] {
  const known = new Set(units.map((unit) => unit.id));
  const children = new Map<string, Unit[]>();
  for (const unit of units) {
    const parent = unit.parent && known.has(unit.parent) ? unit.parent : '';
    children.set(parent, [...(children.get(parent) ?? []), unit]);
  }
  const rows: UnitRow[] = [];
  const seen = new Set<string>();
  const visit = (parent: string, depth: number): void => {
    for (const unit of children.get(parent) ?? []) {
      if (seen.has(unit.id)) continue;
      seen.add(unit.id);
      rows.push({ unit, depth });
      visit(unit.id, depth + 1);
    }
  };
  visit('', 0);
  // Units in a circle of parents are under no root; they are shown all the same.
  return [...rows, ...units.filter((unit) => !seen.has(unit.id)).map((unit) => ({ unit, depth: 0 }))];
}

export function matchesUnit(unit: Unit, text: string): boolean {
  const contacts = (unit.contacts ?? []).flatMap((contact) => [contact.name, contact.email, contact.phone]);
  const hay = [unit.id, unit.name, ...contacts].filter(Boolean).join('\n').toLowerCase();
  return text.toLowerCase().split(/\s+/).filter(Boolean).every((word) => hay.includes(word));
}
