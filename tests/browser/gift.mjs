#!/usr/bin/env -S node --test --test-reporter=tap
// gift - what `anjian quiz export --to gift` writes, read by gift-pegjs. No browser.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import pegjs from 'gift-pegjs';

const root = new URL('../..', import.meta.url).pathname;
const program = process.env.ANJIAN || `${root}build/release/anjian`;
const gift = (name, input) => pegjs.parse(execFileSync(program, ['-q', 'quiz', 'export', '--to', 'gift',
  input ? '-' : `${root}tests/data/quiz/${name}.md`], { input, stdio: [input ? 'pipe' : 'ignore', 'pipe', 'ignore'] }).toString())
  .filter((q) => q.type !== 'Category');

test('single: one right choice, its feedback, its id', () => {
  const [q] = gift('single');
  assert.equal(q.type, 'MC');
  assert.equal(q.title, 'yx-001');
  assert.deepEqual(q.choices.map((c) => c.isCorrect), [false, true]);
  assert.equal(q.choices[0].feedback.text, '低于 19.5% 为缺氧。');
});

test('multiple: weights that add up to 100, escapes undone', () => {
  const [q] = gift('multiple');
  assert.equal(q.type, 'MC');
  assert.deepEqual(q.choices.map((c) => c.weight), [50, 50, -100]);
  assert.equal(q.choices[0].text.text, '硫化氢 [H2S]');
});

test('true or false, and blanks', () => {
  const [q] = gift('truefalse');
  assert.equal(q.type, 'TF');
  assert.equal(q.isTrue, false);
  const [fill] = gift('fill');
  assert.equal(fill.type, 'Short');
  assert.equal(fill.choices.length, 1);
});

test('a number with its tolerance', () => {
  const [q] = gift('-', '### 【填空】氧含量约（　）%。\n答案：20.9±0.1｜21±0.5\n');
  assert.equal(q.type, 'Numerical');
  assert.deepEqual(q.choices.map((c) => [c.isCorrect, c.text.type, c.text.number, c.text.range]),
    [[true, 'range', 20.9, 0.1], [true, 'range', 21, 0.5]]);
});

test('matching, with a distractor', () => {
  const [q] = gift('match');
  assert.equal(q.type, 'Matching');
  assert.deepEqual(q.matchPairs.map((p) => [p.subquestion.text, p.subanswer]), [['硫化氢', '中毒'], ['甲烷', '爆炸'], ['', '冻伤']]);
});

test('a short answer, with its reference', () => {
  const [q] = gift('short');
  assert.equal(q.type, 'Essay');
  assert.match(q.globalFeedback.text, /先通风，再检测/);
});

test('what has no form in it is left out, and nothing else', () => {
  assert.deepEqual(gift('every').map((q) => q.title), ['t-single', 't-multiple', 't-truefalse', 't-fill', 't-match', 't-short']);
});
