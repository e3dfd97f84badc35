#!/usr/bin/env -S node --test-reporter=tap
// editions - two editions in one site and in one zip: the switcher leads to the same page, from file://.
// Must not know: how the editions are built.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, test } from 'node:test';
import { open, run, top } from './lib.mjs';

const anjian = process.env.ANJIAN || join(top, 'build/release/anjian');
const work = mkdtempSync(join(tmpdir(), 'editions-'));
const repo = join(work, 'repo');
after(() => rmSync(work, { recursive: true, force: true }));
const page = (name, text) => writeFileSync(join(repo, 'cases', name), `---\ntitle: 储罐\nsources: [示例]\n---\n\n${text}\n`);

mkdirSync(join(repo, 'cases'), { recursive: true });
run('git', ['init', '-q', '-b', 'main'], repo);
writeFileSync(join(repo, 'site.yaml'), 'title: 示例站\neditions: ["v*"]\n');
page('tank.md', '先通风。');
page('old.md', '旧的一页。');
run('git', ['add', '.'], repo);
run('git', ['commit', '-q', '-m', '第一版', '-m', 'Change: substance'], repo);
run('git', ['tag', 'v1'], repo);
run('git', ['tag', 'other'], repo);
page('tank.md', '先通风，再检测。');
run('git', ['rm', '-q', 'cases/old.md'], repo);
page('new.md', '新的一页。');
run('git', ['add', '.'], repo);
run('git', ['commit', '-q', '-m', '第二版', '-m', 'Change: substance'], repo);
run(anjian, ['-q', 'build', repo, '--editions', '-o', join(work, 'site')], work);
run(anjian, ['-q', 'bundle', repo, '--editions', '--format', 'zip', '-o', join(work, 'site.zip')], work);
run(anjian, ['-q', 'diff', 'v1..', repo, '-o', join(work, 'review')], work);
run('unzip', ['-q', join(work, 'site.zip'), '-d', join(work, 'zip')], work);

for (const [what, root] of [['site', join(work, 'site')], ['zip', join(work, 'zip/site')]]) {
  const url = (path) => pathToFileURL(join(root, path)).href;
  test(`${what}: there and back, to the same page`, async () => {
    const { browser, page: tab, trouble } = await open();
    try {
      await tab.goto(url('cases/tank.html'));
      assert.match(await tab.textContent('.editions summary'), /当前版/);
      assert.equal(await tab.locator('.editions li').count(), 2); // the tag `other` is no edition
      await tab.click('.editions summary');
      const link = tab.locator('.editions a');
      assert.ok((await link.boundingBox()).height >= 44);
      await link.click();
      assert.equal(tab.url(), url('editions/v1/cases/tank.html'));
      const text = await tab.textContent('main');
      assert.match(text, /先通风。/);
      assert.doesNotMatch(text, /再检测/);
      assert.match(await tab.textContent('.editions summary'), /旧版\s*v1/);
      await tab.focus('.editions summary');
      await tab.keyboard.press('Enter');
      await tab.keyboard.press('Tab');
      await tab.keyboard.press('Enter');
      await tab.waitForURL(url('cases/tank.html'));
      assert.deepEqual(trouble, []);
    } finally {
      await browser.close();
    }
  });
  test(`${what}: what changed since an edition, and word by word`, async () => {
    const { browser, page: tab, trouble } = await open({ javaScriptEnabled: false });
    try {
      await tab.goto(url('changes.html'));
      await tab.click('main a:has-text("v1")');
      assert.equal(tab.url(), url('changes/since-v1.html'));
      const text = await tab.textContent('main');
      assert.match(text, /储罐/);
      assert.match(text, /新页面/);
      assert.match(text, /cases\/old\.md/);
      await tab.click('main a:has-text("看改了什么")');
      assert.match(await tab.textContent('.diff ins'), /再检测/);
      assert.deepEqual(trouble, []);
    } finally {
      await browser.close();
    }
  });
  test(`${what}: a page that the other edition has not`, async () => {
    const { browser, page: tab, trouble } = await open({ javaScriptEnabled: false });
    try {
      for (const [from, to] of [['cases/new.html', 'editions/v1/index.html'], ['editions/v1/cases/old.html', 'index.html']]) {
        await tab.goto(url(from));
        await tab.click('.editions summary');
        assert.match(await tab.textContent('.editions a'), /没有这一页/);
        await tab.click('.editions a');
        assert.equal(tab.url(), url(to));
      }
      assert.deepEqual(trouble, []);
    } finally {
      await browser.close();
    }
  });
}

// On a phone nothing is wider than the screen; on paper new and gone are told without colour.
test('review site and diff pages: narrow, and on paper', async () => {
  const { browser, page: tab, trouble } = await open({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  const look = (selector) => tab.locator(selector).first().evaluate((e) => {
    const s = getComputedStyle(e);
    return `${s.textDecorationLine} ${s.fontWeight} ${s.backgroundColor}`;
  });
  try {
    for (const path of ['review/index.html', 'review/pages/cases/tank.html', 'review/pages/cases/new.html', 'site/changes/cases/tank-2.html', 'site/changes/since-v1.html']) {
      await tab.goto(pathToFileURL(join(work, path)).href);
      assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path);
      if (await tab.locator('.review-sides').count()) {
        const [before, after] = await tab.locator('.review-sides th').evaluateAll((l) => l.map((e) => e.offsetWidth));
        assert.ok(Math.abs(before - after) < 3, 'before and after are of one width');
      }
      await tab.emulateMedia({ media: 'print' });
      for (const [selector, line] of [['main .diff ins', 'underline'], ['main .diff del', 'line-through']]) {
        if (await tab.locator(selector).count()) assert.match(await look(selector), new RegExp(`^${line} .*rgba\\(0, 0, 0, 0\\)`), path);
      }
      assert.ok(!await tab.locator('.editions').count() || !await tab.locator('.editions').isVisible(), 'no switcher on paper');
      await tab.emulateMedia({ media: 'screen' });
    }
    await tab.goto(pathToFileURL(join(work, 'site/editions/v1/cases/tank.html')).href);
    await tab.emulateMedia({ media: 'print' });
    assert.match(await tab.innerText('.editions'), /您看的是旧版/, 'paper of an old edition says so');
    assert.deepEqual(trouble, []);
  } finally {
    await browser.close();
  }
});
