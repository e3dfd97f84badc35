#!/usr/bin/env -S node --test --test-reporter=tap
// stick - a zip unpacked by hand, from file:// with the network off: start, poster, update page.
// Must not know: how a bundle is made.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import { open, top } from './lib.mjs';

const anjian = resolve(process.env.ANJIAN || join(top, 'build/release/anjian'));
let work, stick, session, page;
const at = (name) => pathToFileURL(join(stick, name)).href;

before(async () => {
  work = mkdtempSync(join(tmpdir(), 'anjian-stick-'));
  stick = join(work, 'stick');
  mkdirSync(join(work, 'site'));
  writeFileSync(join(work, 'site/lesson.md'), '# 先通风\n\n再检测。\n');
  writeFileSync(join(work, 'site/site.yaml'), 'title: 一门 <课> & 更多\n');
  const git = (...args) => execFileSync('git', ['-C', join(work, 'site'), '-c', 'user.name=1001', '-c', 'user.email=1001@example.org', ...args]);
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', '第一版');
  execFileSync(anjian, ['-q', 'bundle', join(work, 'site'), '--format', 'zip', '-o', join(work, 'a.zip')],
    { cwd: work, env: { ...process.env, ANJIAN_DATA: top } });
  execFileSync('unzip', ['-q', 'a.zip', '-d', stick], { cwd: work });
  session = await open();
  page = session.page;
});
after(async () => {
  if (session) await session.browser.close();
  rmSync(work, { recursive: true, force: true });
});

test('start leads into the site', async () => {
  await page.goto(at('start.html'));
  await page.waitForURL(/site\/index\.html$/);
});
test('the poster is one printed page, and says how to begin', async () => {
  await page.goto(at('poster.html'));
  assert.equal(await page.textContent('h1'), '一门 <课> & 更多');
  assert.match(await page.textContent('main'), /start\.html/);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  assert.equal(pdf.match(/\/Type\s*\/Page\b/g).length, 1);
});
test('the update page knows the version, and a copy that is not of it', async () => {
  const state = async () => {
    await page.goto('about:blank');
    await page.goto(at('update.html'));
    return [await page.getAttribute('#state', 'class'), await page.textContent('#state')];
  };
  const commit = execFileSync('git', ['-C', join(work, 'site'), 'rev-parse', '--short=7', 'HEAD']).toString().trim();
  let [kind, text] = await state();
  assert.match(kind, /is-good/, text);
  assert.equal(await page.textContent('dl code'), commit);
  writeFileSync(join(stick, 'site/edition.js'), 'window.anjian={edition:{"commit":"' + '1234567'.padEnd(40, '0') + '","bundle":""}};');
  [kind, text] = await state();
  assert.match(kind, /is-bad/);
  assert.match(text, /1234567/);
  assert.deepEqual(session.trouble, []);
  renameSync(join(stick, 'site'), join(stick, 'elsewhere'));
  [kind, text] = await state();
  assert.match(kind, /is-bad/);
  assert.match(text, /site/);
});
