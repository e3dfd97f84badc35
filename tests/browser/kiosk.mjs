#!/usr/bin/env -S node --test --test-reporter=tap
// kiosk - a worker's visit from the attract screen to the slip and away, from file://, offline.
//
// With storage and without; the second person; the plug pulled in mid-exam; the trainer's export; the QR code read back.
// Must not know: the real course, how a kiosk is reached (kiosk-reach).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import vm from 'node:vm';
import xapi from '@learninglocker/xapi-validation';
import { chromium } from 'playwright-core';
import { dataOf } from './lib.mjs';
import {
  root, program, records, address, watch, open, noStorage, frameOf, enter, startExam, visible, answer, goOn, exam,
  turn, fileOf, idsOf, statements, verbs, work, site, browser,
} from './kiosk-lib.mjs';

const jsQR = createRequire(import.meta.url)('jsqr');

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
  const steps = page.locator('.k-card[data-url="courses/second.html"]');
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
