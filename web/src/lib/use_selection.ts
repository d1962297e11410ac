// Which rows are ticked, with a range by shift-click, as mail programs do it.
import { ref } from 'vue';

export function useSelection(ids: () => string[]) {
  const selected = ref(new Set<string>());
  let anchor = '';

  function select(id: string, range: boolean): void {
    const next = new Set(selected.value);
    const all = ids();
    const [from, until] = [all.indexOf(anchor), all.indexOf(id)].sort((a, b) => a - b);
    if (range && from !== undefined && until !== undefined && from >= 0) all.slice(from, until + 1).forEach((one) => next.add(one));
    else if (!next.delete(id)) next.add(id);
    anchor = id;
    selected.value = next;
  }

  const all = (on: boolean) => (selected.value = new Set(on ? ids() : []));
  const clear = () => (selected.value = new Set());
  return { selected, select, all, clear };
}
