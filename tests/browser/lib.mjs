// lib - a browser for the tests: Debian's Chromium, pages from file://, no network at all.
// Must not know: any page of the course.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve, dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

export const top = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const site = process.env.SITE || resolve(top, 'dist/site');
export const address = (path) => pathToFileURL(resolve(site, path)).href;

// anjian or git in a folder, as one editor whom no settings of this machine reach.
const env = {
  ...process.env, ANJIAN_DATA: top, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: '编辑', GIT_AUTHOR_EMAIL: 'e@example.org', GIT_COMMITTER_NAME: '编辑', GIT_COMMITTER_EMAIL: 'e@example.org',
};
export const run = (program, args, cwd) => execFileSync(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });

// What a player knows of a question: an exam's page says it, sealed; a practice's script says it.
export const dataOf = (q) => q.evaluate((el) => (el.dataset.exam ? JSON.parse(el.dataset.exam) : window.anjian.questions[/\d+$/.exec(el.id) - 1]));

const binary = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

// A page that keeps what went wrong: console errors, exceptions, requests that leave the folder.
export async function open(options = {}) {
  if (!binary) throw new Error('no Chromium: apt-get install chromium');
  const browser = await chromium.launch({
    executablePath: binary,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'zh-CN', offline: true, ...options });
  const page = await context.newPage();
  const trouble = [];
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) trouble.push(`${m.type()}: ${m.text()} at ${page.url()}`); });
  page.on('pageerror', (e) => trouble.push(`exception: ${e.message} at ${page.url()}`));
  page.on('requestfailed', (r) => { if (r.failure() && r.failure().errorText !== 'net::ERR_ABORTED') trouble.push(`failed: ${r.url()}`); });
  page.on('request', (r) => { if (!/^(file|data|about):/.test(r.url())) trouble.push(`left the folder: ${r.url()}`); });
  return { browser, context, page, trouble };
}
