#!/usr/bin/env -S node --test --test-reporter=tap
// forms - every printable form of the ledger as a PDF: nothing runs over the paper's edge, with long names, nobody and 300 people.
//
// A year in small (tests/tools/year.mjs), the forms by the program, the papers against quiz.js itself.
// KEEP=folder keeps the files and a picture of each. Must not know: how a form is drawn.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';
import { load } from '../tools/record.mjs';
import { open, top } from './lib.mjs';

const anjian = process.env.ANJIAN || path.join(top, 'build/release/anjian');
const work = process.env.KEEP || fs.mkdtempSync(path.join(os.tmpdir(), 'forms-'));
const year = path.join(work, 'year');
const env = { ...process.env, LANG: 'C.UTF-8', SOURCE_DATE_EPOCH: '1795600000' };
const run = (...words) => spawnSync(anjian, words, { cwd: work, env, encoding: 'utf8' });
const report = (form, out, ...more) => {
  const done = run('records', 'report', '--db', 'year.db', '--site', 'year/site', '--roster', 'roster.csv', '--key', 'year/key', '--names',
    '--form', form, '-o', out, ...more);
  assert.equal(done.status, 0, done.stderr);
  return path.join(work, out);
};
let browser, page, trouble, statements;
const { pseudonym } = load();
const people = Array.from({ length: 30 }, (_, i) => String(1001 + i));

before(async () => {
  fs.mkdirSync(work, { recursive: true });
  execFileSync('node', [path.join(top, 'tests/tools/year.mjs'), year, anjian, '--workers', '30', '--kiosks', '2', '--courses', '4', '--statements', '3000']);
  const long = '某某有色金属冶炼集团有限责任公司第一分公司熔炼车间二期工程项目部综合班组一'.padEnd(40, '组');
  const rows = fs.readFileSync(path.join(year, 'roster.csv'), 'utf8').trim().split('\n');
  for (let n = rows.length; n <= 300; n++) rows.push(`${1000 + n},学员${1000 + n},二车间,甲班,焊工,`);
  rows[1] = rows[1].replace(/,[^,]*车间,/, `,${long},`);
  rows[5] = '1005,学员1005,二车间,,,';
  fs.writeFileSync(path.join(work, 'roster.csv'), rows.join('\n') + '\n');
  assert.equal(run('records', 'collect', 'year/sticks', '--db', 'year.db').status, 0);
  statements = fs.readdirSync(path.join(year, 'sticks')).flatMap((d) => ['a', 'b'].flatMap((n) =>
    fs.readFileSync(path.join(year, 'sticks', d, n + '.jsonl'), 'utf8').trim().split('\n').map((l) => JSON.parse(l))));
  ({ browser, page, trouble } = await open());
});
after(async () => {
  await browser.close();
  if (!process.env.KEEP) fs.rmSync(work, { recursive: true });
});

// Looks at a form as the printer does.
async function look(file, wide = false) {
  await page.goto(pathToFileURL(file).href);
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: wide ? 1032 : 703, height: 1000 }); // A4 without its margins, at 96 dpi
  const over = await page.evaluate(() => [...document.querySelectorAll('body *')].filter((el) => {
    const box = el.getBoundingClientRect();
    return box.right > document.documentElement.clientWidth + 1 || el.scrollWidth > el.clientWidth + 1 && el.clientWidth > 0 && getComputedStyle(el).display !== 'inline';
  }).map((el) => `${el.tagName} ${el.textContent.trim().slice(0, 40)}`).slice(0, 5));
  assert.deepEqual(over, [], `${path.basename(file)} runs over the edge`);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  if (process.env.KEEP) {
    fs.writeFileSync(file.replace(/\.html$/, '.pdf'), pdf);
    await page.screenshot({ path: file.replace(/\.html$/, '.png') });
  }
  assert.deepEqual(trouble, []);
  return { pages: (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) || []).length, text: await page.innerText('body') };
}

for (const [form, wide] of [['hours', true], ['credits', true], ['due', true], ['unknown', true], ['questions', true], ['coverage', true]]) {
  test(`${form} as a table`, async () => {
    const { text } = await look(report(form, form + '.html'), wide);
    assert.match(text, /制表日期 2026-/);
  });
}
test('三级安全教育卡, one a page', async () => {
  const { pages, text } = await look(report('card', 'card.html', '--number', '1001'));
  assert.equal(pages, 1);
  assert.match(text, /公司级/);
  const all = await look(report('card', 'cards.html', '--unit', '一车间'));
  assert.ok(all.pages === 6, String(all.pages));
});
test('what a card lacks is said', async () => {
  await look(report('card', 'lacks.html', '--number', '1005'));
  for (const word of ['班组', '岗位', '入职日期']) assert.ok(await page.$$eval('.gap', (l, w) => l.some((e) => e.textContent === w), word), word);
});
test('签到表 and 班前会 with nobody, with 300 people, with long names', async () => {
  for (const form of ['signin', 'meeting']) {
    const none = await look(report(form, form + '-0.html', '--team', '没有的班', '--course', 'courses/c01.md'));
    assert.match(none.text, /没有符合条件的人/);
    assert.equal(none.pages, 1);
    const many = await look(report(form, form + '-300.html', '--course', 'courses/c01.md'));
    assert.ok(many.pages >= 8, `${form}: ${many.pages} pages`);
    assert.equal((await page.$$('tbody tr')).length >= 300, true);
  }
});
test('一人一档 with its papers, each the very paper', async () => {
  const passed = statements.filter((s) => /(passed|failed)$/.test(s.verb.id));
  const times = {};
  for (const s of passed) times[s.actor.account.name] = (times[s.actor.account.name] || 0) + 1;
  const who = Object.keys(times).sort((a, b) => times[b] - times[a])[0];
  const number = people.find((n) => pseudonym('year-key', n) === who);
  report('person', 'file-' + number, '--number', number);
  const dir = path.join(work, 'file-' + number);
  assert.equal(fs.readdirSync(dir).filter((n) => n.startsWith('paper-')).length, times[who]);
  const { text } = await look(path.join(dir, 'index.html'));
  assert.match(text, /三级安全教育卡[\s\S]*考试[\s\S]*培训合格证明/);
  const built = path.join(work, 'built');
  for (const name of fs.readdirSync(dir).filter((n) => /^paper-.*\.html$/.test(n)).slice(0, 3)) {
    await look(path.join(dir, name));
    const paper = await page.$$eval('.question', (l) => l.map((q) => ({ id: q.querySelector('.verdict').textContent.split(' ')[0],
      options: [...q.querySelectorAll('li')].map((o) => o.textContent.replace(/^[A-Z]\. /, '').replace(' （正确）', '').trim()),
      chosen: [...q.querySelectorAll('li.chosen')].map((o) => o.textContent.replace(/^[A-Z]\. /, '').replace(' （正确）', '').trim()).sort() })));
    const shown = await page.innerText('body'), id = /凭证 ([0-9a-f-]{36})/.exec(shown)[1];
    const s = statements.find((x) => x.id === id), own = s.context.extensions['urn:anjian:record'];
    assert.ok(paper.length >= 8);
    // The page as it was, played with that seed by the theme's own quiz.js.
    assert.equal(run('-q', 'build', 'year/site', '--rev', own.commit, '-o', built).status, 0);
    await page.emulateMedia({ media: 'screen' });
    await page.goto(pathToFileURL(path.join(built, own.page.replace('.md', '.html'))).href + '?seed=' + own.seed);
    const played = await page.evaluate((seed) => {
      const asked = [...document.querySelectorAll('fieldset.question')].map((q) => ({ ...(q.dataset.exam ? JSON.parse(q.dataset.exam) : window.anjian.questions[/\d+$/.exec(q.id) - 1]),
        number: Number(q.id.replace('question-', '')), type: /\bq-(single|multiple|truefalse|fill|order|match|scenario|short)\b/.exec(q.className)[1],
        options: [...q.querySelectorAll('.q-option')].map((o) => ({ key: o.querySelector('input').value, text: o.querySelector('.q-text').firstChild.textContent.trim() })) }))
        .sort((x, y) => x.number - y.number);
      for (const q of asked) q.options.sort((x, y) => (x.key < y.key ? -1 : 1)); // as the page has them before they are mixed
      const settings = JSON.parse(document.getElementById('quiz-result').dataset.quiz);
      const count = (q) => (q.type === 'match' ? document.querySelectorAll(`#question-${q.number} .q-match:first-child option[value]:not([value=""])`).length
        : q.type === 'truefalse' ? 0 : q.options.length);
      return window.anjian.quizcore.draw(settings, asked.map((q) => ({ pool: q.pool, choices: count(q),
        always: q.type === 'order' || q.type === 'match' })), seed).map(({ index, order }) => ({ id: asked[index].id,
        options: (/single|multiple/.test(asked[index].type) && order || []).map((n) => asked[index].options[n]) }));
    }, own.seed);
    const given = new Map(statements.filter((x) => x.context.registration === s.context.registration && /answered$/.test(x.verb.id))
      .map((x) => [x.context.extensions['urn:anjian:record'].question, x.result.response.split('[,]')]));
    for (const q of played) {
      q.chosen = q.options.filter((o) => given.get(q.id).includes(o.key)).map((o) => o.text).sort();
      q.options = q.options.map((o) => o.text);
    }
    assert.deepEqual(paper, played);
  }
});
