#!/usr/bin/env node
// quizjson: are two files of questions the same? Order of keys does not count; an id that the
// second (written by hand) does not name is not compared. `--drop a,b` leaves facts out of both.
import { readFileSync } from 'node:fs';

const args = process.argv.slice(2);
let drop = [];
if (args[0] === '--drop') {
  drop = args[1].split(',');
  args.splice(0, 2);
}
const [made, wanted] = args.map((f) => JSON.parse(readFileSync(f, 'utf8')));

function tidy(v, path) {
  if (Array.isArray(v)) return v.map((x, i) => tidy(x, `${path}[${i}]`));
  if (!v || typeof v !== 'object') return v;
  // the left sides of a match keep their order
  const keys = path.endsWith('.pairs') ? Object.keys(v) : Object.keys(v).sort();
  return Object.fromEntries(keys.filter((k) => !drop.includes(k)).map((k) => [k, tidy(v[k], `${path}.${k}`)]));
}

(made.questions || []).forEach((q, i) => {
  if (wanted.questions[i] && !wanted.questions[i].id) delete q.id;
});
const lines = (v) => JSON.stringify(tidy(v, ''), null, 1).split('\n');
const a = lines(made), b = lines(wanted);
for (let i = 0; i < Math.max(a.length, b.length); i++)
  if (a[i] !== b[i]) {
    console.log(`line ${i + 1}\n made   ${a[i]}\n wanted ${b[i]}`);
    process.exit(1);
  }
