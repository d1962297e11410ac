// One record with its history, fetched again when the server tells of a change or is back after having been gone.
import { onBeforeUnmount, ref, shallowRef, watch } from 'vue';
import { request } from '../api/http';
import { read } from '../api/client';
import type { HistoryItem, Page } from '../api/types';
import { onReturn } from '../state/connection';
import { onChange } from '../state/live';

export function useRecord<T extends { id: string; rev?: number }>(collection: string, id: () => string, after: (record: T) => Promise<void> | void = () => undefined) {
  const record = shallowRef<T | null>(null);
  const history = shallowRef<HistoryItem[]>([]);
  const failure = ref<unknown>(null);

  async function load(): Promise<void> {
    const wanted = id();
    try {
      const fresh = await read<T>(collection, wanted);
      if (wanted !== id()) return;
      record.value = fresh;
      failure.value = null;
      await Promise.all([loadHistory(wanted), after(fresh)]);
    } catch (error) {
      failure.value = error;
    }
  }

  async function loadHistory(wanted: string): Promise<void> {
    const page = await request<Page<HistoryItem>>('GET', `/${collection}/${encodeURIComponent(wanted)}/history`, { query: { limit: 1000 } }).catch(() => null);
    if (page && wanted === id()) history.value = page.items;
  }

  watch(id, () => {
    record.value = null;
    history.value = [];
    void load();
  }, { immediate: true });
  const stops = [onReturn(() => void load()), onChange((told) => {
    if (told.collection === collection && told.id === id() && told.rev !== record.value?.rev) void load();
  })];
  onBeforeUnmount(() => stops.forEach((stop) => stop()));
  return { record, history, failure, load };
}
