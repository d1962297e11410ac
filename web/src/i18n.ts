import { createI18n } from 'vue-i18n';
import { watchEffect } from 'vue';
import en from './locales/en.json';
import zh from './locales/zh-CN.json';
import { language } from './state/preferences';

export const i18n = createI18n({
  legacy: false,
  locale: language.value,
  fallbackLocale: 'zh-CN',
  missingWarn: false,
  fallbackWarn: false,
  messages: { 'zh-CN': zh, en },
});

watchEffect(() => {
  i18n.global.locale.value = language.value;
});
