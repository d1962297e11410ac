// Takes the OpenAPI document of a running program into api/openapi.json: node scripts/fetch_openapi.mjs http://127.0.0.1:8080
import { writeFileSync } from 'node:fs';

const base = process.argv[2] ?? 'http://127.0.0.1:8080';
const answer = await fetch(`${base.replace(/\/$/, '')}/api/v1/openapi.json`);
if (!answer.ok) throw new Error(`no OpenAPI document at ${base}: ${answer.status}`);
writeFileSync(new URL('../api/openapi.json', import.meta.url), `${JSON.stringify(await answer.json(), null, 1)}\n`);
