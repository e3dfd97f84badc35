#!/usr/bin/env node
// run.mjs - does the search find what somebody wants? On real Chinese pages, beside other tools.
//
//   node tests/browser/relevance/run.mjs ANJIAN [--corpus help|man|all]… [--seed N]… [--each N] [--rivals] [--misses]
//
// Prints, for each corpus and seed, success at 1, 3 and 10 and the mean reciprocal rank of each class of
// queries, and what a cold query loads; whether every substring of 500 sections finds its page; sizes. --rivals: MiniSearch on pairs of characters and Pagefind in the
// same run. Leaves with 1 when a target is missed.
// Must not know: how any of the searches works.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { available, readPages } from './corpus.mjs';
import { askAnjian, buildSite, indexCost, percentile, printScores, score, textBytes, warmTimes } from './measure.mjs';
import { drawQueries, drawSubstrings } from './queries.mjs';

const args = process.argv.slice(2), corpora = [], seeds = [];
let each = 25, rivals = false, misses = false, anjian = '';
while (args.length) {
  const a = args.shift();
  if (a === '--corpus') corpora.push(args.shift());
  else if (a === '--seed') seeds.push(Number(args.shift()));
  else if (a === '--each') each = Number(args.shift());
  else if (a === '--rivals') rivals = true;
  else if (a === '--misses') misses = true;
  else anjian = path.resolve(a);
}
if (!anjian) {
  console.error('usage: run.mjs ANJIAN [--corpus help|man|all]… [--seed N]… [--each N] [--rivals] [--misses]');
  process.exit(2);
}
if (!seeds.length) seeds.push(1);
if (!corpora.length) corpora.push('help', 'all');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'anjian-relevance-'));
process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }));
let over = 0;
const target = (what, value, good, limit) => {
  if (!good) over = 1;
  console.log(`  ${what.padEnd(44)}${value.padEnd(24)}${limit.padEnd(18)}${good ? 'ok' : 'MISSED'}`);
};
const kb = (n) => `${(n / 1000).toFixed(1)} kB`;

for (const corpus of corpora) {
  if (!available('man') || (corpus !== 'man' && !available('help'))) {
    console.log(`${corpus}: not here; apt-get install libreoffice-help-zh-cn manpages-zh`);
    continue;
  }
  const pages = readPages(corpus), bytes = textBytes(pages), folder = path.join(work, corpus);
  const built = buildSite(anjian, pages, folder), large = pages.length > 5000;
  const others = rivals ? await (await import('./rivals.mjs')).openRivals(pages, path.join(work, `${corpus}-rivals`)) : [];
  console.log(`\n${corpus}: ${pages.length} pages, ${(bytes / 1e6).toFixed(2)} MB of text; search: ${built.files} files`);
  for (const seed of seeds) {
    const queries = drawQueries(pages, seed, each), asked = queries.map((q) => q.query);
    const ours = askAnjian(built.site, asked, { cold: true }), tables = [score(queries, ours.answers)];
    for (const r of others) tables.push(score(queries, await r.ask(asked)));
    console.log(`\nseed ${seed}, ${queries.length} queries`);
    printScores(['Anjian', ...others.map((r) => r.name)], tables);
    if (misses) queries.forEach((q, n) => {
      const at = ours.answers[n].indexOf(q.id);
      if (at) console.log(`  ${at < 0 ? '-' : at + 1} ${q.class}: ${q.query} → ${q.id}; first ${ours.answers[n][0]}`);
    });
    const cold = ours.stats.map((s) => s.bytes), t = tables[0];
    target('known item first', t.all.first.toFixed(3), t.all.first >= 0.95, '>= .95');
    target('known item in the first ten', t.all.ten.toFixed(3), t.all.ten >= 0.98, '>= .98');
    target('pinyin, first three', t['pinyin-classes'].three.toFixed(3), t['pinyin-classes'].three >= 0.93, '>= .93');
    target('questions, first three', t.question.three.toFixed(3), t.question.three >= 0.95, '>= .95');
    target('cold query, bytes: median', kb(percentile(cold, 0.5)), percentile(cold, 0.5) <= 50000, '<= 50 kB');
    target('cold query, bytes: largest', kb(percentile(cold, 1)), percentile(cold, 1) <= 80000, '<= 80 kB');
    const warm = await warmTimes(built.site, asked), ms = (p) => percentile(warm, p);
    target('query after load, CPU: p50', `${ms(0.5).toFixed(1)} ms`, ms(0.5) <= 5, '<= 5 ms');
    target('query after load, CPU: p95', `${ms(0.95).toFixed(1)} ms`, ms(0.95) <= 25, '<= 25 ms');
    console.log(`  files of a cold query: ${percentile(ours.stats.map((s) => s.files), 0.5)} median, ${percentile(ours.stats.map((s) => s.files), 1)} most`);
    for (const r of others) if (r.cold) console.log(`  ${r.name}: cold query ${await r.cold(asked)}`);
  }
  const pieces = drawSubstrings(pages, seeds[0], 500), full = askAnjian(built.site, pieces.map((p) => p.query), { limit: 0 });
  const lost = pieces.filter((p, n) => !full.answers[n].includes(p.id));
  target(`substrings of 2 to 8 Han that find their page`, `${pieces.length - lost.length} of ${pieces.length}`, !lost.length, 'all');
  for (const p of lost.slice(0, 5)) console.log(`    ${p.query} of ${p.id}`);
  const cost = indexCost(anjian, built.source, path.join(folder, 'cost'));
  target('index build, CPU', `${cost.cpu.toFixed(2)} s`, cost.cpu <= (large ? 1.2 : 0.4), large ? '<= 1.2 s' : '<= .4 s');
  target('peak of the build', `${(cost.peak / 1e6).toFixed(0)} MB`, cost.peak <= 200e6, '<= 200 MB');
  target('one page changed: index part, CPU', `${(cost.again * 1000).toFixed(0)} ms`, cost.again <= 0.3, '<= 300 ms');
  target('… and equal to a full build', cost.same ? 'equal' : 'differs', cost.same, 'equal');
  target('index without fragments', kb(built.index), built.index <= (large ? 3.8e6 : 1.6e6), large ? '<= 3.8 MB' : '<= 1.6 MB');
  target('whole search, times the text', `${kb(built.total)} (${((built.total - 40000) / bytes).toFixed(3)})`, built.total <= bytes * 1.6 + 40000, '<= 1.6 x + 40 kB');
  target('largest file', kb(built.largest), built.largest <= 65536, '<= 64 kB');
  target('search.js and page.js', kb(built.script), built.script <= 14000, '<= 14 kB');
  for (const r of others) {
    console.log(`  ${r.name}: ${r.weight}`);
    await r.close();
  }
}
process.exit(over);
