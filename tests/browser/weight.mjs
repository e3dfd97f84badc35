#!/usr/bin/env -S node --test --test-reporter=tap
// weight - what a browser really loads of each kind of page, held against the 60 kB and against what the build says.
//
// A site of its own: the course's quiz of 16 questions for practice and as an exam, a practice of 30, a case with
// questions, and a kiosk of 60 courses of 17 steps. Must not know: which script does what.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { open, site as course, top, address } from './lib.mjs';

const LIMIT = 60 * 1024;
const anjian = process.env.ANJIAN || path.join(top, 'build/release/anjian');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'anjian-weight-'));
const { browser, page, trouble } = await open();
test.after(() => browser.close());
test.after(() => fs.rmSync(work, { recursive: true, force: true }));
const put = (name, text) => {
  fs.mkdirSync(path.dirname(path.join(work, 'site', name)), { recursive: true });
  fs.writeFileSync(path.join(work, 'site', name), text);
};
fs.cpSync(path.join(top, 'content'), path.join(work, 'site'), { recursive: true });
const quiz = fs.readFileSync(path.join(top, 'content/quizzes/final.md'), 'utf8');
assert.equal(quiz.match(/^### /gm).length, 16);
put('quizzes/exam.md', quiz.replace('及格线: 80', '及格线: 80\n模式: 考试\n限时: 30分钟\n次数: 3').replaceAll('fx-', 'ex-'));
const blocks = quiz.split(/^(?=### )/m).slice(1).map((b) => b.replace(/^## [^]*/m, ''));
put('quizzes/thirty.md', `---\n测验: 三十题\n标题: 三十题练习\n---\n` + Array.from({ length: 30 }, (_, i) => blocks[i % 16].replace(/编号：\S+/, `编号：n-${i}`)).join('\n'));
const COURSES = 60;
for (let c = 1; c <= COURSES; c++) {
  const steps = Array.from({ length: 16 }, (_, s) => `lessons/k${c}-${s + 1}.md`);
  for (const s of steps) put(s, `---\n标题: ${s}：受限空间作业，先通风再检测后进入\n危险因素: [受限空间]\n---\n先通风，再检测。\n`);
  put(`courses/k${c}.md`, `---\n标题: 第${c}门课：进入受限空间以前\n学时: 2\npages: [${steps.join(', ')}]\nexam: quizzes/final.md\n---\n学。\n`);
}
const numbers = Array.from({ length: 1500 }, (_, i) => `"${1001 + i}"`).join(', ');
const settings = fs.readFileSync(path.join(work, 'site/site.yaml'), 'utf8').replace(/^( +)pin:.*$/m, (line, indent) => `${line}\n${indent}teams: [{name: 检修班, ids: [${numbers}]}]`);
assert.match(settings, /teams/);
const build = (more) => {
  put('site.yaml', settings + more);
  return spawnSync(anjian, ['build', '.', '-o', '../out'], { cwd: path.join(work, 'site'), encoding: 'utf8', env: { ...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', ANJIAN_DATA: top } }).stderr;
};

test('none of these pages is above the 60 kB, and the build says nothing', () => {
  const told = build('');
  assert.doesNotMatch(told, /heavy-page/, told);
});

// kB at first and later, by the page, as the build tells them when it is asked for the impossible.
const told = new Map();
test('the build tells both figures', () => {
  for (const m of build('\npage_size: 20\nassets: {page_kb: 1}\n').matchAll(/^(\S+?):.* (\d+) kB.* (\d+) kB.*\[heavy-page\]/gm))
    told.set(m[1].replace(/\.md$/, '.html'), [Number(m[2]), Number(m[3])]);
  for (const page of ['quizzes/final.html', 'quizzes/thirty.html', 'quizzes/exam.html', 'cases/chengdu-sewage-well.html', 'kiosk.html'])
    assert.ok(told.has(page), `${page} of ${[...told.keys()]}`);
});

test('what courses and workers add to a kiosk, its first screen does not wait for, nor does one course for the others', () => {
  const text = (name) => fs.readFileSync(path.join(work, 'out', name), 'utf8');
  assert.ok(text('kiosk.html').length < fs.readFileSync(path.join(course, 'kiosk.html'), 'utf8').length + 512, 'with 60 courses more');
  assert.match(text('kiosk-parts.js'), /<li>1300/);
  assert.doesNotMatch(text('kiosk.html') + text('kiosk-parts.js'), /第7门课/);
  assert.match(text('kiosk-cards.js'), /第7门课/);
  assert.doesNotMatch(text('kiosk-cards.js'), /k7-3/);
  assert.match(text('courses/k7.kiosk.js'), /k7-3/);
  assert.doesNotMatch(text('courses/k7.kiosk.js'), /k8-/);
});

let loaded = new Map();
page.on('request', (r) => {
  const file = fileURLToPath(r.url().replace(/[?#].*/, ''));
  if (/\.(html|css|js)$/.test(file)) loaded.set(file, fs.statSync(file).size);
});
const sum = () => [...loaded.values()].reduce((n, x) => n + x, 0);
const settle = () => page.waitForFunction(() => document.readyState === 'complete').then(() => page.waitForTimeout(100));
const acts = { 'quizzes/final.html': '.quiz-begin', 'quizzes/thirty.html': '.quiz-begin', 'quizzes/exam.html': '.quiz-begin', 'cases/chengdu-sewage-well.html': '.question li > label', 'kiosk.html': '#k-start' };

test('a browser loads what the build says, at first and when somebody begins', async () => {
  for (const [name, act] of Object.entries(acts)) {
    loaded = new Map();
    await page.goto(pathToFileURL(path.join(work, 'out', name)).href);
    await settle();
    const [first, later] = told.get(name), bytes = sum();
    assert.ok(bytes <= LIMIT, `${name}: ${bytes} bytes`);
    assert.ok(Math.abs(bytes / 1024 - first) <= 0.51, `${name}: ${bytes} bytes, ${first} kB told`);
    loaded = new Map();
    await page.locator(act).first().click();
    await page.waitForFunction(() => document.querySelector('html.quiz-live, #k-who:not([hidden])'));
    let more = sum();
    assert.ok(more > 0 && more <= LIMIT, `${name}: ${more} bytes later`);
    if (name === 'kiosk.html') { // who is there, then what is due: the heavier of the two acts is told
      loaded = new Map();
      await page.click('#k-guest');
      await page.waitForSelector('#k-home:not([hidden])');
      assert.equal(await page.locator('.k-card').count(), 6);
      assert.equal([...loaded.keys()].filter((f) => /\.kiosk\.js$/.test(f)).length, 6);
      assert.ok(sum() <= LIMIT, `${sum()} bytes for the cards`);
      console.log(`# kiosk of ${COURSES + 1} courses, bytes: ${bytes} at first, ${more} at the touch, ${sum()} for the cards`);
      more = Math.max(more, sum());
      loaded = new Map();
      await page.click('.k-more-cards');
      await page.waitForFunction(() => document.querySelectorAll('.k-card').length === 12);
      assert.ok(sum() < LIMIT / 4, `${sum()} bytes for six more`);
      assert.ok(await page.evaluate(() => document.activeElement.closest('.k-card') === document.querySelectorAll('.k-card')[6]), 'the first of them has the focus');
    }
    // What only a frame or a found word needs is counted and not loaded here.
    const rest = [...(await page.evaluate(() => `${document.body.dataset.kiosk || ''} ${document.body.dataset.found || ''}`)).matchAll(/\S+/g)]
      .reduce((n, m) => n + fs.statSync(path.resolve(path.join(work, 'out', path.dirname(name)), m[0])).size, 0);
    assert.ok(Math.abs((more + rest) / 1024 - later) <= 0.6, `${name}: ${more} + ${rest} bytes later, ${later} kB told`);
  }
});

test('every kind of page of the course is within the 60 kB', async () => {
  const kinds = new Map();
  const walk = (dir) => fs.readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
    e.isDirectory() ? walk(path.join(dir, e.name)) : e.name.endsWith('.html') ? [path.join(dir, e.name)] : []);
  for (const file of walk(course)) {
    const kind = /<body class="is-([a-z0-9_]+)/.exec(fs.readFileSync(file, 'utf8'));
    if (kind && !(fs.statSync(kinds.get(kind[1]) || os.devNull).size > fs.statSync(file).size)) kinds.set(kind[1], file); // the largest of each
  }
  const shown = [];
  for (const [kind, file] of kinds) {
    loaded = new Map();
    await page.goto(address(file));
    await settle();
    shown.push(`${kind} ${Math.round(sum() / 1024)}`);
    assert.ok(sum() <= LIMIT, `${kind}: ${sum()} bytes in ${file}`);
  }
  assert.ok(kinds.size >= 12);
  console.log('# kB at first: ' + shown.join(', '));
  assert.deepEqual(trouble, []);
});
