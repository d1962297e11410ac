import { ref, watchEffect } from 'vue';

export type Language = 'zh-CN' | 'en';
export type Theme = 'light' | 'dark';

const LANGUAGE_KEY = 'fengsui.language';
const THEME_KEY = 'fengsui.theme'; // public/theme.js reads the same key

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}

export function languageOf(stored: string | null, browser: readonly string[]): Language {
  if (stored === 'zh-CN' || stored === 'en') return stored;
  const first = browser[0] ?? 'zh-CN';
  return first.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

export const language = ref<Language>(languageOf(read(LANGUAGE_KEY), navigator.languages ?? []));
export const theme = ref<Theme>(document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light');

export function setLanguage(value: Language): void {
  language.value = value;
  write(LANGUAGE_KEY, value);
}

export function setTheme(value: Theme): void {
  theme.value = value;
  write(THEME_KEY, value);
}

/** What is drawn with now, whatever the choice: the wall is always dark. */
export function applyTheme(value: Theme): void {
  document.documentElement.dataset.theme = value;
  document.documentElement.classList.toggle('dark', value === 'dark');
}

export function applyPreferences(): void {
  watchEffect(() => {
    document.documentElement.lang = language.value;
    applyTheme(theme.value);
  }, { flush: 'sync' });
}
