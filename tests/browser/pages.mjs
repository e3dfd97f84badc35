#!/usr/bin/env -S node --test-reporter=tap
// pages - every page of the course as a file: valid HTML, no inline script or style, nothing loaded from
// outside, links that lead to files, and no fault that axe can see on one page of each kind.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve, dirname } from 'node:path';
import { HtmlValidate } from 'html-validate';
import * as acorn from 'acorn';
import { open, address, site } from './lib.mjs';

const require = createRequire(import.meta.url);
const files = readdirSync(site, { recursive: true }).map(String).filter((f) => f.endsWith('.html')).sort();
const read = (f) => readFileSync(join(site, f), 'utf8');

test('the course has its pages', () => assert.ok(files.length >= 40, `${files.length} pages`));

test('HTML is valid on every page', async () => {
  const validator = new HtmlValidate({
    extends: ['html-validate:standard'],
    rules: { 'long-title': 'off', 'no-trailing-whitespace': 'off', 'require-sri': 'off', 'tel-non-breaking': 'off', 'no-inline-style': 'error' },
  });
  const faults = [];
  for (const f of files) {
    const report = await validator.validateString(read(f));
    for (const r of report.results) for (const m of r.messages) faults.push(`${f}:${m.line} ${m.ruleId} ${m.message}`);
  }
  assert.deepEqual(faults.slice(0, 20), []);
});

test('no page asks for anything outside', () => {
  const outside = [];
  for (const f of files)
    for (const m of read(f).matchAll(/<(?:script|img|link|iframe|audio|video|source)\b[^>]*?(?:src|href)="((?:https?:)?\/\/[^"]*)"/g))
      if (!/rel="canonical"/.test(m[0])) outside.push(`${f}: ${m[1]}`);
  assert.deepEqual(outside, []);
});

test('no inline script, style or handler', () => {
  const inline = [];
  for (const f of files) {
    const html = read(f);
    if (/<script(?![^>]*\bsrc=)[^>]*>/.test(html)) inline.push(`${f}: script`);
    if (/<style\b/.test(html) || /<[a-z][^>]*\sstyle="/.test(html)) inline.push(`${f}: style`);
    if (/<[a-z][^>]*\son[a-z]+="/.test(html)) inline.push(`${f}: handler`);
  }
  assert.deepEqual(inline, []);
});

test('every link ends in a file that is there', () => {
  const dead = [];
  for (const f of files)
    for (const m of read(f).matchAll(/\s(?:href|src|action)="([^"#?:]+)(?:[#?][^"]*)?"/g)) {
      const target = resolve(site, dirname(f), decodeURIComponent(m[1].replace(/&amp;/g, '&')));
      if (!existsSync(target) || target.endsWith('/')) dead.push(`${f}: ${m[1]}`);
    }
  assert.deepEqual(dead, []);
});

test('scripts are ES5 by syntax', () => {
  const scripts = readdirSync(site, { recursive: true }).map(String).filter((f) => f.endsWith('.js'));
  assert.ok(scripts.length >= 4, `${scripts.length} scripts`);
  for (const f of scripts)
    assert.doesNotThrow(() => acorn.parse(read(f), { ecmaVersion: 5 }), f);
});

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'); // evaluated, since the CSP lets no script in
const { browser, page } = await open();
test.after(() => browser.close());
const one = (pattern) => files.find((f) => pattern.test(f) && !/index/.test(f));
const kinds = ['index.html', 'search.html', 'changes.html', '404.html', 'cases/index.html', 'kinds/case.html',
  one(/^cases\//), one(/^models\//), one(/^lessons\//), one(/^courses\//), one(/^quizzes\//),
  one(/^hazards\//), 'hazards/index.html'].filter(Boolean);
for (const scheme of ['light', 'dark'])
  for (const f of kinds)
    test(`axe finds nothing on ${f}, ${scheme}`, async () => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(address(f));
      await page.evaluate(axe);
      const result = await page.evaluate(() => window.axe.run());
      assert.deepEqual(result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`), []);
    });

for (const width of [390, 1280, 1080])
  test(`no page is wider than a window of ${width}`, async () => {
    await page.setViewportSize({ width, height: 900 });
    const wide = [];
    for (const f of kinds) {
      await page.goto(address(f));
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (over > 0) wide.push(`${f}: ${over}px`);
    }
    assert.deepEqual(wide, []);
  });

// A portrait screen on a wall is pressed with gloves on: whatever stands alone is 44 px high, an answer
// 56 px. Links inside running text, and the titles whose whole card is the target, are measured by what holds them.
test('on a kiosk of 1080 by 1920 every target is large, and so is the text', async () => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1080, height: 1920 });
  const small = [];
  for (const f of kinds) {
    await page.goto(address(f));
    small.push(...await page.evaluate((file) => {
      const faults = [];
      const size = parseFloat(getComputedStyle(document.querySelector('main p')).fontSize);
      if (!(size >= 18)) faults.push(`${file}: text of ${size}px`);
      for (const e of document.querySelectorAll('a, button, summary, input:not([type=checkbox]):not([type=radio]), .question li > label, .q-blank label')) {
        if (!e.getClientRects().length || e.closest('.skip, .visually-hidden')) continue;
        if (e.matches('a') && e.closest('.prose p, .prose li, .prose td, .sources li')) continue;
        const box = (e.closest('.ref-title, .result h3') ? e.closest('.ref, .course-card, .step, .result') : e).getBoundingClientRect();
        const least = e.matches('label') ? 56 : 44;
        if (box.height < least - 0.5 || box.width < 44 - 0.5)
          faults.push(`${file}: ${Math.round(box.width)}x${Math.round(box.height)} ${e.outerHTML.slice(0, 90)}`);
      }
      return faults;
    }, f));
  }
  assert.deepEqual(small, []);
});
