#!/usr/bin/env -S node --test --test-reporter=tap
// onefile - a course in one HTML file, from file:// with the network off: pages, search, practice, exam.
// Must not know: how the file is made.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import { open, top, dataOf } from './lib.mjs';

const anjian = resolve(process.env.ANJIAN || join(top, 'build/release/anjian'));
let work, file, session, page;

before(async () => {
  work = mkdtempSync(join(tmpdir(), 'anjian-onefile-'));
  execFileSync(anjian, ['-q', 'bundle', join(top, 'content'), '--format', 'html', '--page', 'courses/first-course.html',
    '-o', join(work, 'made.html')], { cwd: work, env: { ...process.env, ANJIAN_DATA: top } });
  // alone in a folder: whatever it needs lies inside
  mkdirSync(join(work, 'alone'));
  writeFileSync(join(work, 'alone/course.html'), readFileSync(join(work, 'made.html')));
  file = pathToFileURL(join(work, 'alone/course.html')).href;
  session = await open();
  page = session.page;
});
after(async () => {
  if (session) await session.browser.close();
  rmSync(work, { recursive: true, force: true });
});
const settled = (address) => page.waitForFunction((id) => {
  const shown = document.querySelector('.leaf.is-shown');
  return shown && shown.id === id && document.readyState === 'complete';
}, address);

test('it opens with the contents, the course first, its exam last', async () => {
  await page.goto(file);
  await settled('p0');
  const list = await page.$$eval('.one-list a', (all) => all.map((a) => a.textContent));
  assert.ok(list.length >= 5, list.join());
  assert.equal(await page.$$eval('.leaf', (all) => all.length), 1);
});
test('a page is the page of the site: every link leads somewhere, every picture is there', async () => {
  await page.click('.one-list li:nth-child(2) a');
  await settled('p2');
  assert.ok((await page.textContent('.leaf h1')).length > 2);
  const ids = await page.$$eval('[id]', (all) => all.map((e) => e.id));
  assert.equal(new Set(ids).size, ids.length, 'an id stands twice');
  await page.goBack();
  await settled('p0');
  await page.goForward();
  await settled('p2');
});
test('links of the whole file', async () => {
  await page.goto('about:blank');
  const without = await session.browser.newContext({ javaScriptEnabled: false, offline: true });
  const plain = await without.newPage();
  await plain.goto(file);
  const dead = await plain.$$eval('a[href^="#"]', (all) => all.map((a) => a.getAttribute('href').slice(1))
    .filter((id) => !document.getElementById(decodeURIComponent(id))));
  assert.deepEqual(dead, []);
  const away = await plain.$$eval('[href],[src]', (all) => all.map((e) => e.getAttribute('href') || e.getAttribute('src'))
    .filter((a) => !/^(#|data:|https?:)/.test(a)));
  assert.deepEqual(away, []);
  assert.ok(await plain.isVisible('#p3 h1'), 'without scripts all pages can be read');
  assert.ok(await plain.isVisible('noscript'));
  assert.ok(!await plain.isVisible('#one-search'));
  const twice = await plain.$$eval('[id]', (all) => all.map((e) => e.id).filter((id, i, list) => list.indexOf(id) !== i));
  assert.deepEqual(twice, []);
  await without.close();
});
test('search: characters, pinyin in full, initials, both mixed', async () => {
  await page.goto(file);
  await settled('p0');
  const ask = async (text) => {
    await page.fill('#one-q', text);
    return page.$$eval('.result', (all) => all.map((li) => [li.querySelector('a').getAttribute('href'),
      [...li.querySelectorAll('mark')].map((m) => m.textContent)]));
  };
  const direct = await ask('通风');
  assert.ok(direct.length > 0 && direct[0][1].includes('通风'), JSON.stringify(direct[0]));
  for (const spelt of ['tf', 'tongfeng', 'tongf']) {
    const found = (await ask(spelt)).map((r) => r[0]);
    for (const [href] of direct) assert.ok(found.includes(href), `${spelt} misses ${href}`);
  }
  const all = (await ask('通风')).length;
  assert.ok((await ask('通风 检测')).length <= all);
  assert.deepEqual(await ask('不存在的词语啊'), []);
  assert.ok(await page.isVisible('.one-list'), 'nothing found: the contents offer a way on');
  await ask('通风');
  await page.press('#one-q', 'Enter');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /^#p[1-9]/.test(location.hash) && document.querySelector('.leaf.is-shown') && !document.querySelector('.one-searching'));
});
test('no answer is found by searching', async () => {
  await page.goto(file);
  await settled('p0');
  await page.fill('#one-q', '正确答案');
  assert.equal(await page.$$eval('.result', (all) => all.length), 0);
});

// The pages of a file that hold a quiz, with their mode.
async function quizPages(of) {
  const without = await session.browser.newContext({ javaScriptEnabled: false, offline: true });
  const plain = await without.newPage();
  await plain.goto(of);
  const list = await plain.$$eval('.leaf', (all) => all.filter((s) => s.querySelector('.quiz-result')).map((s) => ({
    id: s.id, mode: JSON.parse(s.querySelector('.quiz-result').getAttribute('data-quiz')).mode })));
  await without.close();
  return list;
}
test('practice: a question is checked, right and wrong', async () => {
  const [practice] = await quizPages(file);
  assert.notEqual(practice.mode, 'exam');
  await page.goto('about:blank');
  await page.goto(file + '#' + practice.id);
  await settled(practice.id);
  await page.waitForSelector('html.quiz-live');
  const told = page.evaluate(() => new Promise((done) => window.anjian.listeners.push((a) => a.event === 'saved' && done(a))));
  const q = page.locator('fieldset.question.q-single, fieldset.question.q-truefalse').first();
  await q.locator('.q-option').first().click(); // waits until questions above have their heights
  assert.ok(await q.locator('input').first().isChecked());
  await q.locator('.q-actions button').first().click();
  const attempt = await told;
  assert.ok(attempt.page && attempt.content, 'an attempt names its page and content');
  assert.ok(await q.locator('.q-verdict').isVisible());
  const answer = (await dataOf(q)).right;
  const given = await q.locator('input').first().inputValue();
  assert.equal(await q.locator('.q-verdict-good').count(), answer.some((a) => [].concat(a).includes(given)) ? 1 : 0);
});
test('an exam goes through to its result, all right and all wrong', async () => {
  mkdirSync(join(work, 'site'));
  writeFileSync(join(work, 'site/exam.md'), '---\n标题: 考试\n测验: 考试\n模式: 考试\n及格线: 60\n---\n'
    + '### 【单选】先做什么？\n编号：a\n- [x] 通风\n- [ ] 进入\n\n### 【判断】可以不检测。\n编号：b\n答案：错\n');
  writeFileSync(join(work, 'site/lesson.md'), '# 一页\n\n[去考试](exam.md)\n');
  execFileSync(anjian, ['-q', 'bundle', join(work, 'site'), '--format', 'html', '-o', join(work, 'alone/exam.html')],
    { cwd: work, env: { ...process.env, ANJIAN_DATA: top } });
  const address = pathToFileURL(join(work, 'alone/exam.html')).href;
  assert.ok(!/泄|"correct":true/.test(readFileSync(join(work, 'alone/exam.html'), 'utf8')));
  const [exam] = await quizPages(address);
  assert.equal(exam.mode, 'exam');
  for (const good of [true, false]) {
    await page.goto('about:blank');
    await page.goto(address + '#' + exam.id);
    await settled(exam.id);
    const told = page.evaluate(() => new Promise((done) => window.anjian.listeners.push((a) => a.event === 'submitted' && done(a))));
    await page.click('.exam-panel .button-primary');
    for (let i = 0; i < 2; i++) {
      const want = good ? ['通风', '错'] : ['进入', '对'];
      const q = page.locator('fieldset.question:not(.q-off)');
      const options = await q.locator('.q-option').allInnerTexts();
      const at = options.findIndex((text) => want.some((w) => text.includes(w)));
      await q.locator('.q-option').nth(at).click();
      await page.click('.exam-nav .button-primary');
    }
    await page.click('.exam-panel .button-primary');
    const attempt = await told;
    assert.equal(attempt.percent, good ? 100 : 0);
    assert.equal(attempt.passed, good);
    assert.ok(await page.isVisible('#quiz-result'));
  }
});
test('nothing went wrong in the browser, nothing was asked of the network', () => {
  assert.deepEqual(session.trouble, []);
});
