#!/usr/bin/env -S node --test --test-reporter=tap
// lrs - what the ledger hands out goes into a learning record store, by a client that is not ours.
//
// npm's @xapi/xapi sends `records list --lines` to a store that keeps the rules of xAPI 1.0.3: one statement an id,
// the same once more changes nothing, another of the same id is a conflict. No browser. Must not know: the ledger's file.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';
import xapi from '@learninglocker/xapi-validation';
import XAPI from '@xapi/xapi';
import { top } from './lib.mjs';

const anjian = process.env.ANJIAN || path.join(top, 'build/release/anjian');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'lrs-'));
const env = { ...process.env, LANG: 'C.UTF-8', SOURCE_DATE_EPOCH: '1795600000' };
const run = (...words) => spawnSync(anjian, words, { cwd: work, env, encoding: 'utf8', maxBuffer: 1 << 28 });
const store = new Map(); // id → statement as it came

// A store of statements, no more: POST of a list, GET of one or of all, one page at a time.
const server = http.createServer((request, response) => {
  const answer = (code, body) => {
    response.writeHead(code, { 'Content-Type': 'application/json', 'X-Experience-API-Version': '1.0.3' });
    response.end(JSON.stringify(body));
  };
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const url = new URL(request.url, 'http://lrs');
    if (request.headers.authorization !== 'Basic ' + Buffer.from('desk:word').toString('base64')) return answer(401, {});
    if (!/^1\.0\.\d$/.test(request.headers['x-experience-api-version'] || '') || url.pathname !== '/xapi/statements') return answer(400, {});
    if (request.method === 'GET') {
      const id = url.searchParams.get('statementId'), limit = Number(url.searchParams.get('limit')) || 100, from = Number(url.searchParams.get('from')) || 0;
      if (id) return store.has(id) ? answer(200, store.get(id)) : answer(404, {});
      return answer(200, { statements: [...store.values()].slice(from, from + limit),
        more: from + limit < store.size ? `/xapi/statements?limit=${limit}&from=${from + limit}` : '' });
    }
    if (request.method !== 'POST') return answer(405, {});
    const list = [].concat(JSON.parse(Buffer.concat(parts).toString('utf8')));
    const wrong = list.find((s) => xapi.default(s, ['statement']).length);
    if (wrong) return answer(400, { id: wrong.id });
    const other = list.find((s) => store.has(s.id) && JSON.stringify(store.get(s.id)) !== JSON.stringify(s));
    if (other) return answer(409, { id: other.id });
    for (const s of list) store.set(s.id, s);
    answer(200, list.map((s) => s.id));
  });
});
let client;
const lines = () => run('records', 'list', '--db', 'ledger.db', '--lines').stdout.trim().split('\n');
async function send(list) {
  for (let i = 0; i < list.length; i += 100)
    await client.sendStatements({ statements: list.slice(i, i + 100).map((line) => JSON.parse(line)) });
}

before(async () => {
  execFileSync('node', [path.join(top, 'tests/tools/year.mjs'), path.join(work, 'year'), anjian, '--workers', '20', '--kiosks', '3', '--courses', '3', '--statements', '1000']);
  assert.equal(run('records', 'collect', 'year/sticks', '--db', 'ledger.db').status, 0);
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  client = new XAPI.default({ endpoint: `http://127.0.0.1:${server.address().port}/xapi/`, auth: XAPI.default.toBasicAuth('desk', 'word'), version: '1.0.3' });
});
after(() => {
  server.close();
  server.closeAllConnections();
  fs.rmSync(work, { recursive: true });
});

test('all of a ledger goes in', async () => {
  const all = lines();
  assert.equal(all.length, 1000);
  await send(all);
  assert.equal(store.size, 1000);
  assert.deepEqual([...store.keys()].sort(), all.map((line) => JSON.parse(line).id).sort());
});
test('once more, after the sticks were collected once more, changes nothing', async () => {
  assert.equal(run('records', 'collect', 'year/sticks', '--db', 'ledger.db').status, 0);
  await send(lines());
  assert.equal(store.size, 1000);
});
test('it comes back as it went in', async () => {
  const all = new Map(lines().map((line) => [JSON.parse(line).id, JSON.parse(line)]));
  let found = (await client.getStatements({ limit: 300 })).data, count = 0;
  for (;;) {
    for (const s of found.statements) assert.deepEqual(s, all.get(s.id));
    count += found.statements.length;
    if (!found.more) break;
    found = (await client.getMoreStatements({ more: found.more })).data;
  }
  assert.equal(count, 1000);
});
test('a statement changed on the way is a conflict', async () => {
  const changed = JSON.parse(lines()[0]);
  changed.timestamp = '2026-02-02T02:02:02.000Z';
  await assert.rejects(client.sendStatements({ statements: [changed] }), (e) => e.response.status === 409);
  assert.equal(store.size, 1000);
});
