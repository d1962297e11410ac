// The fields of the registry's records, for the forms that make and change them.
import type { FormField } from '../components/RecordForm.vue';

type T = (key: string) => string;
type Word = (list: string, value: string) => string;
const choices = (word: Word, list: string, values: string[]) => values.map((value) => ({ value, label: word(list, value) }));

export const unitFields = (t: T, word: Word, units: { value: string; label: string }[], isNew: boolean): FormField[] => [
  ...(isNew ? [{ name: 'id', label: t('unit.id'), hint: t('unit.id_hint') }] : []),
  { name: 'name', label: t('unit.name'), required: true },
  { name: 'kind', label: t('unit.kind'), kind: 'choice', options: choices(word, 'unit_kind', ['unit', 'authority', 'supplier', 'expert_team']) },
  { name: 'parent', label: t('unit.parent'), kind: 'choice', options: units },
  { name: 'tier', label: t('unit.tier'), kind: 'choice', options: choices(word, 'tier', ['central', 'province', 'city', 'district']) },
  { name: 'industry', label: t('unit.industry') },
  { name: 'regulator', label: t('unit.regulator'), kind: 'choice', options: units },
  { name: 'contacts', label: t('unit.contacts'), kind: 'contacts' },
];

export const systemFields = (t: T): FormField[] => [
  { name: 'name', label: t('system.name'), required: true }, { name: 'protection_level', label: t('system.protection_level'), kind: 'number' },
  { name: 'critical', label: t('system.critical'), kind: 'check' }, { name: 'maintainer', label: t('system.maintainer') },
];

export const assetFields = (t: T, word: Word, systems: { value: string; label: string }[], isNew: boolean): FormField[] => [
  ...(isNew ? [{ name: 'system', label: t('asset.system'), kind: 'choice' as const, required: true, options: systems }, { name: 'value', label: t('asset.value'), required: true, hint: t('asset.value_hint') }] : []),
  { name: 'authorised_from', label: t('asset.authorised_from'), kind: 'date', hint: t('asset.authorised_hint') },
  { name: 'authorised_until', label: t('asset.authorised_until'), kind: 'date' },
  { name: 'probe_class', label: t('asset.probe_class'), kind: 'choice', options: choices(word, 'probe_class', ['passive', 'careful']) },
];
