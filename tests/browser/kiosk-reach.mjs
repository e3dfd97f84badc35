#!/usr/bin/env -S node --test --test-reporter=tap
// kiosk-reach - who can use a kiosk, and what cannot be reached from it: by keyboard alone, by big targets, by a double
// tap, in high contrast and large text, by ear; axe in every view; no way out.
//
// Must not know: what is recorded, the real course.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { open, frameOf, enter, startExam, answer, visible, exam, turn, site, records, root } from './kiosk-lib.mjs';

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
  await page.click('[data-open="search.html"]');
  await (await frameOf(page)).waitForSelector('.search-keys');
  yield 'search';
  await page.click('#k-home-button');
  await page.click('.k-sign >> nth=0');
  await frameOf(page);
  yield 'hazard';
  await page.click('#k-home-button');
  const frame = await startExam(page);
  yield 'question';
  await answer(frame, false);
  yield 'judged';
  await page.click('#k-home-button');
  yield 'unfinished';
  await exam(page, [true, true, false, true]);
  yield 'result';
  await page.click('#k-wrong');
  await (await frameOf(page)).waitForSelector('html.k-review');
  yield 'wrong';
  await page.click('#k-next');
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
          // A link that lies over its whole card is as large as the card.
          .map((e) => [e.outerHTML.slice(0, 80), (getComputedStyle(e, '::after').position === 'absolute' ? e.offsetParent : e).getBoundingClientRect()])
          .filter(([, r]) => r.height < 43.5 || r.width < 43.5).map(([h]) => h));
        assert.deepEqual(small, [], `${view}: targets`);
      }
    }
    await page.context().close();
  }
});
