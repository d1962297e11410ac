// Units and checks, fetched once for selection lists and names.
import { computed, ref } from 'vue';
import { listChecks, listUnits, whole } from '../api/resources';
import type { Check, Unit } from '../api/types';

export const units = ref<Unit[]>([]);
export const checks = ref<Check[]>([]);
const unitNames = computed(() => new Map(units.value.map((unit) => [unit.id, unit.name])));

export function unitName(id: string, known?: string): string {
  return known || unitNames.value.get(id) || id;
}

export async function loadUnits(again = false): Promise<void> {
  if (again || units.value.length === 0) units.value = await whole(listUnits);
}

export async function loadChecks(): Promise<void> {
  if (checks.value.length === 0) checks.value = await listChecks();
}
