#!/usr/bin/env -S node --test-reporter=tap
// quiz - every type of question played by touch and by keyboard, and an exam through a reload, from
// file://. Scores are those of the table below, worked out by hand from the manual's rules.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { open, top } from './lib.mjs';

const work = mkdtempSync(join(tmpdir(), 'quiz-'));
mkdirSync(join(work, 'quizzes'));
const source = readFileSync(join(top, 'tests/data/quiz/every.md'), 'utf8');
writeFileSync(join(work, 'quizzes/every.md'), source);
writeFileSync(join(work, 'quizzes/exam.md'), source.replace('及格线: 60', '及格线: 60\n模式: 考试\n限时: 20分钟\n打乱: [题目, 选项]'));
// The site, not the page, says what is shuffled.
writeFileSync(join(work, 'site.yaml'), '标题: 测验\n测验: {打乱: [题目, 选项]}\n');
writeFileSync(join(work, 'quizzes/every.md'), source.replace('及格线: 60', '及格线: 60\n打乱: [题目]'));
writeFileSync(join(work, 'quizzes/pools.md'), source.replace('### 【单选】', '## 题库：甲\n抽题：3\n\n### 【单选】').replace('### 【排序】', '## 题库：乙\n抽题：3\n\n### 【排序】'));
writeFileSync(join(work, 'quizzes/twice.md'), source.replace('及格线: 60', '及格线: 60\n模式: 考试\n次数: 2'));
mkdirSync(join(work, 'lessons'));
writeFileSync(join(work, 'lessons/air.md'), '---\n标题: 通风课\n---\n## 通风\n\n先通风。\n');
writeFileSync(join(work, 'quizzes/air.md'), `---\n测验: 通风题库\n模式: 考试\n---\n${['一', '二', '三', '四'].map((n) => `
### 【判断】先通风，${n}。
答案：对

> 解析：读[通风](../lessons/air.md#通风)一节。
`).join('')}`);
writeFileSync(join(work, 'quizzes/drawn.md'), '---\n测验: 结业\n模式: 考试\n---\n## 题库：通风\n来自：[通风题库](air.md)｜抽题：3\n');
const anjian = process.env.ANJIAN || join(top, 'build/release/anjian');
execFileSync(anjian, ['build', work, '-o', join(work, 'out'), '-q']);
const url = (page) => pathToFileURL(join(work, 'out/quizzes')).href + '/' + page;
const { browser, page, trouble } = await open({ hasTouch: true });
test.after(async () => {
  await browser.close();
  rmSync(work, { recursive: true, force: true });
});
await page.addInitScript(() => {
  window.anjian = { listeners: [(a) => { (window.heard = window.heard || []).push(a); }] };
});

// id: [right, partly, wrong] as answers, and the points they give
const table = {
  't-single': [['19.5%～23.5%', 2], null, ['25%～30%', 0]],
  't-multiple': [[['通风', '检测气体'], 4], [['通风'], 2], [['通风', '让监护人离开'], 0]],
  't-truefalse': [['错', 1], null, ['对', 0]],
  't-fill': [[['强制通风', '１９．５５'], 2], [['通 风', '18'], 1], [['作业', '18'], 0]],
  't-order': [[['通风', '检测', '作业'], 3], [['通风', '作业', '检测'], 1], [['检测', '作业', '通风'], 0]],
  't-match': [[['中毒', '窒息'], 2], [['中毒', '触电'], 1], [['窒息', '触电'], 0]],
  't-scenario': [[['呼救并报告', '强制通风'], 5], [['呼救并报告', '等着'], 3], [['马上下井'], 0]],
  't-short': [[[0, 1], 4], [[0], 2], [[], 0]],
};
const types = Object.keys(table);
const at = (id) => page.locator(`fieldset.question.q-${id.slice(2)}`);

// Nothing but Tab leads there; inside a group of radio buttons the arrows do.
async function tabTo(target) {
  const handle = await target.elementHandle();
  for (let n = 0; n < 200; n++) {
    const at = await handle.evaluate((e) => {
      const a = document.activeElement;
      if (a === e) return 'there';
      return e.type === 'radio' && a.type === 'radio' && a.name === e.name ? 'group' : 'away';
    });
    if (at === 'there') return;
    await page.keyboard.press(at === 'group' ? 'ArrowDown' : 'Tab');
  }
  assert.fail('Tab never leads to ' + await handle.evaluate((e) => e.outerHTML.slice(0, 200)));
}
async function press(target, how) {
  if (how === 'touch') {
    await target.tap();
  } else {
    await tabTo(target);
    await page.keyboard.press(await target.evaluate((e) => e.nodeName) === 'BUTTON' ? 'Enter' : 'Space');
  }
}
async function enter(target, text, how) {
  if (how === 'touch') await target.tap();
  else await tabTo(target);
  await page.keyboard.type(text);
}
async function answer(id, what, how) {
  const q = at(id);
  const list = [].concat(what);
  if (id === 't-fill') {
    for (const [i, text] of list.entries()) {
      await enter(q.locator('input').nth(i), text, how);
    }
  } else if (id === 't-match') {
    for (const [i, text] of list.entries()) {
      if (how === 'touch') {
        await q.locator('select').nth(i).selectOption({ label: text });
      } else {
        await tabTo(q.locator('select').nth(i));
        for (let n = 0; n < 4; n++) {
          await page.keyboard.press('ArrowDown');
          if (await q.locator('select').nth(i).evaluate((s) => s.selectedOptions[0].textContent) === text) break;
        }
      }
    }
  } else if (id === 't-scenario') {
    for (const text of list) await press(q.locator('.q-choice:visible', { hasText: text }), how);
  } else if (id === 't-short') {
    await enter(q.locator('textarea'), '会中毒', how);
  } else {
    for (const text of list) {
      const li = q.locator('.q-option').filter({ has: page.locator('.q-text', { hasText: new RegExp(`^${text}`) }) });
      await press(how === 'touch' ? li.locator('label') : li.locator('input'), how);
    }
  }
}
async function grade(id, what, how) {
  if (id !== 't-short') return;
  for (const n of what) await press(at(id).locator(how === 'touch' ? '.q-self-choice' : '.q-self-choice input').nth(n), how);
  await press(at(id).locator('.q-self button'), how);
}

for (const [n, name] of ['rightly', 'partly', 'wrongly'].entries()) {
  for (const how of ['touch', 'keyboard']) {
    test(`practice, ${name}, by ${how}`, async () => {
      await page.goto(url('every.html?seed=5'));
      let wanted = 0;
      for (const id of types) {
        const [what, points] = table[id][n] || table[id][0];
        wanted += points;
        await answer(id, what, how);
        await press(at(id).locator('.q-actions button:visible'), how);
        await grade(id, what, how);
        const told = await at(id).locator('.q-verdict h3').innerText();
        if (how === 'keyboard') {
          assert.ok(await at(id).evaluate((q) => q.contains(document.activeElement)), 'the focus stays at hand');
          await page.waitForFunction((t) => document.getElementById('quiz-status').textContent.startsWith(t), told.split(' ')[0]);
        }
        assert.match(told, new RegExp(`· ${points} / `), `${id}: ${told}`);
        assert.equal(await page.locator('.q-actions button:visible').filter({ hasText: /下一题|查看成绩/ }).count(), 1, 'one way on');
      }
      await press(page.locator('.q-actions button:visible', { hasText: '查看成绩' }), how);
      const done = (await page.evaluate(() => window.heard)).filter((a) => a.event === 'submitted');
      assert.equal(done.length, 1);
      assert.equal(done[0].score, wanted);
      assert.equal(done[0].total, 23);
      assert.equal(done[0].passed, n === 0 || (n === 1 && wanted / 23 >= 0.6));
      assert.equal(done[0].red_line_missed, n === 2);
    });
  }
}

test('an exam holds no answer in plain text', () => {
  const text = readFileSync(join(work, 'out/quizzes/exam.html'), 'utf8');
  for (const word of ['correct&quot;', '&quot;right&quot;', '先通风、再检测', '低于 19.5%', '施救者自己会中毒', 'tolerance', '<summary>答案', '不得离开']) {
    assert.ok(!text.includes(word), word);
  }
  const fill = text.match(/<fieldset class="question q-fill"[^]*?<\/fieldset>/)[0];
  assert.ok(!fill.includes('\u901a\u98ce') && !fill.includes('19.5'), 'nor a blank its own');
  assert.ok(text.includes('sealed') && text.includes('hashes'));
});

async function exam(how) {
  await press(page.locator('.exam-panel button', { hasText: '开始考试' }), how);
}
const current = async () => 't-' + (await page.locator('fieldset.question:visible').getAttribute('class')).match(/q-([a-z]+)/)[1];

for (const how of ['touch', 'keyboard']) {
  test(`an exam by ${how}: a reload in the middle loses nothing, the score is the table's`, async () => {
    await page.goto(url('exam.html?seed=9'));
    await page.evaluate(() => localStorage.clear());
    await page.goto(url('exam.html?seed=9'));
    await exam(how);
    const order = [];
    for (let i = 0; i < 8; i++) {
      const id = await current();
      order.push(id);
      await answer(id, table[id][0][0], how);
      if (i === 4) {
        await page.goto(url('exam.html'));
        await press(page.locator('.exam-panel button', { hasText: '继续答题' }), how);
        assert.equal(await current(), id, 'on the same question');
      }
      await press(page.locator('.exam-nav .button-primary'), how);
    }
    assert.equal(new Set(order).size, 8);
    assert.equal(await page.locator('.exam-list .is-open').count(), 0, 'all are answered');
    await press(page.locator('.exam-panel button', { hasText: /^交卷$/ }), how);
    await grade('t-short', [0, 1], how);
    const heard = await page.evaluate(() => window.heard);
    const done = heard.filter((a) => a.event === 'submitted')[0];
    assert.equal(done.score, 23);
    assert.equal(done.seed, 9);
    assert.equal(done.mode, 'exam');
    assert.ok(done.passed && heard.some((a) => a.event === 'saved'));
    assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((k) => /open$/.test(k)).length), 0, 'nothing is left for the next');
  });
}

async function fresh(name) {
  await page.goto(url(name));
  await page.evaluate(() => localStorage.clear());
  await page.goto(url(name));
}
const goOn = async () => {
  await page.reload();
  await press(page.locator('.exam-panel button', { hasText: '继续答题' }), 'touch');
};
const kept = () => page.evaluate(() => anjian.quiz.state());

test('a reload at any moment loses nothing: half answers, words under way, grading', async () => {
  await fresh('exam.html?seed=9');
  await exam('touch');
  for (let i = 0; i < 8; i++) {
    const id = await current();
    const what = table[id][1] ? table[id][1][0] : table[id][0][0];
    const half = /order|scenario|fill|match/.test(id) ? [].concat(what).slice(0, 1) : what;
    await answer(id, half, 'touch');
    const before = await kept();
    assert.ok(before[id], `${id} is answered`);
    await goOn();
    assert.deepEqual(await kept(), before, `${id} after a reload`);
    assert.equal(await current(), id);
    await press(page.locator('.exam-nav .button-primary'), 'touch');
  }
  assert.equal(await page.locator('.exam-list .is-open i').allInnerTexts().then((l) => l.join()), '没答完,没答完');
  await page.reload();
  await press(page.locator('.exam-panel button', { hasText: '继续答题' }), 'touch');
  await press(page.locator('.exam-nav button', { hasText: '检查并交卷' }).first(), 'touch');
  await press(page.locator('.exam-panel button', { hasText: '仍然交卷' }), 'touch');
  assert.ok(await page.locator('.q-self').isVisible(), 'being graded by who wrote it');
  await goOn();
  assert.ok(await page.locator('.q-self').isVisible(), 'still so after a reload');
  await press(at('t-short').locator('.q-confirm'), 'touch');
  await grade('t-short', [0], 'touch');
  const heard = await page.evaluate(() => window.heard);
  const done = heard.filter((a) => a.event === 'submitted');
  assert.equal(done.length, 1);
  assert.equal(done[0].seed, 9);
  // single 2, multiple 2 of 4, true or false 1, one of two blanks 1, one of three places 1, one of two
  // pairs 1, nothing for a scenario left half way, one of two points 2
  assert.equal(done[0].score, 10);
  assert.ok(done[0].answers.filter((a) => a.id === 't-short')[0].confirmed, 'a supervisor was there');
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((k) => /open$/.test(k))), []);
});

test('time is told in minutes, and hands in at its end', async () => {
  await fresh('exam.html?seed=9');
  await page.clock.install();
  await page.reload();
  await exam('touch');
  assert.match(await page.locator('.exam-clock').innerText(), /20 分/);
  await page.clock.fastForward('15:30');
  assert.match(await page.locator('.exam-clock').innerText(), /5 分/);
  await page.clock.fastForward('05:00');
  assert.equal(await page.locator('#quiz-result').isVisible(), true);
  const done = (await page.evaluate(() => window.heard)).filter((a) => a.event === 'submitted')[0];
  assert.equal(done.score, 0);
  assert.equal(done.duration_ms, 20 * 60 * 1000);
});

test('attempts are counted, and right answers told when none is left', async () => {
  await fresh('twice.html?seed=1');
  for (const [n, telling] of [[1, false], [2, true]]) {
    assert.match(await page.locator('.exam-facts').innerText(), new RegExp(`${n}.*2`));
    await exam('touch');
    const id = await current();
    await answer(id, table[id][2] ? table[id][2][0] : '25%～30%', 'touch');
    await press(page.locator('.exam-nav button', { hasText: '检查并交卷' }).first(), 'touch');
    await press(page.locator('.exam-panel button', { hasText: '仍然交卷' }), 'touch');
    if (await page.locator('.q-self').isVisible()) await grade('t-short', [], 'touch');
    assert.equal(await page.locator('.q-explanation').count() > 0, telling, `attempt ${n}`);
    assert.ok(await page.locator('.quiz-wrong a[href$="#tongfeng"]').count(), 'what to read again is told all the same');
    if (n === 1) await press(page.locator('#quiz-result button', { hasText: '再做一次' }), 'touch');
  }
  assert.equal(await page.locator('#quiz-result button', { hasText: '再做一次' }).count(), 0);
  await page.reload();
  assert.equal(await page.locator('.exam-panel button').count(), 0, 'no third attempt');
});

test('an exam that draws from other pages leads back to the sections of the lessons', async () => {
  await fresh('drawn.html?seed=4');
  await exam('touch');
  assert.equal(await page.evaluate(() => document.querySelectorAll('fieldset.question:not([hidden])').length), 3);
  await press(page.locator('.exam-nav button', { hasText: '检查并交卷' }).first(), 'touch');
  await press(page.locator('.exam-panel button', { hasText: '仍然交卷' }), 'touch');
  const links = await page.locator('.quiz-wrong a[href*="lessons"]').evaluateAll((list) => list.map((a) => a.href));
  assert.equal(links.length, 1, 'each place once');
  await page.goto(links[0]);
  assert.match(links[0], /lessons\/air\.html#tong-feng$/);
  assert.equal(await page.locator('#tong-feng').innerText().then((t) => t.trim().slice(0, 2)), '通风');
});

test('two seeds differ, one seed repeats', async () => {
  async function order(seed) {
    await page.goto(url(`exam.html?seed=${seed}`));
    return page.locator('fieldset.question').evaluateAll((list) => list.map((q) => q.textContent.replace(/\s+/g, '')).join('|'));
  }
  const one = await order(1);
  assert.notEqual(one, await order(2));
  assert.equal(one, await order(1));
});

test('the paper of a seed is the attempt of that seed', async () => {
  const told = [];
  for (const name of ['every', 'exam', 'pools']) {
    for (const seed of [1, 9, 4294967295]) {
      execFileSync(anjian, ['quiz', 'paper', join(work, `quizzes/${name}.md`), '--seed', String(seed), '-o', join(work, 'paper.html')]);
      await page.goto(pathToFileURL(join(work, 'paper.html')).href);
      const printed = await page.evaluate(() => [...document.querySelectorAll('.q')].map((q) => [
        q.querySelector('.stem').textContent.match(/【(.*?)】/)[1],
        ...[...q.querySelectorAll(':scope > .opts p, .match td + td')].map((e) => e.textContent.replace(/^[A-Z]\. ?/, '')),
      ].join('|')));
      const hash = await page.evaluate(() => document.querySelector('meta[name="anjian:questions"]').content);
      await page.goto(url(`${name}.html?seed=${seed}`));
      await page.evaluate(() => localStorage.clear());
      await page.goto(url(`${name}.html?seed=${seed}`));
      if (name === 'exam') await exam('touch');
      const played = [];
      for (let n = 0; n < printed.length; n++) {
        played.push(await page.evaluate(([i, one]) => {
          const shown = [...document.querySelectorAll('fieldset.question')].filter((q) => q.offsetParent);
          const q = one ? shown[0] : shown[i];
          const names = { single: '单选', multiple: '多选', truefalse: '判断', fill: '填空', order: '排序', match: '匹配', scenario: '情景', short: '简答' };
          const type = q.className.match(/q-([a-z]+)/)[1];
          let texts = [];
          if (type === 'match') texts = [...q.querySelector('select').options].slice(1).map((o) => o.textContent);
          else if (/single|multiple|order/.test(type)) texts = [...q.querySelectorAll('.q-text')].map((e) => e.textContent);
          return [names[type], ...texts.map((t) => t.trim())].join('|');
        }, [n, name === 'exam']));
        if (name === 'exam' && n + 1 < printed.length) await press(page.locator('.exam-nav .button-primary'), 'touch');
      }
      assert.deepEqual(printed.map((t) => t.replace(/[A-Z]\. ?/g, '')), played.map((t) => t.replace(/[A-Z]\. ?/g, '')), `${name} with seed ${seed}`);
      assert.ok((await page.content()).includes(hash), 'the set of questions has one name');
      told.push(printed.join('/'));
    }
  }
  assert.equal(new Set(told).size, 9, 'no two papers are alike');
  assert.equal(told[6].split('/').length, 6, 'pools draw');
});

test('the script keeps to the vectors that C keeps to', () => {
  const window = { anjian: {} };
  vm.runInNewContext(readFileSync(join(top, 'themes/classic/assets/quiz-core.js'), 'utf8'), { window });
  const core = window.anjian.quizcore;
  const vectors = JSON.parse(readFileSync(join(top, 'tests/data/quiz/draw.json'), 'utf8'));
  const next = core.random(vectors.random.seed);
  for (const n of vectors.random.first) assert.equal(next() * 4294967296, n);
  for (const [text, folded] of vectors.fold) assert.equal(core.fold(text), folded);
  for (const v of vectors.draw) {
    const asked = v.quiz.questions.map((q) => ({ pool: q.pool, choices: q.choices, always: q.type === 'order' || q.type === 'match' }));
    assert.equal(JSON.stringify(core.draw(v.quiz, asked, v.seed)), JSON.stringify(v.drawn));
  }
});

test('the player comes when somebody begins: by the button, or by an answer, which stays', async () => {
  await page.goto(url('every.html'));
  assert.equal(await page.evaluate(() => [...document.scripts].filter((s) => /quiz-(core|question)|quiz\.[0-9a-f]+\.js/.test(s.src)).length), 0, 'nothing of it is there');
  assert.equal(await page.locator('.question > details:visible').count(), 0, 'no answer is told before');
  await page.locator('.quiz-begin').tap();
  await page.waitForSelector('html.quiz-live');
  await page.waitForFunction(() => document.activeElement.closest('fieldset.question'));
  assert.ok(await page.evaluate(() => document.activeElement.closest('fieldset') === document.querySelector('fieldset.question:not([hidden])')), 'the first question has the focus');
  assert.equal(await page.locator('.quiz-begin:visible').count(), 0);
  await page.goto(url('every.html'));
  const q = at('t-truefalse');
  await q.scrollIntoViewIfNeeded();
  await q.locator('label').nth(1).tap();
  await page.waitForSelector('html.quiz-live');
  assert.deepEqual(await page.evaluate(() => Object.values(anjian.quiz.state()).map((a) => a.given)), [['false']], 'what was answered is kept');
  assert.ok(await q.evaluate((e) => e.getBoundingClientRect().top >= 0 && e.getBoundingClientRect().bottom <= innerHeight), 'and stays in sight');
  await q.locator('.q-actions button:visible').tap();
  assert.match(await q.locator('.q-verdict h3').innerText(), /· 1 \/ 1/);
});

test('axe-core finds nothing', async () => {
  const axe = readFileSync(join(top, 'tests/browser/node_modules/axe-core/axe.min.js'), 'utf8');
  async function look(what) {
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run(document, { preload: false, resultTypes: ['violations'] }));
    assert.deepEqual(found.violations.map((v) => `${what}: ${v.id} ${v.nodes[0].target}`), []);
  }
  await page.goto(url('every.html?seed=5'));
  await look('practice');
  for (const id of types) {
    await answer(id, table[id][2] ? table[id][2][0] : table[id][0][0], 'touch');
    await at(id).locator('.q-actions button:visible').first().tap();
    if (id === 't-short') await look('self-grading');
    await grade(id, table[id][2][0], 'touch');
  }
  await look('checked');
  await page.goto(url('exam.html?seed=3'));
  await page.evaluate(() => localStorage.clear());
  await page.goto(url('exam.html?seed=3'));
  await look('begin');
  await exam('touch');
  await look('exam');
  await page.locator('.exam-nav button', { hasText: '检查并交卷' }).tap();
  await look('look over');
  await page.locator('.exam-panel button', { hasText: '仍然交卷' }).tap();
  await look('result');
});

test('nothing in the console', () => assert.deepEqual(trouble, []));
