#!/usr/bin/env node
// year - a simulated year of training: a site in git, a roster, and the sticks of its kiosks.
//
//   node tests/tools/year.mjs OUT ANJIAN [--workers 500] [--kiosks 20] [--courses 12] [--statements 60000] [--faults 0]
//
// Makes OUT/site (five commits, three of them of substance), OUT/roster.csv, OUT/key, OUT/sticks/NN/*.jsonl and
// OUT/truth.json: what was injected where, and the ids that no fault touched. The theme's own player makes the
// statements: quiz-core.js draws and grades sealed exams, record.js writes; pages, commits and hashes come from
// sites that ANJIAN builds. The same arguments give the same bytes. Must not know: the ledger.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { player } from './record.mjs';

const { records, quizcore } = player('record.js', 'quiz-core.js');
const [out, anjian] = process.argv.slice(2);
const number = (name, otherwise) => {
  const at = process.argv.indexOf('--' + name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const WORKERS = number('workers', 500), KIOSKS = number('kiosks', 20), COURSES = number('courses', 12);
const STATEMENTS = number('statements', 60000), FAULTS = number('faults', 0), QUESTIONS = 10, DRAWN = 8;
const POSTS = ['电工', '焊工', '行车工', '炉前工', '罐区操作工'];
const HAZARDS = ['触电', '有限空间', '机械伤害', '灼烫', '中毒窒息', '高处坠落'];
const KEY = 'year-key';

// mulberry32
let state = 20261125;
const chance = () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const below = (n) => Math.floor(chance() * n);
const two = (n) => String(n).padStart(2, '0');

fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(path.join(out, 'site'), { recursive: true });
const site = path.join(out, 'site');
const put = (file, text) => {
  fs.mkdirSync(path.dirname(path.join(out, file)), { recursive: true });
  fs.writeFileSync(path.join(out, file), text);
};
const environment = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_NAME: '编辑',
  GIT_AUTHOR_EMAIL: 'editor@example.org', GIT_COMMITTER_NAME: '编辑', GIT_COMMITTER_EMAIL: 'editor@example.org' };
const git = (date, ...words) => execFileSync('git', ['-C', site, ...words],
  { env: { ...environment, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }, stdio: ['ignore', 'pipe', 'ignore'] });

// ---- the site ----
// Of question q of course c: what it is, and whether what stands first is right.
const TYPES = ['单选', '填空', '多选', '判断', '单选', '排序', '匹配', '情景', '单选', '简答'];
const question = (c, q) => {
  const type = TYPES[(q - 1) % TYPES.length];
  const head = `### 【${type}】第${c}课第${q}题：${type === '填空' ? '氧含量不低于（　）%。' : '先做什么？'}\n编号：c${two(c)}-q${q}｜分值：1\n`;
  return head + {
    单选: '\n- [x] 先检测\n- [ ] 先通风\n- [ ] 直接进入\n- [ ] 等一等\n',
    多选: '\n- [x] 先检测\n- [x] 先通风\n- [ ] 直接进入\n- [ ] 等一等\n',
    判断: '答案：对\n',
    填空: '答案：19.5｜十九点五\n',
    排序: '\n1. 检测\n2. 通风\n3. 作业\n',
    匹配: '\n| 气体 | 危害 |\n|---|---|\n| 硫化氢 | 中毒 |\n| 氮气 | 窒息 |\n|  | 触电 |\n',
    情景: '\n#### 发现\n有人倒下。\n\n- [呼救并报告](#得救)（+1）\n- [马上下去](#倒下)\n\n#### 得救\n救上来了。\n\n#### 倒下\n又倒下一个。\n',
    简答: '\n> 参考答案：先检测。\n',
  }[type] + '\n';
};
const courses = [];
put('site/site.yaml', 'title: 一年\nlanguage: zh-CN\nbase_url: https://year.example.org/\nsearch: false\n');
for (let c = 1; c <= COURSES; c++) {
  const posts = c % 3 === 0 ? [POSTS[c % POSTS.length], POSTS[(c + 1) % POSTS.length]] : ['全员'];
  const course = { source: `courses/c${two(c)}.md`, exam: `quizzes/c${two(c)}.md`, pages: [], posts, hours: 1 + (c % 4) * 0.5,
    level: ['公司级', '车间级', '班组级'][c % 3] };
  for (let p = 1; p <= 3; p++) {
    course.pages.push(`lessons/c${two(c)}-${p}.md`);
    put(`site/lessons/c${two(c)}-${p}.md`, `---\n标题: 第${c}课第${p}讲\n危险因素: [${HAZARDS[(c + p) % HAZARDS.length]}]\n` +
      `岗位: [${posts}]\n---\n先检测，再通风，后作业。\n`);
  }
  put(`site/${course.exam}`, `---\n标题: 第${c}课考试\n测验: 第${c}课考试\n模式: 考试\n及格线: 80\n抽题: ${DRAWN}\n打乱: [题目, 选项]\n---\n` +
    Array.from({ length: QUESTIONS }, (_, q) => question(c, q + 1)).join(''));
  put(`site/${course.source}`, `---\n标题: 第${c}课\n学时: ${course.hours}\n等级: [${course.level}]\n岗位: [${posts}]\n` +
    `页面:\n${course.pages.map((p) => `  - ${p}\n`).join('')}考试: ${course.exam}\n---\n第${c}课。\n`);
  courses.push(course);
}
git('2026-01-01T00:00:00Z', 'init', '-q');
const plain = (text) => text.replace(/&quot;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&#39;/g, "'").replace(/&amp;/g, '&');
const editions = [];
const edition = (date, message) => {
  git(date, 'add', '-A');
  git(date, 'commit', '-q', '-m', message);
  const built = path.join(out, 'built');
  execFileSync(anjian, ['-q', 'build', site, '-o', built], { env: { ...environment, LANG: 'C.UTF-8' } });
  const pages = {};
  for (const folder of ['lessons', 'quizzes']) {
    for (const name of fs.readdirSync(path.join(built, folder))) {
      const html = fs.readFileSync(path.join(built, folder, name), 'utf8');
      const meta = /<meta name="anjian:page" content="([^"]+)"([^>]*)>/.exec(html);
      if (!meta) continue;
      const data = Object.fromEntries([...meta[2].matchAll(/data-([a-z]+)="([^"]*)"/g)].map((m) => [m[1], m[2]]));
      pages[meta[1]] = { id: meta[1], url: data.url, title: data.title, kind: data.kind, commit: data.commit,
        content: data.content, questions: data.questions, hours: data.hours };
      const script = / ([^ "]+\.questions\.js)[ "]/.exec(html); // of a practice; an exam's page says it itself
      const said = script ? JSON.parse(fs.readFileSync(path.join(built, folder, path.basename(script[1])), 'utf8').replace(/^[^[]*/, '').replace(/;\s*$/, '')) : [];
      pages[meta[1]].asked = [...html.matchAll(/<fieldset class="question q-([a-z]+)"(?: data-exam='([^']*)')? id="question-(\d+)"[^]*?<\/fieldset>/g)].map((m) => ({
        ...(m[2] ? JSON.parse(plain(m[2])) : said[m[3] - 1]), type: m[1],
        shown: m[1] === 'match' ? [...m[0].replace(/<\/select>[^]*/, '').matchAll(/ value="([^"]+)">([^<]*)/g)].map((o) => ({ key: o[1], text: o[2].trim() }))
          : [...m[0].matchAll(/<li><label><input [^>]*><b[^>]*>[^<]*<\/b>([^<]*)/g)].map((o, i) => ({ key: m[1] === 'truefalse' ? String(!i) : String.fromCharCode(65 + i), text: o[1].trim() })),
      }));
      pages[meta[1]].settings = JSON.parse(plain((/data-quiz='([^']*)'/.exec(html) || [0, '{}'])[1]));
    }
  }
  editions.push({ from: Date.parse(date), pages, commit: git(date, 'rev-parse', 'HEAD').toString().trim() });
};
const change = (file, text) => fs.appendFileSync(path.join(site, file), text);
edition('2026-01-01T00:00:00Z', '开课\n\nChange: substance');
change('lessons/c01-1.md', '\n检测不合格，不得进入。\n');
edition('2026-04-01T00:00:00Z', '补一条规定\n\nChange: substance');
change('lessons/c02-1.md', '\n请看标识。\n');
edition('2026-07-01T00:00:00Z', '改一句话\n\nChange: wording');
change('quizzes/c03.md', question(3, 11));
edition('2026-09-01T00:00:00Z', '加一题\n\nChange: substance');
change('quizzes/c01.md', '\n考完可以问教员。\n');
edition('2026-10-01T00:00:00Z', '加一句话\n\nChange: wording');
fs.rmSync(path.join(out, 'built'), { recursive: true });
for (const name of fs.readdirSync(out)) if (name.startsWith('.built')) fs.rmSync(path.join(out, name), { recursive: true });

// ---- the roster ----
const workers = Array.from({ length: WORKERS }, (_, i) => ({ number: String(1001 + i), name: `学员${i === 7 ? 1001 : 1001 + i}`,
  unit: ['一车间', '二车间', '三车间', '罐区'][i % 4], team: '甲乙丙丁'[Math.floor(i / 4) % 4] + '班', post: POSTS[i % POSTS.length] }));
put('roster.csv', '工号,姓名,单位,班组,岗位,入职日期\n' +
  workers.map((w) => `${w.number},${w.name},${w.unit},${w.team},${w.post},2020-01-0${1 + (Number(w.number) % 9)}\n`).join(''));
put('key', KEY + '\n');

// ---- one attempt, by the player ----
const keyOf = (q, text) => q.shown.find((s) => s.text === text).key;
// What somebody answers who knows it or does not; self is how he grades himself.
const answerTo = (q, knows) => {
  switch (q.type) {
    case 'single': return [knows ? 'A' : 'BCD'[below(3)]];
    case 'multiple': return knows ? ['A', 'B'] : ['BCD'[below(3)]];
    case 'truefalse': return [String(knows)];
    case 'fill': return [knows ? (below(2) ? '１９.5' : '十九点五') : '16'];
    case 'order': return (knows ? ['检测', '通风', '作业'] : ['作业', '检测', '通风']).map((t) => keyOf(q, t));
    case 'match': return (knows ? ['中毒', '窒息'] : ['窒息', '触电']).map((t) => keyOf(q, t));
    case 'scenario': return [knows ? 0 : 1];
    default: return [knows ? '先检测' : '不知道'];
  }
};
const opened = new Map(); // page and edition → its questions after the hand-in, as quiz.js opens them
const open = (page) => {
  if (!opened.has(page)) opened.set(page, page.asked.map((q) => {
    const rest = quizcore.unseal(q.salt, q.sealed), nodes = q.nodes;
    (rest.points || []).forEach((list, n) => list.forEach((p, c) => { nodes[n].choices[c].points = p; }));
    return { ...q, right: rest.right, rubric: rest.rubric, best: rest.best };
  }));
  return opened.get(page);
};
const sit = (page, seed, worth, duration) => {
  const asked = open(page);
  const drawn = quizcore.draw(page.settings, asked.map((q) => ({ pool: q.pool, choices: q.type === 'truefalse' ? 0 : q.shown.length,
    always: q.type === 'order' || q.type === 'match' })), seed);
  const answers = drawn.map(({ index }) => {
    const q = asked[index], knows = chance() < worth - (/-q5$/.test(q.id) ? 0.25 : 0), given = answerTo(q, knows);
    const worthOf = quizcore.grade(q, given, [knows ? 1 : 0]).worth, max = typeof q.points === 'number' ? q.points : 1;
    return { id: q.id, type: q.type, given, points: max * worthOf, max, right: worthOf >= 1 };
  });
  const score = answers.reduce((n, x) => n + x.points, 0), total = answers.reduce((n, x) => n + x.max, 0);
  return { seed, mode: 'exam', answers, score, total, passed: 100 * score / total >= page.settings.pass, duration_ms: duration };
};

// ---- a year of attempts ----
const about = { id: 'https://year.example.org/', language: 'zh-CN', generator: 'Anjian' };
const kiosks = Array.from({ length: KIOSKS }, (_, k) => ({ lines: [], chain: records.open({ site: about, key: KEY, station: `${k + 1}号机`, chance }) }));
const worth = workers.map(() => 0.55 + chance() * 0.45);
let made = 0;
const visits = [];
while (made < STATEMENTS) {
  const worker = below(WORKERS), course = below(COURSES);
  visits.push({ worker, course, time: Date.UTC(2026, 0, 5) + below(320 * 86400) * 1000 });
  made += 6 + DRAWN + 3;
}
visits.sort((a, b) => a.time - b.time);
made = 0;
for (const v of visits) {
  const kiosk = kiosks[below(KIOSKS)], course = courses[v.course], who = records.pseudonym(KEY, workers[v.worker].number);
  const pages = editions.filter((e) => e.from <= v.time).pop().pages;
  let time = v.time;
  const add = (draft) => {
    if (made >= STATEMENTS) return;
    made++;
    kiosk.lines.push(records.add(kiosk.chain, draft));
  };
  for (const name of course.pages) {
    const base = { who, page: pages[name], registration: records.uuid(chance) };
    add({ ...base, verb: 'launched', time });
    time += 60000 + below(300000);
    add({ ...base, verb: 'completed', time, result: { completion: true, duration: records.duration(60000) } });
  }
  const page = pages[course.exam], registration = records.uuid(chance), began = time;
  add({ who, page, registration, verb: 'launched', time });
  time += 120000 + below(600000);
  for (const draft of records.drafts(sit(page, below(4294967296), worth[v.worker], time - began), { who, page, time, registration })) add(draft);
}

// ---- faults ----
// Far enough from each other that each has its own name and its own line.
const truth = { faults: [], touched: [], ids: 0, statements: made };
const id = (line) => line.slice(7, 43);
const files = [];
for (const [k, kiosk] of kiosks.entries()) {
  const half = Math.floor(kiosk.lines.length / 2);
  files.push({ name: `sticks/${two(k + 1)}/a.jsonl`, lines: kiosk.lines.slice(0, half) });
  files.push({ name: `sticks/${two(k + 1)}/b.jsonl`, lines: kiosk.lines.slice(half) });
}
const clean = files.map((f) => f.lines.slice());
const KINDS = ['lost', 'edited', 'swapped', 'doubled', 'forged'];
const slots = [];
for (const f of files) for (let i = 3; i + 4 < f.lines.length; i += 5) slots.push([f, i]);
for (let i = slots.length - 1; i > 0; i--) { const j = below(i + 1); [slots[i], slots[j]] = [slots[j], slots[i]]; }
const cuts = FAULTS ? Math.min(KIOSKS, Math.max(1, Math.floor(FAULTS / 20))) : 0;
const chosen = slots.slice(0, Math.max(0, FAULTS - cuts)).map(([f, i], n) => ({ f, i, kind: KINDS[n % KINDS.length] }));
chosen.sort((a, b) => (a.f === b.f ? b.i - a.i : 0)); // from the end of a file: numbers above stay
for (const { f, i, kind } of chosen) {
  const line = f.lines[i], fault = { kind, file: f.name, id: id(line) };
  if (kind === 'lost') {
    fault.at = f.lines[i + 1]; // named where the hole shows
    f.lines.splice(i, 1);
    truth.touched.push(id(line));
  } else if (kind === 'edited') {
    f.lines[i] = fault.at = line.replace(/"timestamp":"2026-(\d)/, (m, d) => `"timestamp":"2026-${d === '0' ? 1 : 0}`);
    truth.touched.push(id(line));
  } else if (kind === 'swapped') {
    fault.at = line; // it stands one line late
    f.lines[i] = f.lines[i + 1];
    f.lines[i + 1] = line;
  } else if (kind === 'doubled') {
    f.lines.splice(i + 1, 0, line.replace(/"timestamp":"2026-(\d)/, (m, d) => `"timestamp":"2026-${d === '0' ? 1 : 0}`));
    fault.at = f.lines[i + 1]; // a second copy with another byte
  } else {
    const changed = line.replace(/"timestamp":"2026-(\d)/, (m, d) => `"timestamp":"2026-${d === '0' ? 1 : 0}`);
    const blank = changed.slice(0, 7) + '00000000-0000-0000-0000-000000000000' + changed.slice(43);
    const h = records.sha256(blank);
    f.lines[i] = changed.slice(0, 7) + `${h.slice(0, 8)}-${h.slice(8, 12)}-5${h.slice(13, 16)}-${'89ab'[parseInt(h[16], 16) & 3]}${h.slice(17, 20)}-${h.slice(20, 32)}` + changed.slice(43);
    fault.at = f.lines[i + 1]; // its own hash is right: the line behind it disagrees
    truth.touched.push(id(line));
  }
  truth.faults.push(fault);
}
for (const [n, f] of files.entries()) {
  let text = f.lines.map((l) => l + '\n').join('');
  if (n % 2 === 1 && (n - 1) / 2 < cuts) {
    const last = f.lines[f.lines.length - 1];
    text = text.slice(0, -Math.floor(last.length / 2));
    truth.faults.push({ kind: 'cut', file: f.name, id: id(last), line: f.lines.length });
    truth.touched.push(id(last));
  }
  put(f.name, text);
  if (FAULTS) put(f.name.replace('sticks', 'clean'), clean[n].map((l) => l + '\n').join(''));
}
for (const fault of truth.faults) {
  if (!fault.line) fault.line = files.find((f) => f.name === fault.file).lines.indexOf(fault.at) + 1;
  delete fault.at;
}
truth.editions = editions.map((e) => e.commit);
put('truth.json', JSON.stringify(truth, null, 1) + '\n');
