#!/usr/bin/env -S node --test --test-reporter=tap
// scorm - the packages in scorm-again, a learning platform's API, over loopback: status, score, answers
// and bookmark, for pass and for fail.
//
// The course is drawn by the theme as it is; its attempts come through anjian.listeners, the door that quizzes
// hand them to. A small exam is clicked through, right and wrong. Must not know: how a quiz is drawn.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, normalize, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { open, top } from './lib.mjs';

const anjian = resolve(process.env.ANJIAN || join(top, 'build/release/anjian'));
const player = dirname(createRequire(import.meta.url).resolve('scorm-again/package.json')) + '/dist/';
const types = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', xml: 'text/xml' };
const formats = [
  { name: 'scorm12', script: 'scorm12.min.js', api: 'API', make: 'new Scorm12API({autocommit:false})' },
  { name: 'scorm2004', script: 'scorm2004.min.js', api: 'API_1484_11', make: 'new Scorm2004API({autocommit:false})' },
];
let work, server, origin, session;

// A package of one page, unpacked, and a page that plays it.
function pack(f, site, page, name) {
  execFileSync(anjian, ['-q', 'bundle', site, '--format', f.name, '--page', page, '-o', join(work, name + '.zip')],
    { cwd: work, env: { ...process.env, ANJIAN_DATA: top } });
  execFileSync('unzip', ['-q', name + '.zip', '-d', name], { cwd: work });
  writeFileSync(join(work, name + '-lms.html'), `<!DOCTYPE html><meta charset="utf-8"><title>LMS</title><link rel="icon" href="data:,">
<script src="/player/${f.script}"></script><script>window.${f.api} = ${f.make};
</script>
<iframe id="sco" src="/${name}/scorm.html" width="1200" height="700"></iframe>`);
}
before(async () => {
  work = mkdtempSync(join(tmpdir(), 'anjian-scorm-'));
  mkdirSync(join(work, 'small'));
  writeFileSync(join(work, 'small/exam.md'), '---\n标题: 考试\n测验: 考试\n模式: 考试\n及格线: 60\n---\n'
    + '### 【单选】先做什么？\n编号：a\n- [x] 通风\n- [ ] 进入\n\n### 【判断】可以不检测。\n编号：b\n答案：错\n');
  for (const f of formats) {
    pack(f, join(top, 'content'), 'courses/first-course.html', f.name);
    pack(f, join(work, 'small'), 'exam.html', f.name + '-exam');
  }
  server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(request.url.replace(/[?#].*/, '')));
    const file = path.startsWith('/player/') ? player + path.slice(8) : join(work, path);
    try {
      const bytes = readFileSync(file);
      response.writeHead(200, { 'content-type': types[file.split('.').pop()] || 'application/octet-stream' });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${server.address().port}`;
  session = await open({ offline: false });
});
after(async () => {
  if (session) await session.browser.close();
  if (server) server.close();
  rmSync(work, { recursive: true, force: true });
});

// The frame that shows the site's page of this address.
async function shown(page, address) {
  for (let i = 0; i < 200; i++) {
    const frame = page.frames().find((f) => f.url().endsWith('/site/' + address));
    if (frame && await frame.evaluate(() => !!(window.anjian && anjian.listeners && anjian.listeners.length)).catch(() => false)) return frame;
    await page.waitForTimeout(50);
  }
  throw new Error(`${address} is not shown: ${page.frames().map((f) => f.url())}`);
}
const attempt = (percent) => ({ event: 'submitted', mode: 'exam', percent, passed: percent >= 80, partial: false, answers: [
  { id: 'yx-001', type: 'single', given: ['B'], points: 2, max: 2, right: true },
  { id: 'yx-002', type: 'multiple', given: ['A', 'C'], points: 0, max: 2, right: false },
  { id: 'yx-003', type: 'truefalse', given: ['true'], points: 1, max: 1, right: true },
  { id: '题 4', type: 'fill', given: ['19.5', '氧'], points: 2, max: 2, right: true }] });
const tell = (frame, what) => frame.evaluate((a) => anjian.listeners.forEach((listen) => listen(a)), what);

for (const f of formats) {
  const old = f.name === 'scorm12';
  const get = (page, key) => page.evaluate(([api, name]) => window[api].lmsGetValue(name), [f.api, key]);
  const status = async (page) => (old ? [await get(page, 'cmi.core.lesson_status')]
    : [await get(page, 'cmi.completion_status'), await get(page, 'cmi.success_status')]);

  for (const percent of [90, 45]) {
    test(`${f.name}: ${percent} of 100`, async () => {
      const { page } = session;
      await page.goto(`${origin}/${f.name}-lms.html`);
      const course = await shown(page, 'courses/first-course.html');
      assert.equal((await status(page))[0], 'incomplete');
      const exam = await course.getAttribute('.step-exam a', 'href');
      const address = normalize('courses/' + exam);
      // practice on the way does not count
      await tell(course, attempt(100));
      assert.equal((await status(page))[0], 'incomplete');
      await course.click('.step-exam a');
      const frame = await shown(page, address);
      assert.equal(await get(page, old ? 'cmi.core.lesson_location' : 'cmi.location'), address);
      await tell(frame, attempt(percent));
      const word = percent >= 80 ? 'passed' : 'failed';
      assert.deepEqual(await status(page), old ? [word] : ['completed', word]);
      assert.equal(Number(await get(page, old ? 'cmi.core.score.raw' : 'cmi.score.raw')), percent);
      if (!old) assert.equal(Number(await get(page, 'cmi.score.scaled')), percent / 100);
      const cmi = await page.evaluate((api) => JSON.parse(JSON.stringify(window[api].cmi)), f.api);
      const list = cmi.interactions.childArray || Object.values(cmi.interactions);
      const told = list.filter((i) => i && i.id).map((i) => [i.id, i.type, i.student_response ?? i.learner_response, i.result]);
      assert.deepEqual(told, [
        ['yx-001', 'choice', 'b', 'correct'],
        ['yx-002', 'choice', old ? 'a,c' : 'a[,]c', old ? 'wrong' : 'incorrect'],
        ['yx-003', 'true-false', old ? 't' : 'true', 'correct'],
        [encodeURIComponent('题 4'), 'fill-in', '["19.5","氧"]', 'correct']]);
    });
  }
}
for (const f of formats) {
  const old = f.name === 'scorm12';
  // right answers, wrong answers
  for (const good of [true, false]) {
    test(`${f.name}: an exam clicked through, all ${good ? 'right' : 'wrong'}`, async () => {
      const { page } = session;
      await page.goto(`${origin}/${f.name}-exam-lms.html`);
      await page.evaluate(() => localStorage.clear()); // the attempt before was another learner's
      await page.goto(`${origin}/${f.name}-exam-lms.html`);
      const exam = await shown(page, 'exam.html');
      await exam.click('.quiz-begin'); // what plays is fetched now
      await exam.waitForSelector('.exam-nav .button-primary, .exam-panel .button-primary', { state: 'visible' });
      const start = exam.locator('.exam-panel button', { hasText: '开始考试' });
      if (await start.count()) await start.click();
      for (let i = 0; i < 2; i++) {
        const want = good ? ['通风', '错'] : ['进入', '对'];
        const question = exam.locator('fieldset.question:not(.q-off)');
        const options = await question.locator('.q-option').allInnerTexts();
        await question.locator('.q-option').nth(options.findIndex((text) => want.some((w) => text.includes(w)))).click();
        await exam.click('.exam-nav .button-primary');
      }
      await exam.click('.exam-panel .button-primary');
      await exam.waitForSelector('#quiz-result', { state: 'visible' });
      const cmi = await page.evaluate((api) => JSON.parse(JSON.stringify(window[api].cmi)), f.api);
      const word = good ? 'passed' : 'failed';
      assert.deepEqual(old ? [cmi.core.lesson_status] : [cmi.completion_status, cmi.success_status], old ? [word] : ['completed', word]);
      assert.equal(Number((old ? cmi.core : cmi).score.raw), good ? 100 : 0);
      const list = cmi.interactions.childArray || Object.values(cmi.interactions);
      const told = list.filter((i) => i && i.id).map((i) => [i.id, i.type, i.result]).sort();
      const result = good ? 'correct' : old ? 'wrong' : 'incorrect';
      assert.deepEqual(told, [['a', 'choice', result], ['b', 'true-false', result]]);
    });
  }
}
test('nothing went wrong in the browser', () => {
  assert.deepEqual(session.trouble.filter((t) => !t.startsWith('left the folder: ' + origin)), []);
});
