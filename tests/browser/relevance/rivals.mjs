// rivals.mjs - the same pages in other search tools: MiniSearch on pairs of characters, and Pagefind.
//
// MiniSearch runs here, its whole index in memory. Pagefind (PAGEFIND: its command, or npx finds it) makes
// its index of the pages as plain HTML; a headless Chromium asks it over HTTP, since it does not start
// from file://. Must not know: Anjian's search.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import MiniSearch from 'minisearch';
import { chromium } from 'playwright-core';
import { writeHtml } from './corpus.mjs';
import { percentile } from './measure.mjs';

const fold = (s) => s.normalize('NFKC').toLowerCase();
// Latin runs whole, Han in overlapping pairs: the best that is usually made of such a library.
function pairs(text) {
  const out = [];
  for (const run of fold(text).match(/[\u3400-\u9fff]+|[\p{L}\p{N}]+/gu) || []) {
    if (!/[\u3400-\u9fff]/.test(run)) out.push(run);
    else if (run.length === 1) out.push(run);
    else for (let i = 0; i + 1 < run.length; i++) out.push(run.slice(i, i + 2));
  }
  return out;
}

function openMiniSearch(pages) {
  const start = process.cpuUsage();
  const index = new MiniSearch({ fields: ['title', 'headings', 'text'], tokenize: pairs, processTerm: (t) => t, searchOptions: { boost: { title: 6, headings: 2.5 } } });
  index.addAll(pages.map((p) => ({ id: p.id, title: p.title, headings: p.sections.map((s) => s.heading).join('\n'), text: p.sections.flatMap((s) => s.text).join('\n') })));
  const spent = process.cpuUsage(start), bytes = Buffer.byteLength(JSON.stringify(index));
  return {
    name: 'MiniSearch',
    weight: `index ${(bytes / 1e6).toFixed(2)} MB of JSON, made in ${((spent.user + spent.system) / 1e6).toFixed(1)} CPU s; a cold query loads all of it`,
    async ask(queries) {
      return queries.map((q) => {
        let found = index.search(q, { combineWith: 'AND', prefix: (t) => /^[a-z]/.test(t) });
        if (!found.length) found = index.search(q, { combineWith: 'OR' });
        return found.slice(0, 10).map((r) => r.id);
      });
    },
    async close() {},
  };
}

const types = { '.js': 'text/javascript', '.html': 'text/html; charset=utf-8', '.json': 'application/json', '.wasm': 'application/wasm' };

async function openPagefind(pages, work) {
  const command = process.env.PAGEFIND;
  if (!command) return null;
  const folder = path.join(work, 'html');
  writeHtml(pages, folder);
  execFileSync(command, ['--site', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  let bytes = 0, all = 0, files = 0;
  for (const name of fs.readdirSync(path.join(folder, 'pagefind'), { recursive: true })) {
    const stat = fs.statSync(path.join(folder, 'pagefind', name));
    if (!stat.isFile()) continue;
    files++;
    all += stat.size;
    if (!/fragment/.test(name)) bytes += stat.size;
  }
  let served = 0;
  const server = http.createServer((request, response) => {
    const file = path.join(folder, decodeURIComponent(new URL(request.url, 'http://x').pathname));
    fs.readFile(file, (error, data) => {
      if (error) return response.writeHead(404).end();
      served += data.length;
      response.writeHead(200, { 'content-type': types[path.extname(file)] || 'application/octet-stream', 'cache-control': 'no-store' }).end(data);
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const base = `http://127.0.0.1:${server.address().port}`;
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  const fresh = async () => {
    const page = await (await browser.newContext()).newPage();
    fs.writeFileSync(path.join(folder, 'empty.html'), '<!DOCTYPE html><html lang="zh-CN"><title>x</title></html>');
    await page.goto(`${base}/empty.html`);
    await page.evaluate(async () => {
      window.pf = await import('/pagefind/pagefind.js');
      await window.pf.init();
    });
    return page;
  };
  const search = (page, q) => page.evaluate(async (query) => {
    const found = await window.pf.search(query);
    return Promise.all(found.results.slice(0, 10).map(async (r) => (await r.data()).url));
  }, q);
  const page = await fresh();
  return {
    name: 'Pagefind',
    weight: `${files} files, ${(all / 1e6).toFixed(2)} MB, ${(bytes / 1e6).toFixed(2)} MB without fragments (compressed)`,
    async ask(queries) {
      const answers = [];
      for (const q of queries) answers.push((await search(page, q)).map((url) => decodeURIComponent(url).replace(/^\//, '').replace(/\.html$/, '')));
      return answers;
    },
    async cold(queries) { // forty of them: each needs a browser of its own
      const sizes = [];
      for (let n = 0; n < queries.length; n += Math.ceil(queries.length / 40)) {
        served = 0;
        const own = await fresh();
        await search(own, queries[n]);
        sizes.push(served);
        await own.context().close();
      }
      return `${(percentile(sizes, 0.5) / 1000).toFixed(0)} kB median, ${(percentile(sizes, 1) / 1000).toFixed(0)} kB most`;
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}

export async function openRivals(pages, work) {
  return [openMiniSearch(pages), await openPagefind(pages, work)].filter(Boolean);
}
