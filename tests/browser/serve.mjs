#!/usr/bin/env -S node --test --test-reporter=tap
// serve - the live preview in a real browser: reload, problems over the page, the page's own policy.
//
// Must not know: the real course.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { anjian, binary as program, needBrowser } from './lib.mjs';

needBrowser();

const site = fs.mkdtempSync(path.join(os.tmpdir(), 'serve-browser-'));
const said = [];
let server;
let browser;
let page;
let url;

function write(file, text) {
  fs.mkdirSync(path.dirname(path.join(site, file)), { recursive: true });
  fs.writeFileSync(path.join(site, file), text);
}

before(async () => {
  write('index.md', '# 首页\n\n第一稿。\n');
  write('cases/tank.md', '# 罐内作业\n\n氧含量不足。\n');
  server = spawn(anjian, ['serve', site, '--port', '0'],
    { env: { ...process.env, LC_ALL: 'zh_CN.UTF-8' } });
  server.stderr.resume();
  url = await new Promise((resolve, reject) => {
    server.stdout.on('data', (data) => resolve(String(data).trim()));
    server.on('exit', () => reject(new Error('anjian serve ended early')));
  });
  browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  page = await browser.newPage();
  // The first answers may be 404, before there is a site; the browser notes that.
  page.on('console', (message) => /status of 404/.test(message.text()) || said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
});

after(async () => {
  if (browser) await browser.close();
  if (server) {
    server.removeAllListeners('exit');
    const ended = new Promise((resolve) => server.on('exit', resolve));
    server.kill('SIGINT');
    assert.equal(await ended, 0);
  }
  fs.rmSync(site, { recursive: true, force: true });
});

test('a page opened before the first build is done shows it when it is', async () => {
  await page.goto(url);
  await page.waitForSelector('text=第一稿');
});

test('an edit shows by itself, and the place on the page is kept', async () => {
  const lines = Array.from({ length: 200 }, (_, i) => `第 ${i} 行。\n`).join('\n');
  write('index.md', `# 首页\n\n第二稿。\n\n${lines}`);
  await page.waitForSelector('text=第二稿');
  await page.evaluate(() => window.scrollTo(0, 1500));
  write('index.md', `# 首页\n\n第三稿。\n\n${lines}`);
  await page.waitForSelector('text=第三稿');
  await page.waitForFunction(() => window.scrollY > 1000);
});

test('a mistake lies over the page as plain text, and can be closed', async () => {
  write('cases/bad.md', '---\ntitle: [<b>\n---\n\n正文\n');
  const box = page.locator('#anjian-problems');
  await box.waitFor();
  assert.match(await box.locator('pre').textContent(), /cases\/bad\.md:\d+:\d+: 错误/);
  assert.equal(await box.locator('pre *').count(), 0);
  const button = await box.locator('button').boundingBox();
  assert.ok(button.width >= 44 && button.height >= 44);
  await box.locator('button').click();
  assert.equal(await box.count(), 0);
});

test('mended, the mistake goes away by itself', async () => {
  await page.reload();
  await page.locator('#anjian-problems').waitFor();
  fs.rmSync(path.join(site, 'cases/bad.md'));
  await page.locator('#anjian-problems').waitFor({ state: 'detached' });
});

test('nothing breaks the policy of the page', () => {
  assert.deepEqual(said, []);
});

test('the page for what is missing has its looks at any depth', async () => {
  const answer = await page.goto(`${url}a/b/none.html`);
  assert.equal(answer.status(), 404);
  const sheets = await page.evaluate(() => Array.from(document.styleSheets,
    (sheet) => { try { return sheet.cssRules.length; } catch { return 0; } }));
  assert.ok(sheets.length > 0 && sheets.every((count) => count > 0), JSON.stringify(sheets));
});
