#!/usr/bin/env -S node --test --test-reporter=tap
// face - the course as it stands in dist/site: every file judged, every kind of page timed.
//
// html-validate and the policy of each file; console and requests; first paint and layout shift on a processor
// slowed six times; the one-page talk on one A4, by eye and by keyboard. Must not know: quizzes, the search's answers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { open, site, top, address } from './lib.mjs';
import { small } from '../tools/small.mjs';

const walk = (dir) => fs.readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
  e.isDirectory() ? walk(path.join(dir, e.name)) : e.name.endsWith('.html') ? [path.join(dir, e.name)] : []).sort();
// Beside the course: differences, editions, review and notice, which it does not have.
const extra = fs.mkdtempSync(path.join(os.tmpdir(), 'anjian-face-'));
test.after(() => fs.rmSync(extra, { recursive: true, force: true }));
const files = [...walk(site), ...small(process.env.ANJIAN || path.join(top, 'build/release/anjian'), extra).flatMap(walk)];
const kinds = new Map();
for (const file of files) {
  const template = /<body class="is-([a-z0-9_]+)/.exec(fs.readFileSync(file, 'utf8'));
  if (template && !kinds.has(template[1])) kinds.set(template[1], path.relative(site, file));
}
kinds.set('kiosk', 'kiosk.html');
const cases = files.filter((f) => /class="is-case/.test(fs.readFileSync(f, 'utf8')));

test('html-validate has nothing to say about any file', () => {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'anjian-face-'));
  const rules = path.join(work, '.htmlvalidate.json');
  fs.writeFileSync(rules, JSON.stringify({ root: true, extends: ['html-validate:recommended'],
    rules: { 'long-title': 'off', 'void-style': 'off' } }));
  const bin = fs.realpathSync(path.join(top, 'tests/browser/node_modules/.bin/html-validate'));
  try {
    execFileSync(process.execPath, [bin, '--config', rules, ...files], { encoding: 'utf8' });
  } catch (e) {
    assert.fail(e.stdout);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
});

test('every page has a policy that allows no inline script or style', () => {
  for (const file of files) {
    const text = fs.readFileSync(file, 'utf8');
    if (/http-equiv="refresh"/.test(text)) continue; // a redirect has nothing to run
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(text);
    assert.ok(policy, file);
    assert.match(policy[1], /default-src 'none'; script-src 'self'; style-src 'self';/, file);
    assert.doesNotMatch(policy[1], /unsafe|https?:|\*/, file);
    assert.doesNotMatch(text, /<script(?![^>]* src=)[^>]*>|<style| style="| on[a-z]+="/, file);
  }
});

test('all kinds of page are there', () => {
  for (const kind of ['home', 'case', 'model', 'lesson', 'course', 'quiz', 'section', 'kind', 'taxonomy', 'term', 'search', 'changes', '404', 'kiosk',
    'page', 'diff', 'notice', 'review', 'review_page'])
    assert.ok(kinds.has(kind), kind);
});

for (const [size, viewport] of [['desk', { width: 1280, height: 800 }], ['phone', { width: 390, height: 844 }]]) {
  test(`first paint within a second on a slow processor, and nothing moves: ${size}`, async (t) => {
    const { browser, page, trouble } = await open({ viewport });
    t.after(() => browser.close());
    page.setDefaultTimeout(90000);
    const folders = [site, extra].map((f) => address(f) + '/');
    page.on('request', (r) => { if (!folders.some((f) => r.url().startsWith(f)) && !/^data:/.test(r.url())) trouble.push('left the folder: ' + r.url()); });
    const client = await page.context().newCDPSession(page);
    await client.send('Emulation.setCPUThrottlingRate', { rate: 6 });
    const told = [];
    const moved = new Set();
    for (const [kind, name] of kinds) {
      let best = Infinity;
      let still = false;
      for (let i = 0; i < 3 && (best >= 1000 || !still); i++) {
        await page.goto(address(name));
        await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
        await page.waitForTimeout(250);
        const seen = await page.evaluate(() => new Promise((done) => {
          let shift = 0;
          new PerformanceObserver((list) => { for (const e of list.getEntries()) shift += e.value; }).observe({ type: 'layout-shift', buffered: true });
          setTimeout(() => done({ shift, paint: performance.getEntriesByName('first-contentful-paint').map((e) => e.startTime)[0] }), 50);
        }));
        assert.ok(seen.paint > 0, kind + ' paints');
        best = Math.min(best, seen.paint);
        still = still || seen.shift === 0;
      }
      if (!still) moved.add(kind);
      told.push(`${kind} ${Math.round(best)}`);
      assert.ok(best < 1000, `${kind}: first paint after ${best} ms`);
    }
    assert.deepEqual([...moved], [], 'layout shift');
    console.log(`# first paint at 1/6 speed, ms, ${size}: ` + told.join(', '));
    assert.deepEqual(trouble, []);
  });
}

// Cases that say more and more, to one that nobody would read aloud.
function longCases() {
  const words = '先通风，再检测，后作业，没有监护人不下井；检测仪挂在身上一直开着，报警就上来，谁也不许再下去救人。';
  const folder = path.join(extra, 'long');
  fs.mkdirSync(path.join(folder, 'cases'), { recursive: true });
  return [[2, 1], [4, 2], [8, 4], [40, 10]].map(([lessons, times]) => {
    const list = `[${Array(lessons).fill(words)}]`;
    fs.writeFileSync(path.join(folder, `cases/talk-${lessons}.md`), `---\ntitle: ${words.slice(0, 12 * times)}\nsummary: ${words.repeat(times)}
time: 2026年1月2日3时4分\nplace: 某省某市某区某工业园某公司某车间某装置某层平台\ndeaths: 3\ninjuries: 12\ndirect_cause: ${words.repeat(times)}
lessons: ${list}\ndiscussion: ${list}\nhazards: [受限空间]\nsources: [测试用]\n---\n正文。\n`);
    return path.join(extra, `talks/cases/talk-${lessons}.html`);
  });
}

test('the one-page talk of every case, a long one too, is one A4, alone', async (t) => {
  const { browser, page, trouble } = await open();
  t.after(() => browser.close());
  const long = longCases();
  execFileSync(process.env.ANJIAN || path.join(top, 'build/release/anjian'), ['-q', 'build', path.join(extra, 'long'), '-o', path.join(extra, 'talks')], { env: { ...process.env, ANJIAN_DATA: top } });
  for (const file of [...cases, ...long]) {
    await page.goto(address(path.relative(site, file)) + '#aj-meeting');
    await page.waitForSelector('html.is-meeting');
    await page.waitForFunction(() => document.readyState === 'complete');
    const pdf = (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1');
    assert.equal((pdf.match(/\/Type\s*\/Page[^s]/g) || []).length, 1, file);
    await page.emulateMedia({ media: 'print' });
    assert.ok(await page.locator('.meeting').isVisible());
    assert.ok(!await page.locator('.article-head').isVisible() && !await page.locator('.prose').first().isVisible(), file);
    assert.ok(await page.locator('.meeting-names li').last().isVisible(), file);
    assert.ok(await page.locator('.meeting-questions li:visible').count() <= 3 && await page.locator('.meeting-lessons li:visible').count() <= 6, file);
    assert.ok(await page.locator('.meeting-questions').evaluate((e) => parseFloat(getComputedStyle(e).fontSize)) >= 11, 'large enough to be read'); // 8.4 pt
    await page.emulateMedia({ media: null });
    await page.goto('about:blank');
  }
  assert.deepEqual(trouble, []);
});

test('axe finds nothing on what stands beside a course, by day and by night', async (t) => {
  const axe = fs.readFileSync(path.join(top, 'tests/browser/node_modules/axe-core/axe.min.js'), 'utf8');
  const { browser, page, trouble } = await open();
  t.after(() => browser.close());
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    for (const kind of ['page', 'diff', 'notice', 'review', 'review_page']) {
      await page.goto(address(kinds.get(kind)));
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run({ preload: false }).then((r) => r.violations.map((v) => v.id + ' ' + v.nodes.map((n) => n.target).join(' '))));
      assert.deepEqual(found, [], `${kind} ${colorScheme}`);
    }
  }
  assert.deepEqual(trouble, []);
});

test('the talk opens and closes by keyboard, and axe finds nothing in it', async (t) => {
  const axe = fs.readFileSync(path.join(top, 'tests/browser/node_modules/axe-core/axe.min.js'), 'utf8');
  for (const colorScheme of ['light', 'dark']) {
    const { browser, page } = await open({ colorScheme, bypassCSP: true });
    t.after(() => browser.close());
    await page.goto(address(path.relative(site, cases[0])));
    await page.locator('.meeting-link a').focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('html.is-meeting');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'aj-meeting');
    await page.evaluate(axe);
    const found = await page.evaluate(() => window.axe.run().then((r) => r.violations.map((v) => v.id + ' ' + v.nodes.map((n) => n.target).join(' '))));
    assert.deepEqual(found, [], colorScheme);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !/is-meeting/.test(document.documentElement.className));
    assert.ok(!await page.locator('.meeting').isVisible());
  }
});
