#!/usr/bin/env -S node --test --test-reporter=tap
// theme - every kind of page of themes/classic in a real browser, from file://, offline.
//
// Builds a small site of its own in a temporary folder: axe in day and night, targets, html-validate,
// old-enough scripts, a quiz played by keyboard and by seed, reading without scripts.
// Must not know: the real course.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parse } from 'acorn';
import { ownSite, watch, top as root } from './lib.mjs';

const pages = {
  'site.yaml': 'title: 小站\ndescription: 只为测试而写。\nbase_url: https://example.org/\ntaxonomies: [hazards, tags]\n',
  'cases/tank.md': `---
title: 罐内作业
summary: 一句话。
date: 2026-01-02
time: 某日
place: 某地
deaths: 0
injuries: 1
loss: 若干
direct_cause: 未通风。
causes: [无人监护]
lessons: [先通风，再检测]
hazards: [受限空间]
tags: [通风]
sources: [测试用]
---
第一段，见[党课](../lessons/duty.md)。

## 第一节

| 甲 | 乙 |
|---|---|
| 1 | 2 |

## 第二节

> [!WARNING]
> 当心。
`,
  'models/team.md': '---\ntitle: 某班组\nname: 某班组\nunit: 某厂\nhonours: [先进]\nsources: [测试用]\n---\n正文。\n',
  'lessons/duty.md':
    '---\ntitle: 责任\nduty: 管好现场\npoints: [一, 二]\ndiscussion: [为什么？]\nduties: [每班查一次]\nsignin: 是\nsources: [测试用]\n---\n正文。\n',
  'courses/first.md':
    '---\ntitle: 第一课\npages: [cases/tank.md, models/team.md, lessons/duty.md]\nexam: quizzes/exam.md\n---\n按顺序学。\n',
  'quizzes/exam.md': `---
title: 小测
测验: 小测
及格线: 80
打乱: [题目, 选项]
---
### 【单选】氧含量应处于（　）之间。
分值：2｜编号：q-1
- [ ] 12%～16%
  > 会昏迷。
- [x] 19.5%～23.5%

> 解析：低于 19.5% 为缺氧。

### 【多选】作业前做什么？
分值：2｜编号：q-2｜计分：漏选得半｜红线：是
- [x] 通风
- [x] 检测
- [ ] 试一试

### 【判断】可以盲目施救。
分值：2｜编号：q-3

答案：错

### 【填空】氧含量不低于（　）%，氧是（　）。
分值：4｜编号：q-4

答案：19.5±0.1；O2｜氧气
`,
  'pages/help.md': `# 怎样用

双击打开[^1]，再看一遍[^1]，还有[^2]。

- [x] 通风，见[党课](../lessons/duty.md)
- [ ] 检测
  - [ ] 复测

1. [ ] 松散的一项

   第二段。

缺氧
: 氧含量低于 19.5%。

| 甲 | 乙 |
|:-:|--:|
| 1 | 2 |

> [!NOTE]
> 两行，  
> 分开。

[^1]: 注一。
[^2]: 注二。

    第二段。
`,
};
const kinds = ['index', 'cases/tank', 'models/team', 'lessons/duty', 'courses/first', 'quizzes/exam', 'pages/help',
  'cases/index', 'kinds/case', 'hazards/index', 'search', 'changes', '404'];
let work, site, browser;
ownSite('theme', pages, (own) => ({ work, site, browser } = own));

const address = (name) => pathToFileURL(path.join(site, name + '.html')).href;
const assets = () => fs.readdirSync(path.join(site, 'assets')).map((f) => path.join(site, 'assets', f));
async function open(name, options = {}, query = '') {
  const context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 800 }, ...options });
  const page = watch(await context.newPage());
  await page.goto(address(name) + query);
  return page;
}

test('axe finds nothing on any kind of page, by day and by night', async () => {
  const axe = fs.readFileSync(path.join(root, 'tests/browser/node_modules/axe-core/axe.min.js'), 'utf8');
  for (const colorScheme of ['light', 'dark']) {
    for (const name of kinds) {
      const page = await open(name, { colorScheme, bypassCSP: true });
      assert.deepEqual(page.faults, [], name);
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run().then((r) =>
        r.violations.map((v) => v.id + ' ' + v.nodes.map((n) => n.target).join(' '))));
      assert.deepEqual(found, [], `${name} ${colorScheme}`);
      await page.context().close();
    }
  }
});

test('a phone shows every page without sideways scrolling, targets are 44 px', async () => {
  const page = await open('index', { viewport: { width: 390, height: 844 }, hasTouch: true });
  for (const name of kinds) {
    await page.goto(address(name));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(wide, 0, name);
    const small = await page.evaluate(() => [...document.querySelectorAll('a, button, summary, .question li > label')]
      .filter((e) => !e.closest('.prose p, .prose li:not(.question li), .sources, .ref-title, .skip') && e.getClientRects().length)
      .filter((e) => e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML.slice(0, 90)));
    assert.deepEqual(small, [], name);
    const low = await page.evaluate(() => [...document.querySelectorAll('.question li > label')]
      .filter((e) => e.getBoundingClientRect().height < 55.5).length);
    assert.equal(low, 0, name + ': answers are 56 px high');
  }
  await page.context().close();
});

test('html-validate has nothing to say', () => {
  const rules = path.join(work, '.htmlvalidate.json');
  fs.writeFileSync(rules, JSON.stringify({
    root: true, extends: ['html-validate:recommended'], rules: { 'long-title': 'off', 'void-style': 'off' } }));
  const bin = path.join(root, 'tests/browser/node_modules/.bin/html-validate');
  execFileSync(process.execPath, [fs.realpathSync(bin), '--config', rules, ...kinds.map((n) => path.join(site, n + '.html'))]);
});

test('scripts are ES5', () => {
  const search = ['search', 'page', 'other', 'extra'].map((name) => path.join(site, `search/${name}.js`));
  const scripts = [...assets(), ...search].filter((f) => f.endsWith('.js'));
  assert.ok(scripts.length >= 3);
  for (const file of scripts) parse(fs.readFileSync(file, 'utf8'), { ecmaVersion: 5 });
});

// One order of questions and answers: what a test says must not hang on chance.
const played = async () => {
  const page = await open('quizzes/exam', {}, '?seed=7');
  await page.waitForSelector('html.quiz-live');
  return page;
};
const attempts = (page) => page.evaluate(() => {
  window.attempts = [];
  document.addEventListener('anjian:attempt', (e) => window.attempts.push(e.detail));
});
const question = (page, id) => page.locator('#question-' + id.slice(2));
async function answer(page, id, right) {
  const q = question(page, id);
  if (id === 'q-1') await q.getByLabel(right ? '19.5%' : '12%').check();
  if (id === 'q-2') await q.getByLabel('通风').check();
  if (id === 'q-2' && right) await q.getByLabel('检测').check();
  if (id === 'q-3') await q.getByLabel(right ? '错' : '对').check();
  if (id === 'q-4') {
    await q.locator('input').nth(0).fill(right ? '１９．４５' : '18');
    await q.locator('input').nth(1).fill('ｏ２');
  }
  await q.getByRole('button', { name: '检查答案' }).click();
}

test('all right is a pass, and is told once', async () => {
  const page = await played();
  await attempts(page);
  for (const id of ['q-1', 'q-2', 'q-3', 'q-4']) await answer(page, id, true);
  await page.getByRole('button', { name: '查看成绩' }).last().click();
  assert.match(await page.locator('#quiz-result').textContent(), /100.*合格.*全部答对/);
  const [attempt, more] = await page.evaluate(() => window.attempts);
  assert.equal(more, undefined);
  assert.deepEqual([attempt.score, attempt.total, attempt.passed], [10, 10, true]);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a half-right red-line question fails the whole, with the reason', async () => {
  const page = await played();
  await attempts(page);
  for (const id of ['q-1', 'q-2', 'q-3', 'q-4']) await answer(page, id, id !== 'q-2');
  assert.match(await question(page, 'q-2').textContent(), /部分正确 · 1 \/ 2/);
  await page.getByRole('button', { name: '查看成绩' }).last().click();
  const [attempt] = await page.evaluate(() => window.attempts);
  assert.deepEqual([attempt.score, attempt.percent, attempt.passed, attempt.red_line_missed], [9, 90, false, true]);
  assert.match(await page.locator('#quiz-result').textContent(), /未合格.*红线题答错/);
  await page.getByRole('button', { name: '只做错题' }).click();
  assert.equal(await page.locator('fieldset.question:visible').count(), 1);
  await page.context().close();
});

test('an empty answer is asked for, a wrong one explained', async () => {
  const page = await played();
  const q = question(page, 'q-1');
  await q.getByRole('button', { name: '检查答案' }).click();
  assert.match(await q.textContent(), /请先作答/);
  assert.equal(await q.locator('.q-feedback:visible').count(), 0);
  await answer(page, 'q-1', false);
  assert.match(await q.locator('.q-feedback:visible').first().textContent(), /会昏迷/);
  assert.match(await q.locator('.q-verdict').textContent(), /回答错误.*低于 19.5% 为缺氧/);
  await page.context().close();
});

test('the same seed gives the same paper, another one another', async () => {
  const papers = [];
  for (const seed of [7, 7, 8, 9, 10]) {
    const page = await open('quizzes/exam', {}, '?seed=' + seed);
    papers.push(await page.evaluate(() => [...document.querySelectorAll('.q-stem, .q-text')].map((e) => e.textContent).join('|')));
    await page.context().close();
  }
  assert.equal(papers[0], papers[1]);
  assert.ok(new Set(papers).size > 2);
});

test('the keyboard alone plays a question', async () => {
  const page = await open('quizzes/exam', {}, '?seed=7');
  await page.locator('fieldset.question input').first().focus();
  const typed = await page.evaluate(() => document.activeElement.type);
  if (typed === 'text') await page.keyboard.type('1');
  else await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('.q-verdict').count(), 1);
  assert.match(await page.evaluate(() => document.activeElement.textContent), /下一题/);
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.closest('fieldset') ===
    document.querySelectorAll('fieldset.question')[1]), true);
  await page.context().close();
});

test('without scripts pages read, and answers can be unfolded', async () => {
  const page = await open('quizzes/exam', { javaScriptEnabled: false });
  const q = page.locator('fieldset.question').first();
  await q.locator('summary').click();
  assert.match(await q.locator('details').innerText(), /正确答案：B[\s\S]*低于 19.5% 为缺氧/);
  // What is said stands where the button would: no gap.
  const [box, button] = await Promise.all(['.quiz-go', '.quiz-begin'].map((name) => page.locator(name).boundingBox()));
  const words = await page.locator('.quiz-go noscript').boundingBox();
  assert.match(await page.locator('.quiz-go').innerText(), /没有脚本/);
  assert.ok(!await page.locator('.quiz-begin').isVisible());
  assert.ok(words.y >= box.y && box.height <= Math.max(words.height, button.height) + 1, JSON.stringify([box, words, button]));
  await page.goto(address('index'));
  await page.getByRole('link', { name: '罐内作业' }).first().click();
  assert.match(await page.title(), /罐内作业/);
  await page.context().close();
});

test('a course remembers what was read, and forgets it when told', async () => {
  const page = await open('courses/first');
  await page.locator('.course-start').click();
  await page.waitForURL(/cases\/tank/);
  await page.locator('.step-next').click();
  await page.waitForURL(/models\/team/);
  let progress = '';
  for (let i = 0; i < 20 && !/[12] \/ 3/.test(progress); i++) { // another process may see the storage later
    await page.goto(address('courses/first'));
    progress = await page.locator('.course-progress').innerText();
  }
  assert.match(progress, /[12] \/ 3/);
  await page.locator('.course-reset').click();
  assert.equal(await page.locator('.course-progress:visible').count(), 0);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a course works where storage is forbidden', async () => {
  const page = await open('index');
  await page.addInitScript(() => Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } }));
  await page.goto(address('courses/first'));
  await page.locator('.course-start').click();
  await page.waitForURL(/cases\/tank/);
  await page.locator('.step-next').click();
  await page.waitForURL(/models\/team/);
  assert.match(await page.title(), /某班组/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});
