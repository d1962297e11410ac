// Text and number formats in the language chosen, for components.
import { useI18n } from 'vue-i18n';
import type { BothLanguages } from '../api/types';
import { ApiError } from '../api/http';
import { language } from '../state/preferences';
import * as format from './format';
import { contentLabel, eventLabel, ruleLabel, stateLabel } from './workflow';

export function useText() {
  const { t, te } = useI18n();
  /** A word of a closed list in the reader's language; a word that is not in the list as it is. */
  const word = (list: string, value: string | null | undefined) => {
    if (!value) return t('common.none');
    const key = `${list}.${value}`;
    return te(key) || te(key, 'zh-CN') ? t(key) : value;
  };
  const both = (text: BothLanguages | string | null | undefined) => format.inLanguage(text, language.value);
  return {
    t,
    word,
    both,
    stateOf: (workflow: string, state: string | null | undefined) => (state ? both(stateLabel(workflow, state)) : t('common.none')),
    eventOf: (workflow: string, event: string) => {
      const named = both(eventLabel(workflow, event));
      if (named !== event) return named;
      return event === 'created' && workflow !== 'finding' ? t('event.made') : word('event', event);
    },
    ruleOf: (rule: string) => both(ruleLabel(rule)),
    labelOf: (list: string, key: string | null | undefined) => {
      const named = key ? both(contentLabel(list, key)) : '';
      return named && named !== key ? named : word(list, key);
    },
    num: (value: number | null | undefined) => format.number(value, language.value),
    percent: (part: number, all: number) => format.percent(part, all, language.value),
    bytes: (value: number | null | undefined) => format.bytes(value, language.value),
    dateTime: (text: string | null | undefined) => format.dateTime(text),
    date: (text: string | null | undefined) => format.dateOnly(text),
    ago: (text: string | null | undefined, now: number) => format.ago(text, now, language.value),
    /** A bare number is the number of an article. */
    articleOf: (article: string) => (/^\d+$/.test(article) ? t('notice.article_no', { number: article }) : article),
    problem: (failure: unknown) => problemText(failure, t, te),
  };
}

function problemText(failure: unknown, t: (key: string) => string, te: (key: string) => boolean): string {
  if (!(failure instanceof ApiError)) return t('error.unknown');
  for (const key of [`error.code.${failure.code}`, `error.status.${failure.status}`]) {
    if (te(key)) return t(key);
  }
  return failure.detail || failure.code || t('error.unknown');
}

/** What the server said itself, where it adds to our own words. */
export function detailOf(failure: unknown): string {
  return failure instanceof ApiError && [400, 409, 422].includes(failure.status) ? failure.detail : '';
}
