#!/usr/bin/env -S node --test --test-reporter=tap
// since - a kiosk tells what changed since this worker passed: from file://, by versions of git.
//
// A repository of one course; learned at one commit, then the same folder built again at later ones.
// Must not know: what else a kiosk does (kiosk.mjs), how a diff page looks.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { open, run, top } from './lib.mjs';

const anjian = process.env.ANJIAN || join(top, 'build/release/anjian');
const work = mkdtempSync(join(tmpdir(), 'since-'));
const repo = join(work, 'repo');
after(() => rmSync(work, { recursive: true, force: true }));
function put(name, text) {
  mkdirSync(dirname(join(repo, name)), { recursive: true });
  writeFileSync(join(repo, name), text);
}
const page = (title, text) => `---\ntitle: ${title}\nsources: [示例]\n---\n\n${text}\n`;
function commit(subject, change) {
  run('git', ['add', '-A'], repo);
  run('git', ['commit', '-q', '-m', subject, ...(change ? ['-m', `Change: ${change}`] : [])], repo);
}
const build = (from) => run(anjian, ['-q', 'build', from || repo, '-o', join(work, 'site')], work);

mkdirSync(repo);
run('git', ['init', '-q', '-b', 'main'], repo);
put('site.yaml', 'title: 小站\nbase_url: https://example.org/since/\n');
put('cases/tank.md', page('罐内作业', '先通风。\n\n人进罐以前，先把料放净，再把盲板加上，牌子挂好，钥匙自己拿着。'));
put('cases/gas.md', page('硫化氢', '闻到臭鸡蛋味就撤。'));
put('courses/first.md', '---\ntitle: 第一课\npages: [cases/tank.md, cases/gas.md]\n---\n按顺序学。\n');
commit('第一版', 'substance');
build();

async function enter(tab, number) {
  await tab.click('#k-start');
  for (const digit of number) await tab.click(`#k-keys button:text-is("${digit}")`);
  await tab.click('#k-number-ok');
  await tab.waitForSelector('#k-home:not([hidden])');
}
async function frameOf(tab) {
  await tab.waitForSelector('iframe.k-ready');
  return tab.frames().find((f) => f !== tab.mainFrame());
}
// Through both lessons to the end.
async function learn(tab) {
  await tab.click('.k-card-go');
  for (let i = 0; i < 20 && !await tab.locator('#k-home').isVisible(); i++) {
    await frameOf(tab);
    const before = await tab.evaluate(() => document.querySelector('iframe').src + document.querySelector('#k-where-at').textContent);
    await tab.click('#k-next');
    await tab.waitForFunction((b) => !document.querySelector('iframe') ||
      document.querySelector('iframe').src + document.querySelector('#k-where-at').textContent !== b, before);
  }
  assert.match(await tab.textContent('.k-card-state'), /已完成/);
}
const visit = (tab) => tab.goto(pathToFileURL(join(work, 'site/kiosk.html')).href);
async function firstVisit(tab) {
  await visit(tab);
  await enter(tab, '1001');
  await learn(tab);
  await tab.click('#k-leave');
}

test('what changed since, change by change, then the page again', async () => {
  build();
  const { browser, page: tab, trouble } = await open();
  try {
    await firstVisit(tab);

    put('cases/gas.md', page('硫化氢', '闻到臭鸡蛋味，马上撤。'));
    commit('改一个词', 'wording');
    put('cases/tank.md', page('罐内作业', '先通风，再检测。\n\n人进罐以前，先把料放净，再把盲板加上，牌子挂好，钥匙自己拿着。'));
    commit('加上检测', 'substance');
    put('cases/tank.md', page('罐内作业', '先通风，再检测，有人监护。\n\n人进罐以前，先把料放净，再把盲板加上，牌子挂好，钥匙自己拿着。'));
    commit('加上监护', 'substance');
    run('git', ['mv', 'cases/tank.md', 'cases/vessel.md'], repo);
    put('courses/first.md', '---\ntitle: 第一课\npages: [cases/vessel.md, cases/gas.md]\n---\n按顺序学。\n');
    commit('改名', 'wording');
    build();

    await visit(tab);
    await enter(tab, '2002'); // who never was here is told of no change
    assert.match(await tab.textContent('.k-card-state'), /要学 0 \/ 2/);
    assert.equal(await tab.locator('.k-since').count(), 0);
    await tab.click('#k-leave');
    await enter(tab, '1001');
    assert.match(await tab.textContent('.k-card-state'), /内容改了，要重学 1 \/ 2/); // other words are no reason
    const since = tab.locator('.k-since:visible');
    assert.equal(await since.innerText(), '上次通过后改了什么');
    assert.ok((await since.boundingBox()).height >= 44);
    await tab.click('.k-all');
    assert.equal(await since.count(), 2, 'on the card and in the list, at the changed step alone');
    await since.first().click();
    let frame = await frameOf(tab);
    assert.match(frame.url(), /changes\/cases\/vessel-2\.html/);
    assert.deepEqual(await frame.locator('.diff ins').allInnerTexts(), ['，再检测']);
    assert.equal(await tab.locator('#k-next').innerText(), '下一页');
    await tab.click('#k-next');
    await tab.waitForFunction(() => /vessel-3/.test(document.querySelector('iframe').src));
    frame = await frameOf(tab);
    assert.deepEqual(await frame.locator('.diff ins').allInnerTexts(), ['，有人监护']);
    assert.equal(await tab.locator('#k-next').innerText(), '再学一遍');
    await tab.click('#k-next');
    await tab.waitForFunction(() => /cases\/vessel\.html/.test(document.querySelector('iframe').src) &&
      !/changes/.test(document.querySelector('iframe').src));
    await frameOf(tab);
    await tab.click('#k-home-button');
    assert.match(await tab.textContent('.k-card-state'), /内容改了/); // to have seen the changes is not to have learned
    await learn(tab);
    assert.equal(await tab.locator('.k-since').count(), 0);
    await tab.click('#k-leave');
    const all = await tab.evaluate(() => document.documentElement.outerHTML + JSON.stringify(localStorage));
    assert.ok(!/1001|2002/.test(all), 'the number is kept nowhere');
    assert.deepEqual(trouble, []);
  } finally {
    await browser.close();
  }
});

test('without storage, or where versions are not to be relied on, nothing is claimed', async () => {
  build();
  const { browser, page: tab, trouble } = await open();
  try {
    await firstVisit(tab);
    put('cases/gas.md', page('硫化氢', '闻到臭鸡蛋味，马上撤，报告班长。'));
    commit('报告', 'substance');
    run('git', ['clone', '-q', '--depth', '1', pathToFileURL(repo).href, join(work, 'shallow')], work);
    build(join(work, 'shallow')); // counts one version only
    await visit(tab);
    await enter(tab, '1001');
    assert.match(await tab.textContent('.k-card-state'), /内容改了，要重学 1 \/ 2/);
    assert.equal(await tab.locator('.k-since').count(), 0);
    build();
    await visit(tab);
    await enter(tab, '1001');
    assert.equal(await tab.locator('.k-since:visible').count(), 1);
    await tab.addInitScript(() => Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } }));
    await visit(tab);
    await enter(tab, '1001');
    assert.match(await tab.textContent('.k-card-state'), /要学 0 \/ 2/);
    assert.equal(await tab.locator('.k-since').count(), 0);
    await learn(tab); // in memory, as long as the page stands
    await tab.click('#k-leave');
    await enter(tab, '1001');
    assert.match(await tab.textContent('.k-card-state'), /已完成/);
    assert.deepEqual(trouble, []);
  } finally {
    await browser.close();
  }
});
