// queries.mjs - what a first and a next query load from the search of a site, in bytes.
//
//   node tests/bench/queries.mjs SITE CONTENT
//
// Asks for pieces of titles, headings and sentences of the pages in CONTENT, drawn evenly, the very search.js of
// SITE: each alone with nothing loaded before, then all one after the other. Prints four numbers: median and
// most of first ones, median and most of next ones. Must not know: how the search works.
import fs from 'node:fs';
import path from 'node:path';
import { openSearch } from '../tools/search.mjs';

const [site, content] = process.argv.slice(2), pages = [], PAGES = 40;
for (const name of fs.readdirSync(content, { recursive: true }).sort()) if (name.endsWith('.md')) pages.push(name);
const queries = [];
for (let n = 0; n < PAGES; n++) {
  const text = fs.readFileSync(path.join(content, pages[Math.floor((n * pages.length) / PAGES)]), 'utf8');
  const runs = (part) => part.match(/[\u4e00-\u9fff]{4,}/g) || [];
  const [title] = runs((/^title: (.*)$/m.exec(text) || ['', ''])[1]), [heading] = runs((/^## (.*)$/m.exec(text) || ['', ''])[1]);
  const body = runs(text.replace(/^---[^]*?\n---\n/, ''));
  for (const piece of [title, heading, body[body.length >> 1]]) if (piece) queries.push(piece.slice(0, 2 + (n % 7)));
}
const firsts = [], nexts = [];
for (const query of queries) firsts.push((await openSearch(site).ask(query, 10)).stats.bytes);
const search = openSearch(site);
let before = (await search.ask(queries[0], 10)).stats.bytes;
for (const query of queries.slice(1)) {
  const { bytes } = (await search.ask(query, 10)).stats;
  nexts.push(bytes - before);
  before = bytes;
}
const at = (list, share) => list.sort((x, y) => x - y)[Math.min(list.length - 1, Math.floor(list.length * share))];
console.log([at(firsts, 0.5), at(firsts, 1), at(nexts, 0.5), at(nexts, 1)].join(' '));
