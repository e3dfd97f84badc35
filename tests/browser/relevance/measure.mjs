// measure.mjs - builds a corpus with the program, asks its search, and counts where the wanted page stands.
//
// Must not know: how a search works; a search is a function from queries to lists of page ids.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSite } from './corpus.mjs';
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
  return { files, total, largest, index: total - fragments, script: fs.statSync(path.join(folder, 'search.js')).size };
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
