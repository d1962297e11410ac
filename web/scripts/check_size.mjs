// What a browser must fetch before the first page stands, gzipped: the page, its scripts and styles and what these import at once.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const LIMIT = 900 * 1024;
const FIRST_PAGES = ['OverviewPage', 'SignInPage', 'DeskPage'];

const html = readFileSync(join(DIST, 'index.html'), 'utf8');
const wanted = new Set([...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((match) => match[1]));
const assets = readdirSync(join(DIST, 'assets'));
for (const page of FIRST_PAGES) for (const name of assets) if (name.startsWith(`${page}-`)) wanted.add(`assets/${name}`);
/** Static imports only: what is imported on demand is not part of the first page. */
const importsOf = (text) => [...text.matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g)].map((match) => `assets/${match[1]}`);
for (const name of wanted) if (name.endsWith('.js')) importsOf(readFileSync(join(DIST, name), 'utf8')).forEach((other) => wanted.add(other));

const sizes = [...wanted].map((name) => gzipSync(readFileSync(join(DIST, name))).length);
const total = sizes.reduce((sum, size) => sum + size, gzipSync(html).length);
const everything = assets.reduce((sum, name) => sum + gzipSync(readFileSync(join(DIST, 'assets', name))).length, 0);
console.log(`first page ${(total / 1024).toFixed(0)} KiB gzipped in ${wanted.size + 1} files (limit ${LIMIT / 1024}); all pages ${(everything / 1024).toFixed(0)} KiB`);
if (total > LIMIT) {
  console.error('the first page is too large');
  process.exit(1);
}
if (/<script(?![^>]*\bsrc=)/.test(html) || !/integrity="sha384-/.test(html)) {
  console.error('index.html must have no inline scripts, and a hash with each file');
  process.exit(1);
}
