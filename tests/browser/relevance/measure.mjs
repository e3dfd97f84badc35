// measure.mjs - builds a corpus with the program, asks its search, and counts where the wanted page stands.
//
// Must not know: how a search works; a search is a function from queries to lists of page ids.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSite } from './corpus.mjs';
import { openSearch, scriptBytes } from '../../tools/search.mjs';
import { classes, pinyinClasses } from './queries.mjs';

const tool = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../tools/search.mjs');

// Builds the pages' site below `work`; returns the folder and what it weighs.
export function buildSite(anjian, pages, work) {
  const source = path.join(work, 'source'), site = path.join(work, 'site');
  writeSite(pages, source);
  execFileSync(anjian, ['build', source, '-o', site, '-q', '--full'], { stdio: 'pipe' }); // it warns of heavy pages
  return { site, source, ...weigh(site) };
}

export function weigh(site) {
  const folder = path.join(site, 'search');
  let total = 0, fragments = 0, files = 0, largest = 0;
  for (const name of fs.readdirSync(folder, { recursive: true })) {
    const stat = fs.statSync(path.join(folder, name));
    if (!stat.isFile()) continue;
    files++;
    total += stat.size;
    largest = Math.max(largest, stat.size);
    if (/^f[\\/]/.test(name)) fragments += stat.size;
  }
  return { files, total, largest, index: total - fragments, script: scriptBytes(folder) };
}

export const textBytes = (pages) =>
  pages.reduce((n, p) => n + Buffer.byteLength(p.title) + p.sections.reduce((m, s) => m + Buffer.byteLength(s.heading + s.text.join('\n')), 0), 0);

// Lists of ids of Anjian's own search, ten a query unless told, asked as a script would ask.
export function askAnjian(site, queries, { limit = 10, cold = false } = {}) {
  const run = spawnSync(process.execPath, [tool, site, '--batch', ...(limit ? ['--limit', String(limit)] : []), ...(cold ? ['--stats'] : [])], {
    input: queries.map((q) => q + '\n').join(''), encoding: 'utf8', maxBuffer: 1 << 30,
  });
  if (run.status) throw new Error(`search.mjs: ${run.stderr}`);
  const answers = [];
  let open = [];
  for (const line of run.stdout.split('\n').slice(0, -1)) {
    if (line) open.push(line);
    else { answers.push(open); open = []; }
  }
  if (answers.length !== queries.length) throw new Error(`search.mjs: ${answers.length} answers to ${queries.length} queries`);
  return { answers, stats: cold ? run.stderr.trim().split('\n').map((l) => JSON.parse(l)) : [] };
}

// Milliseconds of processor time of each query whose files are all there: the least of three.
export async function warmTimes(site, queries) {
  const search = openSearch(site), times = [];
  const ask = (text) => new Promise((done) => search.engine().query(text, {}, done));
  for (const query of queries) {
    await ask(query);
    let least = Infinity;
    for (let n = 0; n < 3; n++) {
      const start = process.cpuUsage();
      await ask(query);
      const spent = process.cpuUsage(start);
      least = Math.min(least, (spent.user + spent.system) / 1000);
    }
    times.push(least);
  }
  return times;
}

// What the index adds to a cold build and to one after a changed page: the same site without search is
// subtracted. CPU seconds, least of three; peak in bytes; and does the changed site equal a full build?
export function indexCost(anjian, source, work) {
  const plain = path.join(work, 'plain'), stats = path.join(work, 'stats.json');
  const build = (from, out, ...more) => {
    const run = spawnSync('/bin/sh', ['-c', '"$@" 2>/dev/null; times', 'sh', anjian, 'build', from, '-o', path.join(work, out), '-q', '--stats', stats, ...more], { encoding: 'utf8' });
    const seconds = (s) => s.split(/[ms]/).reduce((all, part, n) => all + (n ? Number(part) : 60 * Number(part)), 0);
    const [user, system] = run.stdout.trim().split('\n').pop().split(' ').map(seconds); // of the children
    return { cpu: user + system, ...JSON.parse(fs.readFileSync(stats, 'utf8')) };
  };
  const least = (from, out, ...more) => [1, 2, 3].map((n) => build(from, `${out}${n}`, ...more)).sort((x, y) => x.cpu - y.cpu)[0];
  fs.cpSync(source, plain, { recursive: true });
  fs.appendFileSync(path.join(plain, 'site.yaml'), 'search: false\n');
  const whole = least(source, 'with', '--full'), bare = least(plain, 'without', '--full');
  const files = fs.readdirSync(source, { recursive: true }).filter((f) => f.endsWith('.md')).sort();
  const page = files[files.length >> 1], before = fs.readFileSync(path.join(source, page));
  const again = (from, out) => Math.min(...[1, 2, 3].map((n) => {
    fs.appendFileSync(path.join(from, page), `\n## 新增一节 ${n}\n\n先通风，再检测，后作业。\n`);
    return build(from, out).cpu;
  }));
  const changed = again(source, 'with1') - again(plain, 'without1');
  build(source, 'full', '--full');
  const same = spawnSync('diff', ['-rq', path.join(work, 'with1'), path.join(work, 'full')]).status === 0;
  fs.writeFileSync(path.join(source, page), before);
  return { cpu: whole.cpu - bare.cpu, peak: whole.peak_bytes, again: changed, same };
}

const share = (n, all) => (all ? n / all : 0);

// {all, pinyin, CLASS…: {n, first, three, ten, mrr}}
export function score(queries, answers) {
  const table = {};
  const add = (name, rank) => {
    const t = (table[name] ||= { n: 0, first: 0, three: 0, ten: 0, mrr: 0 });
    t.n++;
    t.first += rank === 0;
    t.three += rank >= 0 && rank < 3;
    t.ten += rank >= 0 && rank < 10;
    t.mrr += rank >= 0 && rank < 10 ? 1 / (rank + 1) : 0;
  };
  queries.forEach((q, n) => {
    const rank = answers[n].indexOf(q.id);
    add(q.class, rank);
    add('all', rank);
    if (pinyinClasses.includes(q.class)) add('pinyin-classes', rank);
  });
  for (const t of Object.values(table)) for (const key of ['first', 'three', 'ten', 'mrr']) t[key] = share(t[key], t.n);
  return table;
}

export function percentile(numbers, p) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))];
}

export function printScores(names, tables, out = console.log) {
  const f = (x) => x.toFixed(2).replace(/^0/, '');
  out(`${'class'.padEnd(15)}${'n'.padStart(4)}  ${names.map((n) => `${n}: @1 @3 @10 MRR`.padEnd(28)).join('')}`);
  for (const c of [...classes, 'pinyin-classes', 'all']) {
    const row = tables.map((t) => (t[c] ? [t[c].first, t[c].three, t[c].ten, t[c].mrr].map(f).join('  ').padEnd(28) : ''.padEnd(28)));
    const first = tables.find((t) => t[c]);
    if (first) out(`${c.padEnd(15)}${String(first[c].n).padStart(4)}  ${row.join('')}`);
  }
}
