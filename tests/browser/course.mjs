#!/usr/bin/env -S node --test-reporter=tap
// course - a newcomer double-clicks the finished course: every kind of page by clicking, a quiz to its
// score, a search by characters and by pinyin. From file://, network off, nothing in the console.
import test from 'node:test';
import assert from 'node:assert/strict';
import { open, address, dataOf } from './lib.mjs';

const { browser, page, trouble } = await open();
test.after(() => browser.close());

const h1 = () => page.locator('h1').first().innerText();
async function click(selector) {
  await Promise.all([page.waitForLoadState('load'), page.locator(selector).first().click()]);
}

test('the home page opens', async () => {
  await page.goto(address('index.html'));
  assert.ok((await h1()).length > 1);
  assert.equal(await page.locator('main').count(), 1);
});

for (const [kind, folder] of [['case', 'cases'], ['model', 'models'], ['lesson', 'lessons'], ['course', 'courses'], ['quiz', 'quizzes']]) {
  test(`a page of kind ${kind} is two clicks from home`, async () => {
    await page.goto(address('index.html'));
    await click(`a[href="${folder}/index.html"]`);
    assert.match(page.url(), new RegExp(`/${folder}/index\\.html`));
    await click('main .refs .ref-title a, main .ref-title a');
    assert.ok(!/\/index\.html/.test(page.url()), page.url());
    assert.ok(await page.locator(`body.kind-${kind}`).count(), `${page.url()} is of kind ${kind}`);
    assert.ok((await h1()).length > 1);
    assert.ok(await page.locator('.version').count(), 'its version is told');
  });
  test(`the list of kind ${kind} opens from home`, async () => {
    await page.goto(address('index.html'));
    await click(`a[href="kinds/${kind}.html"]`);
    assert.ok(await page.locator('main a[href^="../"]').count());
  });
}

test('a term and its taxonomy are reached from a case', async () => {
  await page.goto(address('cases/index.html'));
  await click('main .ref-title a');
  await click('.terms a.tag');
  assert.ok(await page.locator('.ref').count());
  await click('nav a[href$="/index.html"]:not([href="../index.html"]), .crumbs a:last-of-type');
  assert.ok((await h1()).length > 0);
});

test('the course leads through its pages to the exam', async () => {
  await page.goto(address('courses/index.html'));
  await click('main .ref-title a');
  const steps = await page.locator('.steps .step a').count();
  assert.ok(steps >= 6, `${steps} steps`);
  await click('.steps .step a');
  for (let i = 1; i < steps; i++) await click('.course-next .step-next');
  assert.ok(await page.locator('fieldset.question').count(), 'the last step is the exam');
});

test('what changed and the not-found page', async () => {
  await page.goto(address('index.html'));
  await click('a[href="changes.html"]');
  assert.ok((await h1()).length > 1);
  await page.goto(address('404.html'));
  await click('main a[href="index.html"]');
  assert.match(page.url(), /\/index\.html$/);
});

// Answers every question as the data of the page says, the first `wrong` of them wrongly.
async function play(wrong) {
  await page.locator('.quiz-begin').click();
  await page.waitForSelector('html.quiz-live');
  const questions = page.locator('fieldset.question:visible');
  const count = await questions.count();
  for (let i = 0; i < count; i++) {
    const q = questions.nth(i);
    const data = await dataOf(q);
    const miss = i < wrong;
    const is = async (type) => new RegExp(`\\bq-${type}\\b`).test(await q.getAttribute('class'));
    if (await is('fill')) {
      const blanks = q.locator('input[type="text"]');
      for (let b = 0; b < await blanks.count(); b++) {
        const right = data.right[b][0];
        await blanks.nth(b).fill(miss ? '不知道' : String(typeof right === 'object' ? right.value : right));
      }
    } else {
      const right = data.right.map((slot) => slot[0]);
      const keys = await q.locator('.q-option input').evaluateAll((list) => list.map((e) => e.value));
      const picks = keys.filter((k) => right.includes(k) !== miss);
      for (const k of await is('multiple') ? picks : picks.slice(0, 1)) await q.locator(`input[value="${k}"]`).check({ force: true });
    }
    const check = q.locator('button').first();
    if (await check.count()) await check.click();
  }
  return count;
}

test('a quiz is played to a score', async () => {
  await page.goto(address('quizzes/index.html'));
  await click('main .ref-title a');
  const count = await play(0);
  assert.ok(count >= 10, `${count} questions`);
  const finish = page.locator('.quiz-finish button:visible').first();
  if (await finish.count()) await finish.click();
  const result = await page.locator('#quiz-result').innerText();
  assert.match(result, /100/);
  assert.match(result, /合格/);
});

test('wrong answers are told why, and lower the score', async () => {
  await page.reload();
  await play(2);
  const finish = page.locator('.quiz-finish button:visible').first();
  if (await finish.count()) await finish.click();
  const result = await page.locator('#quiz-result').innerText();
  assert.doesNotMatch(result, /100\s*(分|%)/);
  assert.ok(await page.locator('.q-explanation:visible, .q-feedback:visible').count());
});

for (const [query, what] of [['受限空间', '受限空间'], ['双重预防', '双重预防'], ['sxkj', '受限空间'], ['shuangchongyufang', '双重预防']]) {
  test(`the search finds ${query}`, async () => {
    await page.goto(address('index.html'));
    await page.locator('input[name="q"]').first().fill(query);
    await page.locator('input[name="q"]').first().press('Enter');
    await page.waitForURL(/search\.html/);
    await page.locator('#search-results > li').first().waitFor({ timeout: 10000 });
    const text = await page.locator('#search-results').innerText();
    assert.ok(text.includes(what) || (what === '受限空间' && text.includes('有限空间')), text.slice(0, 300));
    assert.ok(await page.locator('#search-results mark').count(), 'hits are marked');
    await click('#search-results > li a');
    assert.ok((await h1()).length > 1);
  });
}

test('a search for nothing that is there says so kindly', async () => {
  await page.goto(address('search.html'));
  await page.locator('#q').fill('龘龘靐齉');
  await page.locator('#q').press('Enter');
  await page.waitForFunction(() => document.querySelector('#search-status').textContent.trim().length > 0);
  assert.equal(await page.locator('#search-results > li').count(), 0);
});

test('the site reads without any script', async () => {
  const { browser: plain, page: p } = await open({ javaScriptEnabled: false });
  await p.goto(address('index.html'));
  await Promise.all([p.waitForLoadState('load'), p.locator('a[href="cases/index.html"]').first().click()]);
  await Promise.all([p.waitForLoadState('load'), p.locator('main .ref-title a').first().click()]);
  assert.ok((await p.locator('h1').innerText()).length > 1);
  await plain.close();
});

test('nothing went wrong on the way', () => {
  assert.deepEqual(trouble, []);
});
