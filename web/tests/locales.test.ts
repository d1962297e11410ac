// Product text lives in the locale files only, and both say the same things.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'vue/compiler-sfc';
import { describe, expect, it } from 'vitest';
import en from '../src/locales/en.json';
import zh from '../src/locales/zh-CN.json';

const SOURCE = fileURLToPath(new URL('../src/', import.meta.url));
const HAN = /\p{Script=Han}/u;
const LETTER = /\p{Letter}/u;
const TEXT_ATTRIBUTES = new Set(['title', 'placeholder', 'alt', 'label', 'aria-label', 'heading', 'note', 'empty', 'content']);
/** Keys that are made of a fixed part and a word of the data. */
const COMPUTED_KEY = /\bt\(`([\w.]+)\$\{/g;
const FIXED_KEY = /\bt\(\s*(?:[\w.]+(?:\([^)]*\))? \? )?'([\w.]+)'(?: : '([\w.]+)')?/g;

type Tree = { [key: string]: string | Tree };
interface Node {
  type: number;
  content?: string | Node;
  children?: Node[];
  props?: { type: number; name: string; value?: { content: string }; exp?: { content: string } }[];
  loc: { start: { line: number } };
}
const TEXT = 2;
const INTERPOLATION = 5;
const ATTRIBUTE = 6;
const DIRECTIVE = 7;

function keysOf(tree: Tree, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [`${prefix}${key}`] : keysOf(value, `${prefix}${key}.`)));
}

function textOf(tree: Tree, key: string): string {
  return key.split('.').reduce<string | Tree>((part, name) => (part as Tree)[name] ?? '', tree) as string;
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'locales' ? [] : files(path);
    return /\.(ts|vue)$/.test(entry.name) ? [path] : [];
  });
}

const sources = files(SOURCE).map((path) => ({ name: path.slice(SOURCE.length), text: readFileSync(path, 'utf8') }));
const templates = sources.filter(({ name }) => name.endsWith('.vue'));

/** String literals in an expression that read like product text: Chinese, or several words. */
function saidInExpression(expression: string): string[] {
  const literals = [...expression.matchAll(/'([^']*)'|"([^"]*)"|`([^`]*)`/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
  return literals.map((text) => text.replace(/\$\{[^}]*\}/g, '')).filter((text) => HAN.test(text) || /\p{Letter}+ \p{Letter}+/u.test(text));
}

function saidIn(node: Node): string[] {
  const said: string[] = [];
  if (node.type === TEXT && LETTER.test(node.content as string)) said.push(node.content as string);
  if (node.type === INTERPOLATION) said.push(...saidInExpression(String((node.content as Node).content ?? '')));
  for (const prop of node.props ?? []) {
    const text = prop.value?.content ?? '';
    if (prop.type === ATTRIBUTE && (HAN.test(text) || (TEXT_ATTRIBUTES.has(prop.name) && LETTER.test(text)))) said.push(text);
    if (prop.type === DIRECTIVE) said.push(...saidInExpression(prop.exp?.content ?? ''));
  }
  return [...said, ...(node.children ?? []).flatMap(saidIn)];
}

describe('locale files', () => {
  it('have the same keys', () => {
    expect(keysOf(en).sort()).toEqual(keysOf(zh).sort());
    expect(keysOf(zh).length).toBeGreaterThan(150);
  });

  it('say something under every key', () => {
    for (const key of keysOf(zh)) {
      expect(textOf(zh, key).trim(), key).not.toBe('');
      expect(textOf(en, key).trim(), key).not.toBe('');
    }
  });

  it('fill in the same values', () => {
    const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
    for (const key of keysOf(zh)) expect(blanks(textOf(en, key)), key).toEqual(blanks(textOf(zh, key)));
  });

  it('are in their own language', () => {
    const chinese = keysOf(en).filter((key) => HAN.test(textOf(en, key)));
    expect(chinese.filter((key) => !key.startsWith('language.'))).toEqual([]);
  });
});

describe('sources', () => {
  it('have templates to look at', () => expect(templates.length).toBeGreaterThan(20));

  it.each(templates)('$name has no text of its own', ({ text }) => {
    const { descriptor } = parse(text);
    const root = descriptor.template?.ast as unknown as Node | undefined;
    expect(root ? saidIn(root) : []).toEqual([]);
  });

  it.each(sources)('$name has no Chinese in its code', ({ text }) => expect(text.split('\n').filter((line) => HAN.test(line))).toEqual([]));

  it('use keys that exist', () => {
    const known = new Set(keysOf(zh));
    const code = sources.map(({ text }) => text).join('\n');
    const fixed = [...code.matchAll(FIXED_KEY)].flatMap((match) => [match[1], match[2]]).filter((key) => key !== undefined);
    expect(fixed.length).toBeGreaterThan(80);
    expect(fixed.filter((key) => !known.has(key))).toEqual([]);
    const prefixes = [...code.matchAll(COMPUTED_KEY)].map((match) => match[1] ?? '');
    expect(prefixes.filter((prefix) => !keysOf(zh).some((key) => key.startsWith(prefix)))).toEqual([]);
  });

  it('notice text when there is some', () => {
    const seen = (template: string) => saidIn(parse(`<template>${template}</template>`).descriptor.template?.ast as unknown as Node);
    expect(seen('<p>Hello</p>')).toEqual(['Hello']);
    expect(seen('<p>{{ ok ? "Well done" : "" }}</p>')).toEqual(['Well done']);
    expect(seen('<img alt="Logo" />')).toEqual(['Logo']);
    expect(seen('<p :title="`已 ${n}`">{{ t("page.units") }}</p>').length).toBe(1);
  });
});
