#!/usr/bin/env -S node --test-reporter=tap
// search-engine.mjs - the search of a built site: in node, and in a browser from file:// with everything
// taken away that old browsers lack. Both have to give the same answers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { openSearch, scriptBytes } from '../tools/search.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '../..');
const anjian = path.resolve(process.env.ANJIAN || path.join(root, 'build/release/anjian'));
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'anjian-search-'));
const site = path.join(work, 'out');
process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }));

let seed = 20261120;
const random = (n) => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return Math.floor((seed / 4294967296) * n);
};
const pick = (list) => list[random(list.length)];

// Sixty made pages of made sentences, and a few that certain queries have to find.
const words = ('作业 人员 现场 检查 设备 气体 检测 通风 监护 审批 培训 班组 隐患 整改 责任 制度 车间 管道 阀门 起重 吊装 高处 临时 用电 ' +
  '动火 盲板 断路 动土 应急 救援 防护 用品 记录 台账 公示 验收 风险 分级 管控 排查 治理 岗位 操作 规程 交底 确认').split(' ');
const sentence = () => Array.from({ length: 4 + random(5) }, () => pick(words)).join('') + '。';
const pages = [];
for (let i = 0; i < 60; i++) {
  const sections = Array.from({ length: 1 + random(4) }, () =>
    `## ${pick(words)}${pick(words)}\n\n${Array.from({ length: 3 + random(30) }, sentence).join(random(4) ? '' : '\n\n')}`);
  pages.push({ id: `pages/p${i}`, title: `第${i}号${pick(words)}${pick(words)}办法`, text: sections.join('\n\n') });
}
const special = [
  { id: 'pages/tank', title: '污水池清淤中毒', tags: ['硫化氢'], text: '受限空间内没有检测氧含量，依据 GB 30871-2022，必须上锁挂牌（LOTO）。\n\n## 盲目施救\n\n三人先后进入。a < b && "c"' },
  { id: 'pages/crane', title: '行车操作', tags: ['起重'], text: '操作行车前试制动器。重庆分公司的做法：一看二试三确认。' },
  { id: 'pages/old', title: '稱職的營業機構負責人', tags: [], text: '灭火器放在门口，每月查一次压力。𠀀𠀁两个生僻字。' },
  { id: 'pages/wires', title: '临电一题', tags: ['触电伤害'], text: '电线要架空，配电箱上锁。' },
  { id: 'pages/diary', title: '台账一题', tags: [], text: '巡檢記錄應當妥善保管，交班時轉交下一班。' },
];
pages.push(...special);

test('a site is built', () => {
  const from = path.join(work, 'in');
  fs.mkdirSync(path.join(from, 'pages'), { recursive: true });
  fs.writeFileSync(path.join(from, 'site.yaml'), 'title: 搜索\nsynonyms:\n  - [受限空间, 有限空间]\n  - [行车, 天车]\n');
  for (const p of pages)
    fs.writeFileSync(path.join(from, `${p.id}.md`), `---\ntitle: ${p.title}\ntags: [${(p.tags || ['制度']).join(', ')}]\n---\n${p.text}\n`);
  execFileSync(anjian, ['build', from, '-o', site], { stdio: 'pipe' });
  for (const name of fs.readdirSync(path.join(site, 'search'), { recursive: true })) {
    const file = path.join(site, 'search', name);
    if (fs.statSync(file).isFile()) assert.ok(fs.statSync(file).size <= 65536, name);
  }
  assert.ok(scriptBytes(path.join(site, 'search')) <= 14000, `${scriptBytes(path.join(site, 'search'))} bytes of engine and page`);
});

test('normalisation is the one of the index', () => {
  const { AnjianSearch: engine } = { AnjianSearch: openSearch(site).engine() };
  const vectors = JSON.parse(fs.readFileSync(path.join(root, 'tests/data/normalise.json'), 'utf8'));
  engine.query('没有的繁體', {}, () => {}); // loads the table of characters
  for (const [from, to] of vectors) assert.equal(engine.fold(from), to, from);
});

test('texts are read as the index writes them, spoilt ones somehow and soon', () => {
  const { text } = openSearch(site);
  const vectors = JSON.parse(fs.readFileSync(path.join(root, 'tests/data/terse.json'), 'utf8'));
  for (const [piece, times, coded] of vectors) assert.equal(text(coded), piece.repeat(times), piece);
  const start = process.cpuUsage();
  for (const [, , coded] of vectors)
    for (let n = 0; n < 60; n++) {
      const at = random(coded.length + 1);
      for (const spoilt of [coded.slice(0, at), coded.slice(0, at) + '~~' + coded.slice(at + 2), '~'.repeat(n), 'é'.repeat(n), ' '.repeat(n)])
        assert.ok(text(spoilt).length <= 131072);
    }
  const { user, system } = process.cpuUsage(start);
  assert.ok(user + system < 2e7, `${user + system} µs`);
});

test('every substring of Han finds its page', async () => {
  const search = openSearch(site);
  for (let n = 0; n < 500; n++) {
    const page = pick(pages);
    const runs = page.text.replace(/## /g, '，').match(/[\u4e00-\u9fff]{2,}/g);
    const run = pick(runs), length = Math.min(run.length, 2 + random(7)), at = random(run.length - length + 1);
    const query = run.substr(at, length);
    const { ids } = await search.ask(query);
    assert.ok(ids.includes(page.id), `${query} of ${page.id}`);
    if (n % 50 === 0) search.renew();
  }
});


const first = [
  ['污水池清淤中毒', 'pages/tank'], ['污水池', 'pages/tank'], ['氧含量', 'pages/tank'], ['盲目施救', 'pages/tank'],
  ['硫化氢', 'pages/tank'], ['氧含量 盲目施救', 'pages/tank'], ['氧', 'pages/tank'],
  ['GB 30871-2022', 'pages/tank'], ['GB30871', 'pages/tank'], ['gb 30871', 'pages/tank'], ['30871', 'pages/tank'],
  ['ＬＯＴＯ', 'pages/tank'], ['lo', 'pages/tank'],
  ['有限空间', 'pages/tank'], ['天车', 'pages/crane'], ['重庆', 'pages/crane'],
  ['wushuichi', 'pages/tank'], ['wsc', 'pages/tank'], ['sxkj', 'pages/tank'], ['shouxkj', 'pages/tank'],
  ['shou xian kong jian', 'pages/tank'], ["yang'hanliang", 'pages/tank'], ['chongqing', 'pages/crane'], ['zhongqing', 'pages/crane'],
  ['yxkj', 'pages/tank'], ['youxiankongjian', 'pages/tank'], ['tianche', 'pages/crane'],
  ['hangche', 'pages/crane'], ['xingche', 'pages/crane'], ['SXKJ', 'pages/tank'],
  ['yangheliang', 'pages/tank'], ['wushuichu', 'pages/tank'], // a syllable misread
  ['称职', 'pages/old'], ['稱職', 'pages/old'], ['營業機構', 'pages/old'], ['营业机构负责人', 'pages/old'], ['滅火器', 'pages/old'],
  ['灭火器放在窗口', 'pages/old'], ['𠀀𠀁', 'pages/old'],
];
for (const [query, id] of first)
  test(`${query} finds ${id} first`, async () => {
    assert.equal((await openSearch(site).ask(query)).ids[0], id);
  });

const hostile = ['', ' ', '。，！', '<script>alert(1)</script>', '.*+?^${}()|[]\\', '😀', '"\'', '\u0000', '\ud800', '安'.repeat(10000),
  'a'.repeat(10000), 'constructor', '__proto__', 'toString hasOwnProperty', '%', '-._/', 'ｖ', 'üü', '\u0301'.repeat(50)];
test('odd queries are answered or refused kindly', async () => {
  const search = openSearch(site);
  for (const query of hostile) {
    const { answer } = await search.ask(query);
    assert.ok(answer.full.length >= 0 && answer.part.length >= 0, query);
    assert.equal(answer.long, query.length > 32, query);
  }
});

test('what sounds alike stands in for nothing that is there, nor for any word of two characters', async () => {
  const search = openSearch(site);
  for (const [query, read] of [['如果', ''], ['灭活器', '灭火器'], ['员县', ''], ['检查设被', '检查设备']]) {
    const { answer } = await search.ask(query, 10);
    assert.equal(answer.read, read, query);
  }
});

test('one syllable may be misread where nothing sounds as typed, not two', async () => {
  const search = openSearch(site);
  for (const [query, read] of [['yangheliang', '氧含量'], ['yangheleng', ''], ['xeke', '']])
    assert.equal((await search.ask(query, 10)).answer.read, read, query);
});

test('a page that says it in its keywords, or in old characters, holds it', async () => {
  const search = openSearch(site);
  for (const [query, id] of [['触电伤害', 'pages/wires'], ['记录应当妥善保管', 'pages/diary'], ['交班時轉交', 'pages/diary'], ['配电箱 触电伤害', 'pages/wires']]) {
    const { answer, ids } = await search.ask(query, 10);
    assert.equal(ids[0], id, query);
    assert.ok(answer.full[0].fit >= (query.includes(' ') ? 1 : 3), `${query}: ${answer.full[0].fit}`);
    assert.equal(answer.full.filter((h) => h.fit > 0).length, 1, query);
  }
});

test('facets say which pages have what', async () => {
  const search = openSearch(site);
  await search.ask('氧含量');
  const engine = search.engine();
  const extra = await new Promise((done) => engine.part('extra', [], done));
  const values = await new Promise((done) => extra.facet('tags', done));
  assert.deepEqual(Object.keys(values).sort(), ['制度', '硫化氢', '起重', '触电伤害'].sort());
  assert.equal(Object.keys(values['制度']).length, 60);
  const allowed = values['起重'];
  const answer = await new Promise((done) => engine.query('操作', { allowed }, done));
  assert.equal(answer.full.length, 1);
});

test('lost, cut and foreign files are named, not fatal', async () => {
  const copy = path.join(work, 'broken');
  fs.cpSync(site, copy, { recursive: true });
  for (const name of fs.readdirSync(path.join(copy, 'search/t'))) {
    const file = path.join(copy, 'search/t', name), text = fs.readFileSync(file, 'utf8');
    if (name < 'b') fs.rmSync(file);
    else if (name < 'b1') fs.writeFileSync(file, text.slice(0, text.length / 2));
    else fs.writeFileSync(file, text.replace(/","[0-9a-f]{8}",/, '","00000000",'));
  }
  const log = console.error;
  console.error = () => {};
  try {
    const { answer } = await openSearch(copy).ask('氧含量 GB');
    assert.ok(answer.failed.length > 0);
    // Without texts the postings still answer; nothing is thrown.
    fs.rmSync(path.join(copy, 'search/t'), { recursive: true });
    fs.cpSync(path.join(site, 'search/t'), path.join(copy, 'search/t'), { recursive: true });
    const whole = await openSearch(copy).ask('通风监护');
    // The texts of two of the pages found go, whichever files they are in.
    for (const name of fs.readdirSync(path.join(copy, 'search/f'))) {
      const file = path.join(copy, 'search/f', name), text = fs.readFileSync(file, 'utf8');
      const coded = /^aj\("f\/[^"]*","","([^"]*)"\);\n$/.exec(text)[1];
      const [address] = openSearch(copy).text(coded).split('\n');
      if (whole.ids.slice(0, 2).includes(address)) fs.rmSync(file);
    }
    const rest = await openSearch(copy).ask('通风监护');
    assert.ok(rest.answer.failed.length > 0);
    assert.ok(rest.answer.full.length === whole.answer.full.length);
    assert.ok(rest.ids.length > 0 && rest.ids.length < whole.ids.length);
    fs.rmSync(path.join(copy, 'search/manifest.js'));
    const none = await openSearch(copy).ask('氧含量');
    assert.deepEqual([...none.answer.failed], ['manifest']);
  } finally {
    console.error = log;
  }
});

test('a browser without the newer half of itself agrees', async (t) => {
  let chromium;
  try {
    ({ chromium } = await import('playwright-core'));
  } catch (e) {
    if (process.env.REQUIRE_BROWSER) throw e;
    return t.skip('playwright-core is not installed');
  }
  const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--allow-file-access-from-files=false'] });
  try {
    const context = await browser.newContext({ offline: true });
    await context.addInitScript(() => {
      for (const name of ['fetch', 'XMLHttpRequest', 'WebAssembly']) delete window[name];
      delete Intl.Segmenter;
      Object.defineProperty(window, 'localStorage', { get() { throw new Error('none'); } });
    });
    const page = await context.newPage();
    const problems = [];
    page.on('pageerror', (e) => problems.push(String(e)));
    page.on('console', (m) => { if (m.type() === 'error') problems.push(m.text()); });
    const search = openSearch(site);
    const shown = () => page.$$eval('#search-results h3 a', (list) => list.map((a) => a.getAttribute('href')));
    const asked = [...first.map(([q]) => q), '作业人员', '检查', '应急救援', '第3号'];
    for (const query of asked) {
      await page.goto(`${pathToFileURL(path.join(site, 'search.html'))}?q=${encodeURIComponent(query)}`);
      await page.waitForSelector('#search-results h3 a');
      const hrefs = (await shown()).map((h) => decodeURIComponent(new URL(h).pathname).slice(site.length + 1).replace(/\.html$/, ''));
      const { ids } = await search.ask(query);
      assert.deepEqual(hrefs.slice(0, ids.length), ids.slice(0, 10), query); /* nearest ones may follow */
    }
    // A number is called exact only when it is: the pages that say it, counted by reading them all.
    const plain = pages.map((p) => [p.title, ...p.text.split(/\n+/)].map((s) => s.replace(/^#+ /, '')));
    const counts = { 找到: 0, 大约: 0 };
    for (let n = 0; n < 60; n++) {
      const run = pick(pick(pages.slice(0, 60)).text.match(/[\u4e00-\u9fff]{6,}/g)), length = 2 + (n % 5), at = random(run.length - length);
      const asked = run.substr(at, length), truth = plain.filter((lines) => lines.some((s) => s.includes(asked))).length;
      if (asked === '制度') continue; // the tag of all
      await page.evaluate((text) => {
        document.getElementById('search-status').textContent = '';
        document.getElementById('q').value = text;
        document.getElementById('q').form.onsubmit();
      }, asked);
      const said = await (await page.waitForFunction(() => {
        const text = document.getElementById('search-status').textContent;
        return /\d+ 页/.test(text) && text;
      })).jsonValue();
      const [, word, number] = /(找到|大约) (\d+) 页/.exec(said);
      counts[word]++;
      if (word === '找到') assert.equal(Number(number), truth, `${asked}: ${said}`);
      else assert.ok(Number(number) >= truth, `${asked}: ${said}, ${truth} hold it`);
    }
    assert.ok(counts.找到 >= 20 && counts.大约 >= 5, JSON.stringify(counts));
    // Typing, suggestions by keyboard, marks, a link that leads to the page.
    await page.goto(String(pathToFileURL(path.join(site, 'search.html'))));
    await page.type('#q', 'wushuichi');
    await page.waitForSelector('#search-suggestions li');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.equal(await page.inputValue('#q'), '污水池');
    await page.waitForSelector('#search-results mark');
    assert.ok((await page.$$eval('#search-results mark', (l) => l.map((m) => m.textContent))).includes('污水池'));
    await page.fill('#q', '<img src=x onerror=alert(1)>');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.getElementById('search-status').textContent.length > 0);
    assert.equal(await page.$('#search-results img, #search-status img'), null);
    await page.fill('#q', '氧含量');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#search-results h3 a');
    await page.click('#search-results h3 a');
    await page.waitForLoadState();
    assert.match(page.url(), /pages\/tank\.html\?q=/);
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
  }
});
