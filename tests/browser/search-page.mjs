#!/usr/bin/env -S node --test-reporter=tap
// search-page.mjs - the page on which people search: filters, suggestions, keys on the screen, ways on, faults, marks.
//
// A small site of its own, in a real browser from file://. Must not know: how pages are found.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { open, run, top } from './lib.mjs';

const anjian = path.resolve(process.env.ANJIAN || path.join(top, 'build/release/anjian'));
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'anjian-search-page-'));
const site = path.join(work, 'site'), broken = path.join(work, 'broken');
const { browser, page, trouble } = await open();
test.after(() => browser.close());
test.after(() => fs.rmSync(work, { recursive: true, force: true }));

const put = (name, text) => {
  fs.mkdirSync(path.dirname(path.join(work, 'in', name)), { recursive: true });
  fs.writeFileSync(path.join(work, 'in', name), text);
};
const sources = 'sources: [某报]';
put('site.yaml', 'title: 搜索页\nsynonyms:\n  - [受限空间, 有限空间]\n');
put('cases/tank.md', `---\ntitle: 罐内中毒\n${sources}\ntags: [受限空间]\nhazards: [硫化氢]\nposts: [监护人]\nlevel: 较大事故\n---\n进罐作业以前没有通风，也没有检测。\n\n## 盲目施救\n\n三个人先后进入，作业票上没有监护人。\n`);
put('cases/dust.md', `---\ntitle: 粉尘爆炸\n${sources}\ntags: [除尘]\nhazards: [粉尘]\nposts: [清扫工]\nlevel: 重大事故\n---\n清扫作业以前没有停机。\n`);
put('lessons/air.md', '---\ntitle: 先通风再作业\ntags: [通风]\nhazards: [硫化氢]\nposts: [监护人]\n---\n作业以前先通风，ＬＯＴＯ 上锁挂牌。\n');
put('pages/old.md', '---\ntitle: 旧文\n---\n稱職的負責人在作業以前檢測。&lt;b&gt; a.*b\n');
// Pages that hold the words 通风 and 检测 side by side, and others that hold them apart in one unit.
for (let n = 1; n <= 9; n++) put(`pages/near${n}.md`, `---\ntitle: 第${n}篇\n---\n${n % 3 ? '每班阀井巡查' : '每班阀组、组井、井巡、巡查'}，记在台账上。\n`);
run(anjian, ['-q', 'build', path.join(work, 'in'), '-o', site]);

const input = page.locator('#q'), status = page.locator('#search-status'), results = page.locator('#search-results > li.result');
const said = () => page.waitForFunction(() => document.getElementById('search-status').textContent.trim());
const ask = async (query, where = site) => {
  await page.goto(`${pathToFileURL(path.join(where, 'search.html'))}${query ? `?q=${encodeURIComponent(query)}` : ''}`);
  if (query) await said();
};
const titles = () => results.locator('h3').allTextContents();
const calm = () => assert.deepEqual(trouble.splice(0), []);
const facet = (name) => page.locator(`.facet[aria-label="${name}"]`);
const axe = fs.readFileSync(path.join(top, 'tests/browser/node_modules/axe-core/axe.min.js'), 'utf8');
const clean = async (what) => {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run({ preload: false }).then((r) => r.violations.map((v) => `${v.id} ${v.nodes.map((n) => n.target)}`)));
  assert.deepEqual(found, [], what);
};

test('every filter narrows what is shown, by keyboard, and the focus stays on it', async () => {
  for (const [name, value, pages] of [['类别', '党课', 1], ['标签', '除尘', 1], ['危险因素', '硫化氢', 2], ['岗位', '监护人', 2], ['等级', '重大事故', 1]]) {
    await ask('作业');
    await page.locator('.facet-more').press('Enter');
    const button = facet(name).getByRole('button', { name: new RegExp(`^${value} ${pages}$`) });
    await button.waitFor();
    assert.ok(await page.evaluate(() => document.activeElement.closest('.facet')), 'the focus goes to the filters');
    await button.press('Enter');
    const pressed = page.locator('.facet [aria-pressed="true"]');
    await pressed.waitFor();
    await page.waitForFunction((n) => document.querySelectorAll('li.result').length === n, pages);
    assert.match(await status.textContent(), new RegExp(`找到 ${pages} 页`));
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-pressed')), 'true', name);
    await clean(`filter ${name}`);
    await page.keyboard.press('Enter');
    await page.waitForFunction((n) => document.querySelectorAll('li.result').length > n, pages);
  }
  calm();
});

test('letters offer words of the site, whole ones first; the list is a combobox', async () => {
  await ask('');
  await input.pressSequentially('sx');
  const offered = page.getByRole('option');
  await offered.first().waitFor();
  assert.equal(await offered.first().textContent(), '受限空间');
  assert.deepEqual(await input.evaluate((e) => ['role', 'aria-expanded', 'aria-controls', 'aria-autocomplete'].map((a) => e.getAttribute(a))),
    ['combobox', 'true', 'search-suggestions', 'list']);
  await clean('suggestions');
  await page.keyboard.press('ArrowDown');
  assert.equal(await input.getAttribute('aria-activedescendant'), 'search-suggestion-0');
  assert.equal(await offered.first().getAttribute('aria-selected'), 'true');
  await page.keyboard.press('Escape');
  assert.equal(await input.getAttribute('aria-expanded'), 'false');
  assert.ok(await page.locator('#search-suggestions').isHidden());
  calm();
});

test('the keys on the screen: letters and digits, back, empty, and pinyin to a word and its page', async () => {
  await ask('');
  const toggle = page.getByRole('button', { name: '屏幕键盘' });
  await toggle.click();
  assert.equal(await toggle.getAttribute('aria-expanded'), 'true');
  const keys = page.locator('.search-keys button'), key = (c) => page.locator('.search-keys').getByRole('button', { name: c, exact: true });
  const names = await keys.allTextContents();
  assert.equal(names.filter((k) => /^[a-z0-9]$/.test(k)).sort().join(''), '0123456789abcdefghijklmnopqrstuvwxyz');
  for (const c of 'x5') await key(c).click();
  await key('退格').click();
  assert.equal(await input.inputValue(), 'x');
  await key('清空').click();
  assert.equal(await input.inputValue(), '');
  for (const c of 'sxkj') await key(c).click();
  await page.getByRole('option', { name: '受限空间' }).click();
  assert.equal(await input.inputValue(), '受限空间');
  await results.first().waitFor();
  assert.equal((await titles())[0], '罐内中毒');
  await clean('keys');
  for (const [width, height] of [[390, 844], [1280, 800]]) {
    await page.setViewportSize({ width, height });
    await key('清空').click();
    for (const c of 'sx') await key(c).click();
    await page.getByRole('option').first().waitFor();
    const low = await keys.last().evaluate((e) => e.getBoundingClientRect().bottom);
    assert.ok(low <= height, `the last key ends at ${low} of ${height}`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  calm();
});

test('where nothing is found there is a way on', async () => {
  await ask('龘靐齉');
  assert.match(await status.textContent(), /没有找到/);
  assert.equal(await results.count(), 0);
  await clean('no result');
  await facet('危险因素').getByRole('button').first().press('Enter');
  await results.first().waitFor();
  assert.doesNotMatch(await status.textContent(), /没有找到/);
  assert.ok(await page.locator('.search-browse a').count() >= 3);
  calm();
});

test('what was found is marked on the result and on its page, in the form that the page has', async () => {
  for (const [query, marked] of [['盲目施救', '盲目施救'], ['稱職', '稱職'], ['loto', 'ＬＯＴＯ'], ['mangmushijiu', '盲目施救']]) {
    await ask(query);
    await results.first().waitFor();
    assert.ok((await results.first().locator('mark').allTextContents()).includes(marked), query);
    await results.first().locator('a').click();
    await page.locator('.prose mark').first().waitFor();
    assert.ok((await page.locator('.prose mark').allTextContents()).includes(marked), `${query} on its page`);
  }
  calm();
});

test('pages that hold the words as typed stand above a line, the others below', async () => {
  await ask('阀井巡查');
  await page.locator('.results-line').first().waitFor();
  const seen = await page.$$eval('#search-results > li', (list) => list.map((li) => (li.className === 'result' ? li.querySelector('h3').textContent : 'line')));
  const at = seen.indexOf('line');
  assert.deepEqual(seen.slice(0, at).sort(), [1, 2, 4, 5, 7, 8].map((n) => `第${n}篇`));
  assert.match(await status.textContent(), /找到 6 页/);
  assert.ok(seen.slice(at + 1).every((t) => !/第[124578]篇/.test(t)));
  calm();
});

test('odd queries are answered or refused kindly, and nothing is put in', async () => {
  const odd = ['安'.repeat(10000), 'a'.repeat(10000), '。，！', '😀', '<script>window.hurt=1</script>', '<img src=x onerror="hurt=1">', '.*+?^${}()|[]\\', '%E5%', '__proto__', '-._/', '\u0000\u200b'];
  for (const query of odd) {
    await page.goto(`${pathToFileURL(path.join(site, 'search.html'))}?q=${encodeURIComponent(query)}`);
    await said();
    assert.equal(await page.locator('#search-status *, #search-results img, #search-results script').count(), 0, query.slice(0, 20));
    assert.equal(await page.evaluate(() => window.hurt), undefined);
  }
  assert.match(await status.textContent(), /没有找到/);
  await page.goto(`${pathToFileURL(path.join(site, 'search.html'))}?q=%E5%`); // no text at all
  await ask('安'.repeat(40));
  assert.match(await status.textContent(), /只按前 32 个字搜索/);
  calm();
});

test('files that are missing, cut short or of another build: a message, one retry key, the rest shown', async () => {
  const hurt = {
    missing: (file) => fs.rmSync(file),
    'cut short': (file) => fs.writeFileSync(file, fs.readFileSync(file, 'utf8').slice(0, -9)),
    'of another build': (file) => fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/^aj\("([^"]+)","[^"]*"/, 'aj("$1","00000000"')),
  };
  for (const [name, how] of Object.entries(hurt))
    for (const part of ['t', 'f']) {
      fs.rmSync(broken, { recursive: true, force: true });
      fs.cpSync(site, broken, { recursive: true });
      const folder = path.join(broken, 'search', part), list = fs.readdirSync(folder).sort();
      for (const file of part === 't' ? list : list.slice(0, list.length >> 1)) how(path.join(folder, file));
      await ask('作业', broken);
      await page.locator('#search-status button').waitFor();
      trouble.splice(0); // the browser says that a file is missing
      assert.equal((await status.textContent()).match(/没有读出来/g).length, 1, `${name}: said once`);
      assert.equal(await page.locator('#search-status button').count(), 1);
      if (part === 'f') assert.ok(await results.count() > 0, `${name}: the rest is shown`);
      if (name === 'missing') await clean('a fault');
      fs.cpSync(path.join(site, 'search'), path.join(broken, 'search'), { recursive: true });
      await page.locator('#search-status button').click();
      await page.waitForFunction(() => document.querySelectorAll('li.result').length >= 3 && // whole after the retry
        /^(?!.*没有读出来).*找到/.test(document.querySelector('#search-status').textContent));
      calm();
    }
});
test('a part of the search itself that is missing, cut short or spoilt: said, never an exception, whole after the retry', async () => {
  const cut = (file) => fs.writeFileSync(file, fs.readFileSync(file, 'utf8').slice(0, -9));
  const spoil = (file) => fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/"format":\d+/, '"format":1').replace(/^aj\((["'])/, 'aj($1x'));
  const renew = (...names) => {
    fs.rmSync(broken, { recursive: true, force: true });
    fs.cpSync(site, broken, { recursive: true });
    for (const [name, how] of names) how(path.join(broken, 'search', name));
  };
  // What each needs; whether anything is shown without it.
  for (const [name, query, rest] of [['manifest.js', '作业', false], ['text.js', '作业', false], ['other.js', 'zuoye', false], ['other.js', '有限空间', true], ['p', 'zuoye', false], ['extra.js', '作业', true], ['c', '作业', true]])
    for (const how of [(file) => fs.rmSync(file, { recursive: true }), cut, spoil]) {
      renew([name, (at) => (fs.statSync(at).isDirectory() ? fs.readdirSync(at).forEach((f) => how(path.join(at, f))) : how(at))]);
      const what = `${name}, ${query}, ${how.name || 'missing'}`;
      await ask(query, broken);
      if (rest) await results.first().waitFor();
      if (!/^(extra\.js|c)$/.test(name)) await page.locator('#search-status button').waitFor();
      const faults = trouble.splice(0).filter((t) => !/^failed: file|ERR_FILE_NOT_FOUND|Invalid or unexpected token|Unexpected end of input|missing \) after/.test(t)); // a file cut short is a syntax error, and the browser says so
      assert.deepEqual(faults, [], what);
      if (name === 'extra.js' || name === 'c') continue; // the page does without
      assert.match(await status.textContent(), /没有读出来/, what);
      fs.cpSync(path.join(site, 'search'), path.join(broken, 'search'), { recursive: true });
      await page.locator('#search-status button').click();
      await page.waitForFunction(() => document.querySelectorAll('li.result').length > 0 && // those of before may still stand there
        /^(?!.*没有读出来).*找到/.test(document.querySelector('#search-status').textContent));
      calm();
    }
});
