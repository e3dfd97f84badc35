#!/usr/bin/env node
// search.mjs - asks a built site's own search.js from the command line.
//
//   node tests/tools/search.mjs SITE [--batch] [--stats] [--limit N] [QUERY…]
//
// Prints the paths, from SITE and without .html, of the pages that hold all the query's terms (of the
// nearest ones when none does), best first. --batch: queries on stdin, an empty line after each answer.
// --stats: on stderr one JSON line a query {"query","bytes","files"} with what a browser with an empty
// cache would load for the query and its first ten results, search.js, page.js and manifest.js included.
// Must not know: how the search works.
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import vm from 'node:vm';

// Engine and page together: what stands in a search page's head.
export const scriptBytes = (folder) => ['search.js', 'page.js'].reduce((n, name) => n + fs.statSync(path.join(folder, name)).size, 0);

export function openSearch(site) {
  const folder = path.join(site, 'search');
  const script = fs.readFileSync(path.join(folder, 'search.js'), 'utf8');
  const loaded = new Map();
  let context;
  const renew = () => {
    loaded.clear();
    for (const name of ['search.js', 'page.js']) loaded.set(name, fs.statSync(path.join(folder, name)).size);
    context = vm.createContext({ console });
    vm.runInContext(script, context, { filename: 'search.js' });
    context.AnjianSearch.use((name, done) => {
      try {
        const text = fs.readFileSync(path.join(folder, name), 'utf8');
        loaded.set(name, Buffer.byteLength(text));
        vm.runInContext(text, context, { filename: name });
      } catch (e) {
        if (e.code !== 'ENOENT') console.error(`${name}: ${e.message}`);
      }
      done();
    });
  };
  renew();
  return {
    renew,
    engine: () => context.AnjianSearch,
    // What the characters of a text in f/ stand for.
    text(coded) {
      let read = '';
      context.AnjianSearch.need(['text'], [], () => { read = context.AnjianSearch.values.text.raw(context.AnjianSearch).read(coded); });
      return read;
    },
    // The first ten as a browser shows them; then, when more are wanted, all that a deep look finds.
    async ask(query, limit = Infinity) {
      const engine = context.AnjianSearch;
      const look = (deep) => new Promise((resolve) => engine.query(query, deep ? { deep: 1 } : {}, resolve));
      const shown = (a) => [...a.near, ...(a.full.length || a.near.length ? a.full : a.part)];
      const fill = (hits) => new Promise((resolve) => engine.fill(hits, [], resolve));
      let answer = await look(false);
      let list = shown(answer).slice(0, Math.min(limit, 10));
      await fill(list);
      let bytes = 0;
      for (const size of loaded.values()) bytes += size;
      const stats = { query, bytes, files: loaded.size };
      if (limit > 10) {
        const seen = new Set(list.map((h) => h.page));
        if (!answer.exact) answer = await look(true);
        list = [...list, ...shown(answer).filter((h) => !seen.has(h.page))].slice(0, limit);
        for (let from = 10; from < list.length; from += 50) await fill(list.slice(from, from + 50)); // the engine keeps only so many files
      }
      return { answer, list, stats, ids: list.map((h) => h.address && decodeURIComponent(h.address).replace(/\.html$/, '')).filter(Boolean) };
    },
  };
}

async function main() {
  const args = process.argv.slice(2);
  let batch = false, stats = false, limit = Infinity;
  const rest = [];
  while (args.length) {
    const a = args.shift();
    if (a === '--batch') batch = true;
    else if (a === '--stats') stats = true;
    else if (a === '--limit') limit = Number(args.shift());
    else rest.push(a);
  }
  const site = rest.shift();
  if (!site || (!batch && !rest.length) || !(limit >= 0)) {
    console.error('usage: search.mjs SITE [--batch] [--stats] [--limit N] [QUERY…]');
    process.exit(2);
  }
  const search = openSearch(site);
  const answer = async (query) => {
    if (stats) search.renew();
    const found = await search.ask(query, limit);
    process.stdout.write(found.ids.map((id) => id + '\n').join(''));
    if (stats) console.error(JSON.stringify(found.stats));
  };
  if (batch) {
    for await (const line of readline.createInterface({ input: process.stdin })) {
      await answer(line);
      process.stdout.write('\n');
    }
  } else {
    for (const query of rest) await answer(query);
  }
}

if (process.argv[1] && import.meta.url === new URL(`file://${fs.realpathSync(process.argv[1])}`).href) {
  main().catch((e) => {
    console.error(e.message);
    process.exit(3);
  });
}
