// lib - a browser for the tests: Debian's Chromium, pages from file://, no network at all; a site of a test's own.
// Must not know: any page of the course.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve, dirname, join } from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

export const top = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const anjian = resolve(top, process.env.ANJIAN || 'build/release/anjian');
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

export const binary = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

// Without a browser a file is skipped, loudly, where none has to be.
export function needBrowser() {
  if (binary || process.env.REQUIRE_BROWSER === '1') return;
  console.log('1..0 # SKIP no chromium on this machine');
  process.exit(0);
}

// A site of these pages ({name: text or bytes}) and a browser, there before the tests of a file and gone behind them;
// then({work, site, browser}) when they stand.
export function ownSite(name, pages, then) {
  needBrowser();
  const own = {};
  before(async () => {
    own.work = mkdtempSync(join(tmpdir(), `anjian-${name}-`));
    own.site = join(own.work, 'site');
    for (const [file, text] of Object.entries(pages)) {
      mkdirSync(dirname(join(own.work, 'src', file)), { recursive: true });
      writeFileSync(join(own.work, 'src', file), text);
    }
    execFileSync(anjian, ['-q', 'build', join(own.work, 'src'), '-o', own.site], { stdio: ['ignore', 'ignore', 'inherit'] });
    own.browser = await chromium.launch({ executablePath: binary, args: ['--no-sandbox'] });
    then(own);
  });
  after(async () => {
    if (own.browser) await own.browser.close();
    if (own.work) rmSync(own.work, { recursive: true, force: true });
  });
}
// A page that keeps in page.faults whatever it says, or asks for outside its folder. Leaving a page early stops what it was
// still loading: no fault.
export function watch(page) {
  page.faults = [];
  page.on('console', (m) => page.faults.push(m.text()));
  page.on('pageerror', (e) => page.faults.push(e.message));
  page.on('request', (r) => { if (!/^(file|data|blob):/.test(r.url())) page.faults.push(r.url()); });
  page.on('requestfailed', (r) => { if (!r.failure() || r.failure().errorText !== 'net::ERR_ABORTED') page.faults.push('failed: ' + r.url()); });
  page.setDefaultTimeout(90000); // a machine under load is slow, not wrong
  return page;
}

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
