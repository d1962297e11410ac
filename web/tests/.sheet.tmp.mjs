import { openBrowser } from './open_browser.mjs';
import { readFileSync } from 'node:fs';
const [out, cols, width, ...names] = process.argv.slice(2);
const b = await openBrowser(); const p = await b.newPage({ viewport: { width: +width, height: 600 } });
await p.setContent(`<body style="margin:0;display:grid;grid-template-columns:repeat(${cols},1fr);gap:6px;background:#444;align-items:start">${names.map((n) => `<img style="width:100%" src="data:image/png;base64,${readFileSync(`/tmp/shots/${n}.png`).toString('base64')}">`).join('')}`);
await p.waitForTimeout(500);
await p.screenshot({ path: `/tmp/shots/${out}.png`, fullPage: true }); await b.close();
