#!/usr/bin/env -S node --test --test-reporter=tap
// kiosk - a worker's visit from the attract screen to the slip and away, from file://, offline.
//
// Builds a small site with the kiosk's settings. With storage and without; the second person; the plug
// pulled in mid-exam; the trainer's export; targets, axe, keyboard, the QR code read back.
// Must not know: the real course.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import vm from 'node:vm';
import xapi from '@learninglocker/xapi-validation';
import { chromium } from 'playwright-core';
import { load } from '../tools/record.mjs';
import { dataOf } from './lib.mjs';

const jsQR = createRequire(import.meta.url)('jsqr');
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const anjian = path.resolve(root, process.env.ANJIAN || 'build/release/anjian');
const program = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((p) => fs.existsSync(p));
if (!program && process.env.REQUIRE_BROWSER !== '1') {
  console.log('1..0 # SKIP no chromium on this machine');
  process.exit(0);
}
const records = load();
const pages = {
  'site.yaml': `title: 小站
base_url: https://example.org/small/
taxonomies: [hazards]
params: { kiosk: { pin: "2468", idle: 60 } }
`,
  'cases/tank.md': `---
title: 罐内作业
summary: 一句话。
date: 2026-01-02
deaths: 1
direct_cause: 未通风。
lessons: [先通风，再检测]
hazards: [受限空间]
sources: [{ text: 外面的来源, url: 'https://example.com/' }]
---
## 第一节

[听这一节](tank.wav)

第一段，见[第二课](gas.md)，也见[外面](https://example.com/)。

## 第二节

第二段。
`,
  'cases/gas.md': '---\ntitle: 硫化氢\nhazards: [中毒]\nsources: [测试用]\n---\n正文。\n',
  'courses/first.md': '---\ntitle: 第一课\nhours: 0.5\npages: [cases/tank.md, cases/gas.md]\nexam: quizzes/exam.md\n---\n按顺序学。\n',
  'quizzes/exam.md': `---
title: 小测
测验: 小测
及格线: 60
打乱: [题目, 选项]
---
${[1, 2, 3, 4].map((n) => `### 【单选】第 ${n} 题（　）。\n编号：k-${n}\n- [x] 对的答案${n}\n- [ ] 错的答案${n}\n- [ ] 另一个${n}\n`).join('\n')}`,
  'quizzes/final.md': `---
title: 大考
测验: 大考
模式: 考试
及格线: 60
限时: 10分钟
---
${[1, 2].map((n) => `### 【单选】大 ${n} 题（　）。\n编号：e-${n}\n- [x] 对的答案${n}\n- [ ] 错的答案${n}\n\n> 解析：为什么${n}。\n`).join('\n')}
### 【简答】为什么？
分值：2｜编号：e-4

> 参考答案：参考的话。

评分要点：

- 要点甲 （1分）
- 要点乙 （1分）

### 【填空】先（　）。
编号：e-3

答案：通风
`,
  'courses/second.md': '---\ntitle: 第二课\nvalid: 12\npages: [cases/gas.md]\nexam: quizzes/final.md\n---\n学。\n',
};
let work, site, browser;

before(async () => {
  work = fs.mkdtempSync(path.join(os.tmpdir(), 'anjian-kiosk-'));
  for (const [name, text] of Object.entries(pages)) {
    const file = path.join(work, 'src', name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  const wav = Buffer.alloc(44 + 16000); // a second of silence
  wav.write('RIFF', 0); wav.writeUInt32LE(36 + 16000, 4); wav.write('WAVEfmt ', 8); wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20); wav.writeUInt16LE(1, 22); wav.writeUInt32LE(8000, 24); wav.writeUInt32LE(16000, 28);
  wav.writeUInt16LE(2, 32); wav.writeUInt16LE(16, 34); wav.write('data', 36); wav.writeUInt32LE(16000, 40);
  fs.writeFileSync(path.join(work, 'src/cases/tank.wav'), wav);
  site = path.join(work, 'site');
  execFileSync(anjian, ['-q', 'build', path.join(work, 'src'), '-o', site], { stdio: ['ignore', 'ignore', 'inherit'] });
  browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
});
after(async () => {
  if (browser) await browser.close();
  if (work) fs.rmSync(work, { recursive: true, force: true });
});

const address = pathToFileURL.bind(null);
function watch(page) {
  page.faults = [];
  page.on('console', (m) => page.faults.push(m.text()));
  page.on('pageerror', (e) => page.faults.push(e.message));
  page.on('request', (r) => { if (!/^(file|data|blob):/.test(r.url())) page.faults.push(r.url()); });
  page.setDefaultTimeout(90000);
  return page;
}
async function open(options = {}, init, query = '?station=3') {
  const context = await browser.newContext({ offline: true, viewport: { width: 1080, height: 1400 }, acceptDownloads: true, ...options });
  const page = watch(await context.newPage());
  if (init) await page.addInitScript(init);
  await page.goto(address(path.join(site, 'kiosk.html')).href + query);
  return page;
}
const noStorage = () => Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } });
const frameOf = async (page) => {
  await page.waitForSelector('iframe.k-ready');
  return page.frames().find((f) => f !== page.mainFrame());
};
async function enter(page, number) {
  await page.click('#k-start');
  for (const digit of number) await page.click(`#k-keys button:text-is("${digit}")`);
  await page.click('#k-number-ok');
}
async function startExam(page) {
  if (await page.locator('.k-all').first().getAttribute('aria-expanded') === 'false') await page.click('.k-all');
  await page.click('.k-step[data-kind="quiz"]');
  return frameOf(page);
}
const visible = (frame) => frame.locator('fieldset.question:visible');
async function answer(frame, right) {
  const q = visible(frame).first();
  await q.locator('.q-option', { hasText: right ? '对的答案' : '错的答案' }).click();
  await q.locator('.q-actions button:visible').first().click();
}
async function goOn(frame) {
  await visible(frame).first().locator('.q-actions button:visible').last().click();
}
async function exam(page, right) {
  const frame = await startExam(page);
  for (const is of right) {
    await answer(frame, is);
    await goOn(frame);
  }
  await page.waitForSelector('#k-result:not([hidden])');
}
// One screen on, and there.
async function turn(page) {
  const before = await page.evaluate(() => document.querySelector('iframe').src + document.querySelector('#k-where-at').textContent);
  await page.click('#k-next');
  await page.waitForFunction((b) => document.querySelector('iframe').src + document.querySelector('#k-where-at').textContent !== b, before);
  return frameOf(page);
}
async function fileOf(page, button) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  return { name: download.suggestedFilename(), text: fs.readFileSync(await download.path(), 'utf8') };
}
const idsOf = async (frame) => Promise.all((await frame.locator('fieldset.question').all()).map(async (q) => (await dataOf(q)).id));
const statements = (text) => text.trim().split('\n').map((l) => JSON.parse(l));
const verbs = (text) => statements(text).map((s) => s.verb.display.en).join(' ');

test('a visit: attract, number, learn, exam, slip, away; the record is whole', async () => {
  const page = await open();
  assert.ok(await page.locator('#k-start').isVisible());
  await enter(page, '13572468');
  assert.match(await page.locator('.k-card').first().innerText(), /第一课[\s\S]*要学 0 \/ 3/);
  await page.click('.k-card-go');
  let frame = await frameOf(page);
  const titles = [];
  for (let i = 0; i < 12 && /tank/.test(frame.url()); i++) {
    titles.push((await page.locator('#k-where-at').innerText()).trim());
    assert.ok(await frame.locator('.column > *:visible, .prose > *:visible, .article-head:visible').count(), 'no screen is empty');
    frame = await turn(page);
  }
  assert.ok(titles.length >= 4, titles.join());
  assert.match(frame.url(), /gas\.html/, 'the next lesson follows');
  await page.click('#k-home-button');
  assert.match(await page.locator('.k-card-state').first().innerText(), /1 \/ 3/);
  await exam(page, [true, true, true, false]);
  assert.match(await page.locator('#k-slip').innerText(), /合格[\s\S]*75%[\s\S]*13572468[\s\S]*小测/);
  const { name, text } = await fileOf(page, '#k-save');
  assert.match(name, /^anjian-3-\d{4}-\d\d-\d\d-[0-9a-f]{6}-\d+\.jsonl$/);
  assert.equal(verbs(text), 'launched completed launched terminated launched answered answered answered answered completed'); // a practice proves nothing;
  assert.deepEqual(records.verify(text).problems, []);
  for (const s of statements(text)) assert.deepEqual(xapi.default(s, ['statement']).map(String), []);
  const last = statements(text).pop();
  assert.equal(last.result.score.scaled, 0.75);
  assert.equal(last.actor.account.name, records.pseudonym('https://example.org/small/', '13572468'));
  assert.equal(last.context.extensions['urn:anjian:record'].station, '3');
  assert.match(last.context.extensions['urn:anjian:record'].content, /^[0-9a-f]{40}$/);
  assert.match(last.context.extensions['urn:anjian:record'].questions, /^[0-9a-f]{64}$/);
  assert.ok(!text.includes('13572468'), 'the number itself is in no statement');
  assert.equal(await page.locator('#k-code').innerText(), '记录编号 ' + last.id);
  await page.click('#k-result-leave');
  assert.ok(await page.locator('#k-start').isVisible());
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

for (const [name, init] of [['with storage', undefined], ['without storage', noStorage]]) {
  test(`the second person finds nothing of the first, ${name}`, async () => {
    const page = await open({}, init);
    await enter(page, '13572468');
    const frame = await startExam(page);
    await answer(frame, true);
    await page.click('#k-leave');
    await page.click('#k-sure-yes');
    const all = await page.evaluate(() => document.documentElement.outerHTML);
    assert.ok(!all.includes('13572468') && !all.includes('iframe'), 'wiped');
    await enter(page, '24681357');
    assert.ok(!await page.locator('#k-unfinished').isVisible());
    assert.match(await page.locator('.k-card-state').first().innerText(), /要学 0 \/ 3/);
    const next = await startExam(page);
    assert.equal(await next.locator('input:checked').count(), 0);
    assert.equal(await next.locator('.is-checked').count(), 0);
    const kept = await page.evaluate(() => { try { return JSON.stringify(localStorage); } catch (e) { return ''; } });
    assert.ok(!/13572468|24681357/.test(kept), 'no number is stored');
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
}

test('without storage the record is still offered, by the worker and by the trainer', async () => {
  const page = await open({}, noStorage);
  await enter(page, '13572468');
  await exam(page, [false, false, false, true]);
  assert.match(await page.locator('#k-slip').innerText(), /未合格[\s\S]*25%/);
  assert.ok(await page.locator('#k-again').isVisible());
  assert.ok(!await page.locator('#k-print-certificate').isVisible());
  assert.equal(verbs((await fileOf(page, '#k-save')).text), 'launched answered answered answered answered completed');
  await page.click('#k-result-leave');
  await page.click('#k-door');
  for (const digit of '1111') await page.click(`#k-pin-keys button:text-is("${digit}")`);
  await page.click('#k-pin-ok');
  assert.match(await page.locator('#k-pin-typed').innerText(), /密码不对/);
  for (const digit of '2468') await page.click(`#k-pin-keys button:text-is("${digit}")`);
  await page.click('#k-pin-ok');
  assert.match(await page.locator('#k-desk').innerText(), /不让存储[\s\S]*6/);
  const whole = await fileOf(page, '#k-export');
  assert.deepEqual([records.verify(whole.text).count, records.verify(whole.text).problems], [6, []]);
  await page.click('#k-clear');
  assert.match(await page.locator('#k-desk-facts').innerText(), /记录条数\s*0/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('the plug is pulled in mid-exam: the same number goes on where it was', async (t) => {
  const profile = path.join(work, 'profile');
  const launch = async () => {
    const context = await chromium.launchPersistentContext(profile, { executablePath: program,
      args: ['--no-sandbox', '--enable-aggressive-domstorage-flushing'], // as the manual's launch file has it
      offline: true, viewport: { width: 1080, height: 1400 } });
    t.after(() => context.close().catch(() => {})); // a browser left behind would keep this file from ending
    const page = watch(context.pages()[0] || await context.newPage());
    await page.goto(address(path.join(site, 'kiosk.html')).href);
    return { context, page };
  };
  let { context, page } = await launch();
  await enter(page, '13572468');
  let frame = await startExam(page);
  await answer(frame, true);
  await goOn(frame);
  await answer(frame, false);
  const asked = await frame.locator('.q-stem').allInnerTexts();
  const order = await idsOf(frame);
  /* Chromium writes localStorage behind, by a second as it is launched here; wait until the answer is in its log. */
  const folder = path.join(profile, 'Default/Local Storage/leveldb');
  const written = () => fs.readdirSync(folder).some((f) => /\.(log|ldb)$/.test(f) && // two bytes a character there
    /"answers":\{("k-\d":\{[^{}]*"checked":true\},?){2}/.test(fs.readFileSync(path.join(folder, f)).toString('latin1').replace(/\0/g, '')));
  for (let i = 0; i < 900 && !written(); i++) await page.waitForTimeout(100);
  assert.ok(written(), 'the answers are on the disk');
  const pid = fs.readdirSync('/proc').filter((p) => /^\d+$/.test(p)).filter((p) => {
    try { return fs.readFileSync(`/proc/${p}/cmdline`, 'utf8').includes(profile); } catch { return false; }
  });
  assert.ok(pid.length, 'the browser of this profile runs');
  for (const p of pid) try { process.kill(Number(p), 'SIGKILL'); } catch { /* gone with its parent */ }
  await context.close().catch(() => {});
  for (const f of ['SingletonLock', 'SingletonCookie', 'SingletonSocket']) fs.rmSync(path.join(profile, f), { force: true });

  ({ context, page } = await launch());
  await enter(page, '24681357');
  assert.ok(!await page.locator('#k-unfinished').isVisible(), 'another person is not offered it');
  await page.click('#k-leave');
  await enter(page, '13572468');
  assert.match(await page.locator('#k-unfinished').innerText(), /小测/);
  await page.click('#k-resume');
  frame = await frameOf(page);
  await frame.waitForSelector('.is-checked', { state: 'attached' });
  assert.deepEqual(await idsOf(frame), order);
  assert.equal((await frame.locator('.q-stem').allInnerTexts()).length, asked.length);
  assert.equal(await frame.locator('fieldset.is-checked').count(), 2);
  assert.equal(await frame.locator('.is-wrong').count(), 1);
  await goOn(frame);
  for (let i = 0; i < 2; i++) {
    await answer(frame, true);
    await goOn(frame);
  }
  await page.waitForSelector('#k-result:not([hidden])');
  assert.match(await page.locator('#k-slip').innerText(), /合格[\s\S]*75%/);
  await page.click('#k-result-leave');
  await page.click('#k-door');
  for (const digit of '2468') await page.click(`#k-pin-keys button:text-is("${digit}")`);
  await page.click('#k-pin-ok');
  const { text } = await fileOf(page, '#k-export');
  assert.deepEqual(records.verify(text).problems, [], 'the chain goes on behind the power cut');
  const mine = statements(text).filter((s) => s.object.id.includes('exam'));
  assert.equal(new Set(mine.map((s) => s.context.registration)).size, 1, 'one attempt');
  assert.deepEqual(page.faults, []);
  await context.close();
});

// The exam's questions one after the other in the frame; `answers` by id. Hands in when `end`.
async function sit(page, answers, end) {
  const steps = page.locator('.k-card').nth(1);
  if (await steps.locator('.k-all').getAttribute('aria-expanded') === 'false') await steps.locator('.k-all').click();
  await steps.locator('.k-step[data-kind="quiz"]').click();
  const frame = await frameOf(page);
  for (let i = 0; i < 4; i++) {
    const q = visible(frame);
    assert.equal(await q.count(), 1, 'one question a screen');
    const id = (await dataOf(q)).id;
    if (answers[id] && id < 'e-3') await q.locator('.q-option', { hasText: answers[id] }).click();
    else if (answers[id]) await q.locator('.q-options input, .q-options textarea').fill(answers[id]);
    assert.equal(await q.locator('.q-verdict').count(), 0, 'nothing is judged before the hand-in');
    if (i === 3) break;
    await page.click('#k-next');
    await frame.waitForFunction((n) => [...document.querySelectorAll('fieldset.question')]
      .filter((e) => e.offsetHeight).every((e) => e.querySelector('.q-number').textContent === n), String(i + 2));
  }
  if (end) await frame.locator('.quiz-finish button').click();
  return frame;
}
const full = { 'e-1': '对的答案1', 'e-2': '错的答案2', 'e-3': '通风', 'e-4': '会中毒' };

for (const [name, init] of [['with storage', undefined], ['without storage', noStorage]]) {
  test(`a whole exam in the frame, then one left in the middle, ${name}`, async () => {
    const page = await open({}, init);
    await enter(page, '13572468');
    let frame = await sit(page, full, true);
    const short = frame.locator('.q-self:visible');
    await short.waitFor();
    assert.match(await short.innerText(), /参考的话[\s\S]*要点甲/);
    await short.locator('label', { hasText: '要点甲' }).click();
    await short.locator('button').click();
    await page.waitForSelector('#k-result:not([hidden])');
    assert.match(await page.locator('#k-slip').innerText(), /合格[\s\S]*60%[\s\S]*大考/);
    const { text } = await fileOf(page, '#k-save');
    assert.equal(verbs(text), 'launched answered answered answered answered completed passed');
    assert.deepEqual(records.verify(text).problems, []);
    for (const s of statements(text)) assert.deepEqual(xapi.default(s, ['statement']).map(String), []);
    assert.equal(statements(text).pop().result.score.raw, 3);
    await page.click('#k-result-leave');

    await enter(page, '24681357');
    frame = await sit(page, { ...full, 'e-4': '只有我知道' }, false);
    await page.click('#k-leave');
    await page.click('#k-sure-yes');
    const all = await page.evaluate(() => document.documentElement.outerHTML);
    assert.ok(!/24681357|只有我知道|iframe/.test(all), 'wiped');

    await enter(page, '13572468');
    assert.ok(!await page.locator('#k-unfinished').isVisible());
    frame = await sit(page, {}, false);
    assert.equal(await frame.locator('input:checked').count(), 0);
    assert.deepEqual(await frame.locator('.q-options textarea, .q-options input[type=text]').evaluateAll((l) => l.map((e) => e.value).join('')), '');
    await frame.locator('.quiz-finish button').click();
    assert.match(await frame.locator('.quiz-finish button').innerText(), /4/, 'what is open is said once');
    await frame.locator('.quiz-finish button').click();
    await page.waitForSelector('#k-result:not([hidden])');
    assert.match(await page.locator('#k-slip').innerText(), /未合格[\s\S]*0%/);
    const kept = await page.evaluate(() => { try { return JSON.stringify(localStorage); } catch (e) { return ''; } });
    assert.ok(!/13572468|24681357|anjian\.exam/.test(kept), 'no number, and nothing of the player\'s own');
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
}

test('a double tap turns one screen', async () => {
  const page = await open();
  await enter(page, '1009');
  await page.click('.k-card-go');
  await frameOf(page);
  const where = () => page.locator('#k-where-at').innerText();
  assert.match(await where(), /^1 \/ [3-9]/);
  await page.dblclick('#k-next');
  await turn(page);
  assert.match(await where(), /^3 \//);
  await page.dblclick('#k-back');
  await page.waitForFunction(() => /^2 \//.test(document.querySelector('#k-where-at').textContent));
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('nobody there: a warning, then all is wiped and the exam kept as unfinished', async () => {
  const context = await browser.newContext({ offline: true, viewport: { width: 1080, height: 1400 } });
  const page = watch(await context.newPage());
  await page.clock.install();
  await page.goto(address(path.join(site, 'kiosk.html')).href);
  await enter(page, '13572468');
  const frame = await startExam(page);
  await answer(frame, true);
  await page.clock.runFor(119000);
  assert.ok(!await page.locator('#k-idle').isVisible(), 'an exam is given twice the time');
  await page.clock.runFor(3000);
  assert.ok(await page.locator('#k-idle').isVisible());
  assert.equal(await page.evaluate(() => document.activeElement.id), 'k-stay');
  await page.click('#k-stay');
  assert.ok(!await page.locator('#k-idle').isVisible());
  await page.clock.runFor(145000);
  assert.ok(await page.locator('#k-start').isVisible());
  assert.ok(!(await page.evaluate(() => document.documentElement.outerHTML)).includes('13572468'));
  await enter(page, '13572468');
  assert.ok(await page.locator('#k-unfinished').isVisible());
  await context.close();
});

test('no way out: links of the site stay in the frame, foreign ones are dead', async () => {
  const page = await open();
  const began = await page.evaluate(() => history.length);
  await page.click('#k-start');
  await page.click('#k-guest');
  await page.click('.k-card-go');
  let frame = await frameOf(page);
  for (let i = 0; i < 8 && !await frame.locator('a:has-text("第二课"):visible').count(); i++) await turn(page);
  assert.equal(await frame.locator('a[href^="http"]').count(), 0);
  await frame.locator('a:has-text("外面")').first().click({ force: true });
  await frame.locator('a:has-text("第二课")').click();
  await page.waitForFunction(() => /gas/.test(document.querySelector('iframe').src));
  frame = await frameOf(page);
  assert.match(frame.url(), /gas\.html\?kiosk=1/);
  await page.click('#k-home-button');
  await page.click('.k-sign >> nth=0');
  frame = await frameOf(page);
  await frame.locator('main a.tag:visible, main .ref-title a:visible').first().click();
  await page.waitForFunction(() => /cases/.test(document.querySelector('iframe').src));
  assert.equal(await page.evaluate(() => history.length), began, 'nothing to go back to');
  assert.match(page.url(), /kiosk\.html/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('what a person likes to see and hear reaches the page, and goes with him', async () => {
  const page = await open({ reducedMotion: 'reduce' });
  assert.equal(await page.locator('.k-go').evaluate((e) => getComputedStyle(e).animationName), 'none');
  assert.equal(await page.locator('.k-slide.k-shown').count(), 1);
  await enter(page, '13572468');
  await page.click('#k-contrast');
  await page.click('.k-card-go');
  let frame = await frameOf(page);
  const look = (f) => f.evaluate(() => [getComputedStyle(document.body).backgroundColor, parseFloat(getComputedStyle(document.documentElement).fontSize)]);
  const [ground, small] = await look(frame);
  assert.equal(ground, 'rgb(255, 255, 255)');
  await page.click('#k-large');
  await frame.waitForSelector('html.k-big-text');
  assert.ok((await look(frame))[1] > small * 1.2, 'larger text');
  assert.equal(await page.getAttribute('#k-large', 'aria-pressed'), 'true');
  await page.click('#k-large');
  for (let i = 0; i < 8 && !await frame.locator('.k-sound:visible').count(); i++) frame = await turn(page);
  const clip = frame.locator('.k-sound');
  assert.ok((await clip.boundingBox()).height >= 44);
  await clip.click();
  await frame.waitForSelector('.k-sound.k-playing');
  await frame.waitForSelector('.k-sound:not(.k-playing)'); // it ends by itself
  await clip.click();
  await frame.waitForSelector('.k-sound.k-playing');
  await clip.click(); // and by hand
  assert.equal(await frame.locator('.k-playing').count(), 0);
  await page.click('#k-leave');
  assert.equal(await page.locator('html.k-high, html.k-big-text').count(), 0);
  await enter(page, '24681357');
  assert.equal(await page.getAttribute('#k-contrast', 'aria-pressed'), 'false');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('what was learned too long ago, or has changed since, is due again', async () => {
  const page = await open();
  const second = page.locator('.k-card', { hasText: '第二课' });
  const spoil = (name, value) => page.evaluate(([n, v]) => {
    const key = Object.keys(localStorage).find((k) => /:done$/.test(k));
    const done = JSON.parse(localStorage.getItem(key));
    for (const own of Object.values(done)) for (const known of Object.values(own)) known[n] = v;
    localStorage.setItem(key, JSON.stringify(done));
  }, [name, value]);
  const again = async () => {
    await page.click('#k-leave');
    await enter(page, '13572468');
    return second.locator('.k-card-state').innerText();
  };
  await enter(page, '13572468');
  await second.locator('.k-card-go').click();
  let frame = await frameOf(page);
  while (/gas/.test(frame.url())) frame = await turn(page); // to the exam
  await page.click('#k-home-button');
  assert.match(await second.locator('.k-card-state').innerText(), /要学 1 \/ 2/);
  await spoil('at', Date.now() - 366 * 86400000);
  assert.match(await again(), /到期了，再学一遍 0 \/ 2/);
  await spoil('content', '0');
  assert.match(await again(), /内容改了，要重学 0 \/ 2/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

// What the keyboard is at, in the frame or around it.
async function focused(page) {
  const framed = await page.evaluate(() => document.activeElement.nodeName === 'IFRAME');
  const frame = framed ? page.frames().find((f) => f !== page.mainFrame()) : page.mainFrame();
  return frame.evaluate(() => {
    const e = document.activeElement;
    const option = e.closest('.q-option');
    return { id: e.id, name: e.className, kind: e.dataset.kind, option: option && option.textContent, text: e.textContent.trim(),
      stem: e.closest('fieldset') && e.closest('fieldset').querySelector('.q-stem').textContent, lit: e.matches(':focus-visible') };
  });
}
async function tabTo(page, is) {
  const passed = [];
  for (let i = 0; i < 60; i++) {
    const e = await focused(page);
    if (is(e)) return e;
    passed.push(e.id || e.name || e.text);
    await page.keyboard.press('Tab');
  }
  return assert.fail('not reached by Tab: ' + is + ' ' + passed.join(', '));
}

test('a whole visit by keyboard alone, from the first key to the last', async () => {
  const page = await open();
  await page.keyboard.press('Enter');
  await page.keyboard.type('135x');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('72468');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#k-home:not([hidden])'); // what was typed is kept until there is somebody to hear it
  assert.match(await page.locator('#k-who-now').innerText(), /13572468/, 'Enter ends the number, it presses no key');
  assert.equal((await focused(page)).name, 'k-big k-card-go');
  await page.keyboard.press('Enter');
  await frameOf(page);
  await tabTo(page, (e) => e.id === 'k-next');
  const before = await page.locator('#k-where-at').innerText();
  await page.keyboard.press('Enter');
  await page.waitForFunction((b) => document.querySelector('#k-where-at').innerText !== b, before);
  await page.keyboard.down('Shift');
  await tabTo(page, (e) => e.id === 'k-home-button');
  await page.keyboard.up('Shift');
  await page.keyboard.press('Enter');
  await tabTo(page, (e) => /k-all/.test(e.name));
  await page.keyboard.press('Enter');
  await tabTo(page, (e) => e.kind === 'quiz');
  await page.keyboard.press('Enter');
  const frame = await frameOf(page);
  for (let n = 0; n < 4; n++) {
    let e = await tabTo(page, (x) => !!x.option);
    await page.keyboard.press('Space');
    for (let i = 0; i < 3 && !e.option.includes(n ? '对的答案' : '错的答案'); i++) {
      await page.keyboard.press('ArrowDown');
      e = await focused(page);
    }
    await tabTo(page, (x) => /检查答案/.test(x.text) && x.lit);
    await page.keyboard.press('Enter');
    await tabTo(page, (x) => /下一题|查看成绩/.test(x.text) && x.lit);
    await page.keyboard.press('Enter');
    if (n < 3) await frame.waitForFunction((k) => document.querySelectorAll('fieldset.is-checked').length === k && !document.querySelector('fieldset:not(.k-off).is-checked'), n + 1);
  }
  await page.waitForSelector('#k-result:not([hidden])');
  assert.match(await page.locator('#k-slip').innerText(), /合格[\s\S]*75%/);
  await tabTo(page, (e) => e.id === 'k-wrong');
  await page.keyboard.press('Enter');
  await frame.waitForSelector('html.k-review');
  assert.equal(await visible(frame).count(), 1, 'only what went wrong, one a screen');
  assert.equal(await visible(frame).locator('.is-wrong').count(), 1);
  await tabTo(page, (e) => e.id === 'k-next');
  assert.equal(await page.locator('#k-next').innerText(), '本次成绩');
  await page.keyboard.press('Enter');
  await tabTo(page, (e) => e.id === 'k-result-leave');
  await page.keyboard.press('Enter');
  assert.equal((await focused(page)).id, 'k-start');
  await tabTo(page, (e) => e.id === 'k-door');
  await page.keyboard.press('Enter');
  await page.keyboard.type('1111');
  await page.keyboard.press('Enter');
  assert.match(await page.locator('#k-pin-typed').innerText(), /密码不对/);
  await page.keyboard.type('2468');
  await page.keyboard.press('Enter');
  assert.equal((await focused(page)).id, 'k-export');
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  assert.deepEqual(records.verify(fs.readFileSync(await download.path(), 'utf8')).problems, []);
  await tabTo(page, (e) => e.id === 'k-trainer-leave');
  await page.keyboard.press('Enter');
  assert.ok(await page.locator('#k-start').isVisible());
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

// Each view in turn, with something in it.
async function* views(page) {
  yield 'attract';
  await page.click('#k-start');
  yield 'who';
  for (const digit of '13572468') await page.click(`#k-keys button:text-is("${digit}")`);
  await page.click('#k-number-ok');
  await page.click('.k-all');
  yield 'home';
  await page.click('.k-card-go');
  await frameOf(page);
  yield 'stage';
  await page.click('#k-home-button');
  await exam(page, [true, true, false, true]);
  yield 'result';
  await page.click('#k-result-leave');
  await page.click('#k-door');
  yield 'pin';
  for (const digit of '2468') await page.click(`#k-pin-keys button:text-is("${digit}")`);
  await page.click('#k-pin-ok');
  yield 'desk';
}

test('axe finds nothing in any view, by day and by night; every target is 44 px or more', async () => {
  const axe = fs.readFileSync(path.join(root, 'tests/browser/node_modules/axe-core/axe.min.js'), 'utf8');
  for (const colorScheme of ['light', 'dark']) {
    const page = await open({ colorScheme, bypassCSP: true });
    for await (const view of views(page)) {
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run().then((r) =>
        r.violations.map((v) => v.id + ' ' + v.nodes.map((n) => n.target).join(' '))));
      assert.deepEqual(found, [], `${view} ${colorScheme}`);
      const frames = page.frames();
      for (const frame of frames) {
        if (frame !== page.mainFrame() && await (await frame.frameElement()).isVisible()) {
          await frame.waitForSelector('html.in-kiosk:not(.k-wait)');
          await frame.evaluate(axe);
          const inside = await frame.evaluate(() => window.axe.run({ preload: false }).then((r) =>
            r.violations.map((v) => v.id + ' ' + v.nodes.map((n) => n.target).join(' '))));
          assert.deepEqual(inside, [], `${view} ${colorScheme}: in the frame`);
        }
        const small = await frame.evaluate(() => [...document.querySelectorAll('a[href], button, summary, input:not([type=radio]):not([type=checkbox]), .question li > label')]
          .filter((e) => e.getClientRects().length && !e.closest('.prose p, .prose li:not(.question li)'))
          .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
          .filter(([, r]) => r.height < 43.5 || r.width < 43.5).map(([h]) => h));
        assert.deepEqual(small, [], `${view}: targets`);
      }
    }
    await page.context().close();
  }
});

test('the code on the slip is read back, and any text as long as it may be', () => {
  const window = {};
  vm.compileFunction(fs.readFileSync(path.join(root, 'themes/classic/assets/qr.js'), 'utf8'), ['window'])(window);
  for (let length = 1; length <= 95; length += 2) {
    const text = ('安' + 'x'.repeat(length % 3)).repeat(100).slice(0, length);
    const dark = window.anjian.qr.matrix(text);
    const scale = 4, side = (dark.length + 8) * scale;
    const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const row = dark[Math.floor(y / scale) - 4];
        if (row && row[Math.floor(x / scale) - 4]) pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
      }
    }
    const read = jsQR(pixels, side, side);
    assert.ok(read, text);
    assert.equal(Buffer.from(read.binaryData).toString(), text);
  }
  assert.equal(window.anjian.qr.matrix('x'.repeat(300)), null, 'too long is said, not cut');
});
