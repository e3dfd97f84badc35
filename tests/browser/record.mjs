#!/usr/bin/env -S node --test --test-reporter=tap
// record - training statements, made in Node by the record.js that the theme ships.
//
// Hashes against Node's own, the chain against every changed byte, the statements against
// xapi-validation. No browser. Must not know: kiosks, pages.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import test from 'node:test';
import xapi from '@learninglocker/xapi-validation';
import { load } from '../tools/record.mjs';

const records = load();
const sha = (text) => crypto.createHash('sha256').update(text).digest('hex');
const site = { id: 'https://example.org/anjian/', language: 'zh-CN', generator: 'Anjian' };
const page = { id: 'quizzes/final.md', url: 'quizzes/final.html', title: '结业“测验”', kind: 'quiz', commit: '1'.repeat(40),
  content: '2'.repeat(40), questions: '3'.repeat(64), hours: '0.5' };
const attempt = { seed: 7, score: 3.5, total: 6, passed: false, duration_ms: 93512, answers: [
  { id: 'yx-001', type: 'single', given: ['A'], points: 1, max: 1 },
  { id: 'yx-002', type: 'multiple', given: ['A', 'C'], points: 0.5, max: 1 },
  { id: 'yx-003', type: 'truefalse', given: ['true'], points: 0, max: 1 },
  { id: '题 4', type: 'fill', given: ['19.5', '氧气😀'], points: 2, max: 2 },
  { id: 'yx-005', type: 'match', given: { 甲: '乙' }, points: 0, max: 1 },
  { id: 'yx-006', type: 'short', given: [], points: 0, max: 0 }] };

function visit(chain, number = '1001') {
  const about = { who: records.pseudonym('k', number), page, time: Date.UTC(2026, 10, 25), registration: records.uuid() };
  const drafts = [{ ...about, verb: 'launched' }, ...records.drafts(attempt, about),
    { ...about, verb: 'terminated', result: { completion: false, duration: records.duration(1500) } }];
  return drafts.map((d) => records.add(chain, d));
}
const open = () => records.open({ site, key: 'k', station: '3号', chain: 'c'.repeat(32) });
const file = (lines) => lines.map((l) => l + '\n').join('');
const codes = (text) => records.verify(text).problems.map((p) => `${p.line} ${p.code}`);

test('SHA-256 and HMAC are those of Node', () => {
  for (const n of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const text = '限'.repeat(n);
    assert.equal(records.sha256(text), sha(text));
    assert.equal(records.sha256('a'.repeat(n)), sha('a'.repeat(n)));
    assert.equal(records.hmac('钥' + text, text), crypto.createHmac('sha256', '钥' + text).update(text).digest('hex'));
  }
  assert.equal(records.sha256('😀\ud800x'), sha('😀\ufffdx'), 'half a pair is no UTF-8');
});

test('a number is one person however it is typed', () => {
  assert.equal(records.pseudonym('k', ' ａ１００ 1 '), records.pseudonym('k', 'A1001'));
  assert.notEqual(records.pseudonym('k', '1001'), records.pseudonym('k2', '1001'));
  assert.equal(records.pseudonym('k', '1001'), 'p-' + crypto.createHmac('sha256', 'k').update('1001').digest('hex').slice(0, 32));
});

test('xapi-validation has nothing to say', () => {
  const lines = visit(open());
  assert.equal(lines.length, 10);
  for (const line of lines) assert.deepEqual(xapi.default(JSON.parse(line), ['statement']).map(String), [], line);
});

test('id and prev follow the rules of the manual', () => {
  const lines = visit(open());
  lines.forEach((line, i) => {
    const s = JSON.parse(line), own = s.context.extensions['urn:anjian:record'];
    const h = sha(line.replace(s.id, '00000000-0000-0000-0000-000000000000'));
    assert.equal(s.id, `${h.slice(0, 8)}-${h.slice(8, 12)}-5${h.slice(13, 16)}-${'89ab'[parseInt(h[16], 16) & 3]}${h.slice(17, 20)}-${h.slice(20, 32)}`);
    assert.equal(own.prev, i ? sha(lines[i - 1]) : '0'.repeat(64));
    assert.equal(own.seq, i + 1);
  });
});

test('a whole file verifies, with its head; a part of it too, and a second copy', () => {
  const chain = open();
  const lines = [...visit(chain), ...visit(chain, '1002')];
  const found = records.verify(file(lines));
  assert.deepEqual([found.count, found.problems], [20, []]);
  assert.deepEqual({ ...found.heads['c'.repeat(32)] }, { seq: 20, hash: sha(lines[19]) });
  assert.deepEqual(codes(file(lines.slice(7))), []);
  assert.deepEqual(codes(file([...lines, ...lines])), []);
  assert.deepEqual(codes('\ufeff' + file(lines).replace(/\n/g, '\r\n')), []);
});

test('one changed byte does not verify, wherever it is', () => {
  const text = Buffer.from(file(visit(open()).slice(0, 3)));
  for (let i = 0; i < text.length; i++) {
    const bad = Buffer.from(text);
    bad[i] ^= 1;
    assert.notDeepEqual(codes(bad.toString()), [], `byte ${i}`);
  }
});

test('lost, swapped, doubled and cut lines are named with their line', () => {
  const lines = visit(open());
  const other = visit(open());
  assert.deepEqual(codes(file(lines.filter((l, i) => i !== 4))), ['5 gap']);
  assert.deepEqual(codes(file([lines[1], lines[0], lines[2]])), ['2 order']);
  assert.deepEqual(codes(file([...lines.slice(0, 3), other[1]])), ['4 twice']);
  assert.deepEqual(codes(file([...lines.slice(0, 3), other[3]])), ['4 prev']);
  assert.deepEqual(codes(file(lines).slice(0, -40)), ['10 cut']);
  assert.deepEqual(codes('{}\n'), ['1 format']);
  assert.deepEqual(codes('no\n'), ['1 json']);
});

test('practice completes, and neither passes nor fails', () => {
  const about = { who: 'p-1', page, time: 0, registration: records.uuid() };
  const verbs = (mode) => records.drafts({ ...attempt, mode }, about).map((d) => d.verb).slice(6);
  assert.deepEqual(verbs('practice'), ['completed']);
  assert.deepEqual(verbs('exam'), ['completed', 'failed']);
});

test('a chain goes on where it stopped', () => {
  const first = open();
  const a = visit(first);
  const b = visit(records.open({ site, key: 'k', chain: first.chain, seq: first.seq, prev: first.prev }));
  assert.deepEqual(codes(file([...a, ...b])), []);
});
