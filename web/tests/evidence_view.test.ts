// Evidence as it reaches the screen; rendered without a browser.
import { createSSRApp } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { createI18n } from 'vue-i18n';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Json } from '../src/api/types';
import en from '../src/locales/en.json';

const i18n = createI18n({ legacy: false, locale: 'en', fallbackLocale: 'en', messages: { en } });
let render: (value: Json) => Promise<string>;

beforeAll(async () => {
  vi.stubGlobal('document', { documentElement: { dataset: {} } });
  vi.stubGlobal('navigator', { languages: ['en'] });
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
  const { default: EvidenceView } = await import('../src/components/EvidenceView.vue');
  render = (value) => renderToString(createSSRApp(EvidenceView, { value, at: '2026-01-10T00:00:00Z' }).use(i18n));
});

describe('evidence', () => {
  it('shows markup as text', async () => {
    const html = await render({ body: '<script>alert(1)</script>', name: '<img src=x>' });
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('<img');
  });

  it('shows nested values and keys that nobody has named', async () => {
    const html = await render({ outer: { inner_key: [{ a: 1, b: null }, { a: 2, b: true }] } });
    expect(html).toContain('inner_key');
    expect(html.match(/<tr/g)?.length).toBe(3);
    expect(html).toContain('yes');
  });

  it('counts the days of a certificate from the day it was seen', async () => {
    const html = await render({ subject: 'CN=a', issuer: 'CN=b', not_after: '2026-01-01T00:00:00Z' });
    expect(html).toContain('expired 9 days ago');
  });

  it('shows an exchange as request and response', async () => {
    const html = await render({ method: 'GET', url: 'https://a.example/', status: 301, headers: { Location: '/x' } });
    expect(html).toContain('GET https://a.example/');
    expect(html.replace(/<!--.*?-->/g, '')).toMatch(/Location<\/b>/);
  });
});
