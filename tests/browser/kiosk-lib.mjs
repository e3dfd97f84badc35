// kiosk-lib - a small site with the kiosk's settings, a browser, and the moves of a visit, for the tests of the kiosk.
//
// Importing it builds the site before the tests and takes it away after them.
// Must not know: what a test wants to see, the real course.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { load } from '../tools/record.mjs';
import { dataOf, ownSite, watch, top as root, binary as program } from './lib.mjs';

export { root, program, watch };
export const records = load();
export const pages = {
  'site.yaml': `title: 小站
base_url: https://example.org/small/
taxonomies: [hazards]
params: { kiosk: { pin: "2468", idle: 60 } }
`,
  'cases/tank.md': `---
title: 罐内作业
summary: 一句话。
date: 2026-01-02
deaths: 1
direct_cause: 未通风。
lessons: [先通风，再检测]
hazards: [受限空间]
sources: [{ text: 外面的来源, url: 'https://example.com/' }]
---
## 第一节

[听这一节](tank.wav)

第一段，见[第二课](gas.md)，也见[外面](https://example.com/)。

## 第二节

第二段。
`,
  'cases/gas.md': '---\ntitle: 硫化氢\nhazards: [中毒]\nsources: [测试用]\n---\n正文。\n',
  'courses/first.md': '---\ntitle: 第一课\nhours: 0.5\npages: [cases/tank.md, cases/gas.md]\nexam: quizzes/exam.md\n---\n按顺序学。\n',
  'quizzes/exam.md': `---
title: 小测
测验: 小测
及格线: 60
打乱: [题目, 选项]
---
${[1, 2, 3, 4].map((n) => `### 【单选】第 ${n} 题（　）。\n编号：k-${n}\n- [x] 对的答案${n}\n- [ ] 错的答案${n}\n- [ ] 另一个${n}\n`).join('\n')}`,
  'quizzes/final.md': `---
title: 大考
测验: 大考
模式: 考试
及格线: 60
限时: 10分钟
---
${[1, 2].map((n) => `### 【单选】大 ${n} 题（　）。\n编号：e-${n}\n- [x] 对的答案${n}\n- [ ] 错的答案${n}\n\n> 解析：为什么${n}。\n`).join('\n')}
### 【简答】为什么？
分值：2｜编号：e-4

> 参考答案：参考的话。

评分要点：

- 要点甲 （1分）
- 要点乙 （1分）

### 【填空】先（　）。
编号：e-3

答案：通风
`,
  'courses/second.md': '---\ntitle: 第二课\nvalid: 12\npages: [cases/gas.md]\nexam: quizzes/final.md\n---\n学。\n',
};
const wav = Buffer.alloc(44 + 16000); // a second of silence
wav.write('RIFF', 0); wav.writeUInt32LE(36 + 16000, 4); wav.write('WAVEfmt ', 8); wav.writeUInt32LE(16, 16);
wav.writeUInt16LE(1, 20); wav.writeUInt16LE(1, 22); wav.writeUInt32LE(8000, 24); wav.writeUInt32LE(16000, 28);
wav.writeUInt16LE(2, 32); wav.writeUInt16LE(16, 34); wav.write('data', 36); wav.writeUInt32LE(16000, 40);
export let work, site, browser;
ownSite('kiosk', { ...pages, 'cases/tank.wav': wav }, (own) => ({ work, site, browser } = own));

export const address = pathToFileURL.bind(null);
export async function open(options = {}, init, query = '?station=3') {
  const context = await browser.newContext({ offline: true, viewport: { width: 1080, height: 1400 }, acceptDownloads: true, ...options });
  const page = watch(await context.newPage());
  if (init) await page.addInitScript(init);
  await page.goto(address(path.join(site, 'kiosk.html')).href + query);
  return page;
}
export const noStorage = () => Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } });
export const frameOf = async (page) => {
  await page.waitForSelector('iframe.k-ready');
  return page.frames().find((f) => f !== page.mainFrame());
};
export async function enter(page, number) {
  await page.click('#k-start');
  for (const digit of number) await page.click(`#k-keys button:text-is("${digit}")`);
  await page.click('#k-number-ok');
  await page.waitForSelector('#k-home:not([hidden])');
}
export async function startExam(page) {
  if (await page.locator('.k-all').first().getAttribute('aria-expanded') === 'false') await page.click('.k-all');
  await page.click('.k-step[data-kind="quiz"]');
  return frameOf(page);
}
export const visible = (frame) => frame.locator('fieldset.question:visible');
export async function answer(frame, right) {
  const q = visible(frame).first();
  await q.locator('.q-option', { hasText: right ? '对的答案' : '错的答案' }).click();
  await q.locator('.q-actions button:visible').first().click();
}
export async function goOn(frame) {
  await visible(frame).first().locator('.q-actions button:visible').last().click();
}
export async function exam(page, right) {
  const frame = await startExam(page);
  for (const is of right) {
    await answer(frame, is);
    await goOn(frame);
  }
  await page.waitForSelector('#k-result:not([hidden])');
}
// One screen on, and there.
export async function turn(page) {
  const before = await page.evaluate(() => document.querySelector('iframe').src + document.querySelector('#k-where-at').textContent);
  await page.click('#k-next');
  await page.waitForFunction((b) => document.querySelector('iframe').src + document.querySelector('#k-where-at').textContent !== b, before);
  return frameOf(page);
}
export async function fileOf(page, button) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  return { name: download.suggestedFilename(), text: fs.readFileSync(await download.path(), 'utf8') };
}
export const idsOf = async (frame) => Promise.all((await frame.locator('fieldset.question').all()).map(async (q) => (await dataOf(q)).id));
export const statements = (text) => text.trim().split('\n').map((l) => JSON.parse(l));
export const verbs = (text) => statements(text).map((s) => s.verb.display.en).join(' ');
