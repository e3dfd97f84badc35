#!/usr/bin/env node
// shots - pictures of every kind of page, for people to look at.
//
//   node tests/tools/shots.mjs [SITE [OUT [PATTERN]]]      (dist/site, build/shots, all)
//
// Desk, phone and portrait kiosk, light and dark, and print as PDF; the kiosk's views along a visit; a small site
// made on the way for what a course does not show: differences, editions, review, notice. The first page of each kind
// stands for it. PATTERN takes only names like `kiosk-.*-desk-light`. Must not know: what is right in a picture.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { dataOf } from '../browser/lib.mjs';
import { small } from './small.mjs';

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { chromium } = createRequire(path.join(top, 'tests/browser/package.json'))('playwright-core');
const anjian = process.env.ANJIAN || path.join(top, 'build/release/anjian');
const site = path.resolve(process.argv[2] || path.join(top, 'dist/site'));
const out = path.resolve(process.argv[3] || path.join(top, 'build/shots'));
const wanted = new RegExp(`^(${process.argv[4] || '.*'})$`);
const sizes = { desk: [1280, 800], phone: [390, 844], kiosk: [1080, 1920] };
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'anjian-shots-'));

const walk = (dir) => fs.readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
  e.isDirectory() ? walk(path.join(dir, e.name)) : e.name.endsWith('.html') ? [path.join(dir, e.name)] : []).sort();
const pages = {};
for (const folder of [site, ...small(anjian, work)]) {
  for (const file of walk(folder)) {
    const template = /<body class="is-([a-z0-9_]+)/.exec(fs.readFileSync(file, 'utf8'));
    if (template && !pages[template[1]]) pages[template[1]] = pathToFileURL(file).href;
  }
}
if (pages.case) pages.meeting = pages.case + '#aj-meeting';
if (pages.search) pages.found = pages.search + '?q=sxkj';
if (pages.search) pages.nothing = pages.search + '?q=' + encodeURIComponent('龘龘靐齉');

fs.mkdirSync(out, { recursive: true });
if (!process.argv[4]) for (const f of fs.readdirSync(out)) fs.rmSync(path.join(out, f), { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
let count = 0;
async function picture(p, name, options) {
  if (!wanted.test(name)) return;
  await p.waitForTimeout(150);
  for (const f of p.frames()) await f.evaluate(() => { // a picture of the whole page shows what is far below as well
    document.querySelectorAll('.question, .home-part').forEach((el) => { el.style.contentVisibility = 'visible'; });
  });
  await p.screenshot({ path: path.join(out, name + '.png'), ...options });
  count++;
}
async function paper(p, name, options) {
  if (!wanted.test(name)) return;
  await p.pdf({ path: path.join(out, name + '.pdf'), preferCSSPageSize: true, ...options });
  count++;
}
for (const size of Object.keys(sizes)) {
  for (const scheme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport: { width: sizes[size][0], height: sizes[size][1] }, colorScheme: scheme, offline: true, locale: 'zh-CN' });
    const p = await context.newPage();
    const first = size === 'desk' && scheme === 'light';
    for (const [kind, address] of Object.entries(pages)) {
      if (!wanted.test(`${kind}-${size}-${scheme}`) && !(first && wanted.test(kind + '-print'))) continue;
      await p.goto(address);
      await picture(p, `${kind}-${size}-${scheme}`, { fullPage: kind !== 'meeting' });
      if (first) await paper(p, kind + '-print', { format: 'A4' });
      await p.goto('about:blank'); // another hash is no new page
    }
    const any = ['attract', 'who', 'due', 'hazard', 'search', 'learn', 'next', 'answer', 'why', 'result', 'failed', 'idle', 'pin', 'desk', 'high', 'large'];
    if (fs.existsSync(path.join(site, 'kiosk.html')) && any.some((name) => wanted.test(`kiosk-${name}-${size}-${scheme}`)))
      await visit(p, size, scheme, first);
    await context.close();
  }
}
await browser.close();
fs.rmSync(work, { recursive: true, force: true });
console.log(`${count} pictures in ${out}`);

// A visit by the keys on the screen: pictures on the way, all questions of the exam answered rightly; another wrongly.
async function visit(p, size, scheme, first) {
  const shot = (name) => picture(p, `kiosk-${name}-${size}-${scheme}`);
  const frame = async () => { await p.waitForSelector('iframe.k-ready'); return p.frames().find((f) => f !== p.mainFrame()); };
  const enter = async (digits) => { for (const digit of digits) await p.click(`#k-keys button:text-is("${digit}")`); };
  await p.emulateMedia({ reducedMotion: 'reduce' }); // a picture of rest, not of a fade
  await p.goto(pathToFileURL(path.join(site, 'kiosk.html')).href + '?station=1');
  await shot('attract');
  await p.click('#k-start');
  await enter('1001');
  await shot('who');
  await p.click('#k-number-ok');
  await p.waitForSelector('#k-home:not([hidden])');
  await shot('due');
  if (await p.locator('.k-sign').count()) {
    await p.locator('.k-sign').first().click();
    await frame();
    await shot('hazard');
    await p.click('#k-home-button');
    await p.click('[data-open="search.html"]');
    await (await frame()).waitForSelector('.search-keys');
    await shot('search');
    await p.click('#k-home-button');
  }
  await p.click('.k-card-go');
  await frame();
  await shot('learn');
  await p.click('#k-next');
  await shot('next');
  await p.click('#k-contrast');
  await shot('high');
  await p.click('#k-contrast');
  await p.click('#k-large');
  await shot('large');
  await p.click('#k-large');
  await p.click('#k-home-button');
  if (!await p.locator('.k-step[data-kind="quiz"]').count()) return;
  await exam(p, true, shot, frame);
  await shot('result');
  if (first) {
    for (const name of ['slip', 'certificate']) {
      await p.evaluate((n) => { document.documentElement.className += ' k-print-' + n; }, name);
      await paper(p, 'kiosk-' + name);
      await p.evaluate((n) => { document.documentElement.className = document.documentElement.className.replace(' k-print-' + n, ''); }, name);
    }
  }
  await p.click('#k-result-home');
  if (wanted.test(`kiosk-failed-${size}-${scheme}`)) {
    await exam(p, false, () => {}, frame);
    await shot('failed');
    await p.click('#k-result-home');
  }
  await p.evaluate(() => { document.getElementById('k-idle').hidden = false; });
  await shot('idle');
  await p.evaluate(() => { document.getElementById('k-idle').hidden = true; });
  await p.click('#k-leave');
  const pin = await p.getAttribute('#kiosk', 'data-pin');
  if (!pin) return;
  await p.click('#k-door');
  await shot('pin');
  for (const digit of pin) await p.click(`#k-pin-keys button:text-is("${digit}")`);
  await p.click('#k-pin-ok');
  await shot('desk');
}
async function exam(p, right, shot, frame) {
  if (await p.locator('.k-all').count()) await p.locator('.k-all').first().click();
  await p.locator('.k-step[data-kind="quiz"]').first().click();
  const f = await frame();
  for (let i = 0; i < 200 && await p.locator('#k-result').isHidden(); i++) {
    const q = f.locator('fieldset.question:visible').first();
    const data = await dataOf(q);
    const type = /\bq-(\w+)/.exec((await q.getAttribute('class')).replace('kind-quiz', ''))[1];
    if (type === 'fill') {
      for (let n = 0; n < data.right.length; n++) await q.locator('input').nth(n).fill(right ? String(data.right[n][0].value ?? data.right[n][0]) : '不知道');
    } else {
      const keys = (await q.locator('.q-option input').evaluateAll((l) => l.map((e) => e.value))).filter((k) => data.right.some((s) => s[0] === k) === right);
      for (const k of type === 'multiple' ? keys : keys.slice(0, 1)) await q.locator(`input[value="${k}"]`).check({ force: true });
    }
    if (i === 1) await shot('answer');
    await q.locator('.q-actions button:visible').first().click();
    if (i === 1) await shot('why');
    await q.locator('.q-actions button:visible').last().click();
    await p.waitForTimeout(60);
  }
}
