#!/usr/bin/env node
// record - training statements made and judged in Node by the very record.js that a theme ships.
//
//   node tests/tools/record.mjs [--site JSON] [--key K] [--station S] [--bundle B] [--chain HEX] < DRAFTS > FILE
//   node tests/tools/record.mjs --verify FILE…
//
// A line of DRAFTS is a draft as record.js's add() takes it, with "number" (工号) in place of "who"
// if need be, or {"attempt": …, "about": …} as its drafts() takes them. The format is docs/train/record.md.
// Other scripts import load() and player(). Must not know: kiosks, pages, the ledger.
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { fileURLToPath } from 'node:url';

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

// What a page has that holds these scripts of the theme, without the page: anjian.records, anjian.quizcore.
export function player(...names) {
  const window = {};
  for (const name of names) {
    const file = path.join(top, 'themes/classic/assets', name);
    vm.compileFunction(fs.readFileSync(file, 'utf8'), ['window'], { filename: file })(window);
  }
  return window.anjian;
}
// The functions of record.js: open, add, drafts, verify, pseudonym, sha256, hmac, uuid …
export function load() {
  return player('record.js').records;
}

function value(name, otherwise) {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
}

function main() {
  const records = load();
  const at = process.argv.indexOf('--verify');
  if (at > 0) {
    let bad = 0;
    for (const file of process.argv.slice(at + 1)) {
      const found = records.verify(fs.readFileSync(file, 'utf8'));
      for (const p of found.problems) console.log(`${file}:${p.line}: ${p.code}`);
      for (const [chain, head] of Object.entries(found.heads)) console.log(`${file}: ${chain} ${head.seq} ${head.hash}`);
      bad += found.problems.length;
    }
    process.exit(bad ? 1 : 0);
  }
  const site = JSON.parse(value('--site', '{"id":"https://example.org/","language":"zh-CN","generator":"Anjian"}'));
  const key = value('--key', site.id);
  const chain = records.open({ site, key, station: value('--station'), bundle: value('--bundle'), chain: value('--chain') });
  const out = [];
  for (const line of fs.readFileSync(0, 'utf8').split('\n')) {
    if (!line.trim()) continue;
    const given = JSON.parse(line);
    if (given.about && given.about.number !== undefined) given.about.who = records.pseudonym(key, given.about.number);
    for (const draft of given.attempt ? records.drafts(given.attempt, given.about) : [given]) {
      if (draft.number !== undefined) draft.who = records.pseudonym(key, draft.number);
      out.push(records.add(chain, draft));
    }
  }
  process.stdout.write(out.map((line) => line + '\n').join(''));
}
if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
