#!/usr/bin/env node
// yearcount - counts a simulated year (year.mjs) by itself, to hold the ledger against.
//
//   node tests/tools/yearcount.mjs YEAR [--ids | --wrong | --hours | --due]
//
// --ids: the statements that no fault touched. --wrong: how many answers were wrong. --hours: one line a person,
// course and year: NUMBER,COURSE,YEAR,HOURS. --due: NUMBER,COURSE,STATE. Shares no code with the program: own reading, own HMAC.
// Must not know: the ledger's rooms, the reports' wording.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const [year, what] = process.argv.slice(2);
const truth = JSON.parse(fs.readFileSync(path.join(year, 'truth.json'), 'utf8'));
const top = ['clean', 'sticks'].map((d) => path.join(year, d)).find((d) => fs.existsSync(d));
const statements = [];
for (const folder of fs.readdirSync(top).sort())
  for (const file of fs.readdirSync(path.join(top, folder)).sort())
    for (const line of fs.readFileSync(path.join(top, folder, file), 'utf8').split('\n'))
      if (line) statements.push(JSON.parse(line));
const verb = (s) => s.verb.id.split('/').pop();
const own = (s) => s.context.extensions['urn:anjian:record'];

if (what === '--ids') {
  const touched = new Set(truth.touched);
  console.log(statements.map((s) => s.id).filter((id) => !touched.has(id)).join('\n'));
} else if (what === '--wrong') {
  console.log(statements.filter((s) => verb(s) === 'answered' && !s.result.success).length);
} else {
  const key = fs.readFileSync(path.join(year, 'key'), 'utf8').trim();
  const people = new Map();
  for (const row of fs.readFileSync(path.join(year, 'roster.csv'), 'utf8').split('\n').slice(1)) {
    const number = row.split(',')[0];
    if (number) people.set('p-' + crypto.createHmac('sha256', key).update(number).digest('hex').slice(0, 32), number);
  }
  const courses = new Map(); // exam → {title, hours}
  for (const file of fs.readdirSync(path.join(year, 'site/courses'))) {
    const text = fs.readFileSync(path.join(year, 'site/courses', file), 'utf8');
    const field = (name) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)[1];
    courses.set(field('考试'), { title: field('标题'), hours: Number(field('学时')) });
  }
  const rows = new Set();
  if (what === '--due') {
    // The two changes of substance that year.mjs makes, by file and day.
    const changed = { 'lessons/c01-1.md': Date.UTC(2026, 3, 1), 'quizzes/c03.md': Date.UTC(2026, 8, 1) };
    const of = new Map(); // who → statements
    for (const s of statements) of.has(s.actor.account.name) ? of.get(s.actor.account.name).push(s) : of.set(s.actor.account.name, [s]);
    const posts = new Map(fs.readFileSync(path.join(year, 'roster.csv'), 'utf8').split('\n').slice(1).filter(Boolean).map((r) => [r.split(',')[0], r.split(',')[4]]));
    for (const file of fs.readdirSync(path.join(year, 'site/courses'))) {
      const text = fs.readFileSync(path.join(year, 'site/courses', file), 'utf8');
      const wanted = /^岗位: \[(.*)\]$/m.exec(text)[1].split(','), exam = /^考试: (.*)$/m.exec(text)[1], title = /^标题: (.*)$/m.exec(text)[1];
      const pages = [...text.matchAll(/^ {2}- (.*)$/gm)].map((m) => m[1]).concat(exam);
      for (const [who, number] of people) {
        if (!wanted.includes('全员') && !wanted.includes(posts.get(number))) continue;
        const mine = of.get(who) || [];
        const on = (page, ...verbs) => mine.filter((s) => own(s).page === page && verbs.includes(verb(s))).map((s) => Date.parse(s.timestamp));
        const passed = on(exam, 'passed');
        let state = passed.length ? '' : on(exam, 'failed').length ? '未合格' : '未学';
        for (const page of passed.length ? pages : []) {
          const seen = Math.max(...on(page, 'completed', 'passed'), -1);
          if (changed[page] && (seen < 0 ? Math.max(...passed) : seen) < changed[page]) state = '学的是旧版';
        }
        if (state) rows.add(`${number},${title},${state}`);
      }
    }
    console.log([...rows].sort().join('\n'));
    process.exit();
  }
  for (const s of statements) {
    const course = verb(s) === 'passed' && courses.get(own(s).page), number = people.get(s.actor.account.name);
    if (!course || !number) continue;
    const at = new Date(Date.parse(s.timestamp) + 8 * 3600000).getUTCFullYear();
    rows.add(`${number},${course.title},${at},${course.hours}`);
  }
  console.log([...rows].sort().join('\n'));
}
