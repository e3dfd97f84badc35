#!/usr/bin/env node
// shots - pictures of every kind of page, for people to look at.
//
//   node tests/tools/shots.mjs [SITE] [OUT]      (dist/site, build/shots)
//
// Desk, phone and portrait kiosk, light and dark, and print as PDF; the kiosk's views along a visit. The first
// page of each kind stands for it. Must not know: what is right or wrong in a picture.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { chromium } = createRequire(path.join(top, 'tests/browser/package.json'))('playwright-core');
const site = path.resolve(process.argv[2] || path.join(top, 'dist/site'));
const out = path.resolve(process.argv[3] || path.join(top, 'build/shots'));
const sizes = { desk: [1280, 800], phone: [390, 844], kiosk: [1080, 1920] };

const walk = (dir) => fs.readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
  e.isDirectory() ? walk(path.join(dir, e.name)) : e.name.endsWith('.html') ? [path.join(dir, e.name)] : []).sort();
const pages = {};
for (const file of walk(site)) {
  const template = /<body class="is-([a-z0-9]+)/.exec(fs.readFileSync(file, 'utf8'));
  if (template && !pages[template[1]]) pages[template[1]] = pathToFileURL(file).href;
}
if (pages.case) pages.meeting = pages.case + '#aj-meeting';
if (pages.search) pages.found = pages.search + '?q=sxkj';

fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
async function page(size, colorScheme) {
  const context = await browser.newContext({ viewport: { width: sizes[size][0], height: sizes[size][1] }, colorScheme, offline: true, locale: 'zh-CN' });
  return context.newPage();
}
for (const size of Object.keys(sizes)) {
  for (const scheme of ['light', 'dark']) {
    const p = await page(size, scheme);
    for (const [kind, address] of Object.entries(pages)) {
      await p.goto(address);
      await p.waitForTimeout(150);
      await p.screenshot({ path: path.join(out, `${kind}-${size}-${scheme}.png`), fullPage: kind !== 'meeting' });
      if (size === 'desk' && scheme === 'light') await p.pdf({ path: path.join(out, `${kind}-print.pdf`), preferCSSPageSize: true, format: 'A4' });
      await p.goto('about:blank'); // another hash is no new page
    }
    if (fs.existsSync(path.join(site, 'kiosk.html'))) await visit(p, size, scheme);
    await p.context().close();
  }
}
await browser.close();
console.log(`${fs.readdirSync(out).length} files in ${out}`);

// A visit by the keys on the screen: pictures on the way, all questions of the exam answered rightly.
async function visit(p, size, scheme) {
  const shot = async (name) => { await p.waitForTimeout(250); await p.screenshot({ path: path.join(out, `kiosk-${name}-${size}-${scheme}.png`) }); };
  const frame = async () => { await p.waitForSelector('iframe.k-ready'); return p.frames().find((f) => f !== p.mainFrame()); };
  await p.goto(pathToFileURL(path.join(site, 'kiosk.html')).href + '?station=1');
  await shot('attract');
  await p.click('#k-start');
  for (const digit of '1001') await p.click(`#k-keys button:text-is("${digit}")`);
  await shot('who');
  await p.click('#k-number-ok');
  await shot('due');
  await p.click('.k-card-go');
  await frame();
  await shot('learn');
  await p.click('#k-home-button');
  if (!await p.locator('.k-step[data-kind="quiz"]').count()) return;
  if (await p.locator('.k-all').count()) await p.locator('.k-all').first().click();
  await p.locator('.k-step[data-kind="quiz"]').first().click();
  const f = await frame();
  for (let i = 0; i < 200 && await p.locator('#k-result').isHidden(); i++) {
    const q = f.locator('fieldset.question:visible').first();
    const data = JSON.parse(await q.getAttribute('data-question'));
    if (data.type === 'fill') {
      for (let n = 0; n < data.answers.length; n++) await q.locator('input').nth(n).fill(String(data.answers[n][0].value ?? data.answers[n][0]));
    } else if (data.type === 'truefalse') await q.locator(`input[value="${data.answer}"]`).check({ force: true });
    else for (const o of data.options.filter((x) => x.correct)) await q.locator(`input[value="${o.key}"]`).check({ force: true });
    if (i === 1) await shot('answer');
    await q.locator('.q-actions button:visible').first().click();
    if (i === 1) await shot('why');
    await q.locator('.q-actions button:visible').last().click();
    await p.waitForTimeout(60);
  }
  await shot('result');
  if (size === 'desk' && scheme === 'light') {
    for (const name of ['slip', 'certificate']) {
      await p.evaluate((n) => { document.documentElement.className += ' k-print-' + n; }, name);
      await p.pdf({ path: path.join(out, `kiosk-${name}.pdf`), preferCSSPageSize: true });
      await p.evaluate((n) => { document.documentElement.className = document.documentElement.className.replace(' k-print-' + n, ''); }, name);
    }
  }
  await p.click('#k-result-leave');
}
