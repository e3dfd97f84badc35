#!/usr/bin/env -S node --test-reporter=tap
// relevance.mjs - the search finds what somebody wants, on the manual pages of Debian's manpages-zh.
//
// The long version, with more pages, seeds and other tools beside, is relevance/run.mjs: `make bench`.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { available, readPages } from './relevance/corpus.mjs';
import { askAnjian, buildSite, percentile, printScores, score } from './relevance/measure.mjs';
import { drawQueries, drawSubstrings } from './relevance/queries.mjs';
import { openSearch } from '../tools/search.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const anjian = path.resolve(process.env.ANJIAN || path.join(here, '../../build/release/anjian'));
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'anjian-relevance-'));
process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }));

if (!available('man') && !process.env.REQUIRE_BROWSER) {
  test('relevance', (t) => t.skip('no corpus: apt-get install manpages-zh'));
} else {
  const pages = readPages('man');
  const { site } = buildSite(anjian, pages, work);
  const queries = drawQueries(pages, 20261125, 12);
  const { answers, stats } = askAnjian(site, queries.map((q) => q.query), { cold: true });
  const table = score(queries, answers);
  printScores(['Anjian'], [table], (line) => console.log(`# ${line}`));

  test('there are enough queries of every class', () => {
    assert.ok(pages.length > 700, `${pages.length} pages`);
    for (const [name, t] of Object.entries(table)) assert.ok(t.n >= 8, `${t.n} of ${name}`);
  });
  test('the wanted page comes first', () => assert.ok(table.all.first >= 0.95, `${table.all.first}`));
  test('the wanted page is among the first ten', () => assert.ok(table.all.ten >= 0.98, `${table.all.ten}`));
  test('pinyin finds it among the first three', () => assert.ok(table['pinyin-classes'].three >= 0.93, `${table['pinyin-classes'].three}`));
  test('a question finds it among the first three', () => assert.ok(table.question.three >= 0.9, `${table.question.three}`));
  test('a cold query loads little', () => {
    const bytes = stats.map((s) => s.bytes);
    assert.ok(percentile(bytes, 0.5) <= 56000, `median ${percentile(bytes, 0.5)}`);
    assert.ok(percentile(bytes, 1) <= 95000, `most ${percentile(bytes, 1)}`);
  });
  // A hundred queries on a page that has everything newer taken away: the answers are Node's; how long each takes, ms.
  const visitOnce = async (browser) => {
    const context = await browser.newContext({ offline: true });
    await context.addInitScript(() => {
      for (const name of ['fetch', 'XMLHttpRequest', 'WebAssembly']) delete window[name];
      delete Intl.Segmenter;
      Object.defineProperty(window, 'localStorage', { get() { throw new Error('none'); } });
    });
    const page = await context.newPage(), problems = [], times = [];
    page.on('pageerror', (e) => problems.push(String(e)));
    await page.goto(String(pathToFileURL(path.join(site, 'search.html'))));
    assert.deepEqual(await page.evaluate(() => [typeof fetch, typeof XMLHttpRequest, typeof WebAssembly, typeof Intl.Segmenter]),
      ['undefined', 'undefined', 'undefined', 'undefined']);
    for (let n = 0; n < 100; n++) {
      const query = queries[Math.floor((n * queries.length) / 100)], at = queries.indexOf(query);
      const seen = await page.evaluate((text) => new Promise((resolve) => {
        const input = document.getElementById('q'), results = document.getElementById('search-results'), status = document.getElementById('search-status');
        results.textContent = status.textContent = '';
        const start = performance.now(), stop = setTimeout(() => resolve(null), 5000);
        const look = () => {
          const links = [...results.querySelectorAll('h3 a')];
          if (!links.length) return;
          observer.disconnect();
          clearTimeout(stop);
          resolve({ time: performance.now() - start, hrefs: links.map((a) => a.href) });
        };
        const observer = new MutationObserver(look);
        observer.observe(results, { childList: true });
        input.value = text;
        input.form.onsubmit();
      }), query.query);
      const ids = seen ? seen.hrefs.map((h) => decodeURIComponent(new URL(h).pathname).slice(site.length + 1).replace(/\.html$/, '')) : [];
      assert.deepEqual(ids.slice(0, answers[at].length), answers[at], query.query);
      if (seen) times.push(seen.time);
    }
    await context.close();
    return { times, problems };
  };
  test('a browser from file:// with everything newer taken away gives the same answers, and soon', async () => {
    const { chromium } = await import('playwright-core');
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
    try {
      // A clock on a machine that others use tells of them too: the best of three first visits counts.
      let best = Infinity;
      for (let visit = 0; visit < 3 && best >= 150; visit++) {
        const seen = await visitOnce(browser);
        best = Math.min(best, percentile(seen.times, 0.95));
        console.log(`# from key to result: ${percentile(seen.times, 0.5).toFixed(0)} ms median, ${percentile(seen.times, 0.95).toFixed(0)} ms p95`);
        assert.ok(seen.times.length >= 95, `${seen.times.length} answered`);
        assert.deepEqual(seen.problems, []);
      }
      assert.ok(best < 150, `${best} ms`);
    } finally {
      await browser.close();
    }
  });
  test('every substring of a section finds its page', () => {
    const pieces = drawSubstrings(pages, 20261125, 60);
    const all = askAnjian(site, pieces.map((p) => p.query), { limit: 0 });
    const lost = pieces.filter((p, n) => !all.answers[n].includes(p.id)).map((p) => `${p.query} of ${p.id}`);
    assert.deepEqual(lost, []);
  });
  test('of the pages shown, each that holds the phrase is said to hold it', async () => {
    const flat = (text) => text.normalize('NFKC').toLowerCase();
    const texts = new Map(pages.map((p) => [p.id, p.sections.map((s) => [s.heading, ...s.text]).flat().map(flat)]));
    const search = openSearch(site), below = [];
    let holding = 0;
    for (const { query } of drawSubstrings(pages, 20261128, 60)) {
      for (const hit of (await search.ask(query, 10)).list) {
        const id = decodeURIComponent(hit.address).replace(/\.html$/, '');
        if (!texts.get(id)?.some((text) => text.includes(flat(query)))) continue;
        holding++;
        if (!(hit.fit >= 1)) below.push(`${query} in ${id}`);
      }
    }
    assert.ok(holding > 700, `${holding} pages`);
    assert.deepEqual(below, []);
  });
}
