// Short messages about what has been done, some with a way to undo it.
import { reactive } from 'vue';

export interface Toast {
  id: number;
  text: string;
  undo?: () => Promise<void> | void;
}
const SHOWN_MS = 8000;
export const toasts = reactive<Toast[]>([]);
let last = 0;

export function tell(text: string, undo?: Toast['undo']): void {
  const id = (last += 1);
  toasts.push({ id, text, undo });
  setTimeout(() => dismiss(id), undo ? SHOWN_MS * 2 : SHOWN_MS);
}

export function dismiss(id: number): void {
  const at = toasts.findIndex((toast) => toast.id === id);
  if (at >= 0) toasts.splice(at, 1);
}
