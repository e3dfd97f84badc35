#!/usr/bin/env node
// search.mjs - asks a built site's own search.js from the command line.
//
//   node tests/tools/search.mjs SITE [--batch] [--stats] [--limit N] [QUERY…]
//
// Prints the paths, from SITE and without .html, of the pages that hold all the query's terms (of the
// nearest ones when none does), best first. --batch: queries on stdin, an empty line after each answer.
// --stats: on stderr one JSON line a query {"query","bytes","files"} with what a browser with an empty
// cache would load for the query and its first ten results, search.js and manifest.js included.
// Must not know: how the search works.
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import vm from 'node:vm';

export function openSearch(site) {
  const folder = path.join(site, 'search');
  const script = fs.readFileSync(path.join(folder, 'search.js'), 'utf8');
  const loaded = new Map();
  let context;
  const renew = () => {
    loaded.clear();
    loaded.set('search.js', Buffer.byteLength(script));
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
    ask(query, limit = Infinity) {
      return new Promise((resolve, reject) => {
        const engine = context.AnjianSearch;
        try {
          engine.query(query, {}, (answer) => {
            const list = answer.full.length ? answer.full : answer.part;
            engine.fill(list.slice(0, 10), () => {
              let bytes = 0;
              for (const size of loaded.values()) bytes += size;
              const stats = { query, bytes, files: loaded.size };
              const wanted = [...list].slice(0, limit);
              const step = (from) => { // in pieces: the engine keeps only so many files
                if (from >= wanted.length) return resolve({ answer, list: wanted, stats, ids: wanted.map((h) => h.address && decodeURIComponent(h.address).replace(/\.html$/, '')).filter(Boolean) });
                engine.fill(wanted.slice(from, from + 50), () => setImmediate(step, from + 50));
              };
              step(0);
            });
          });
        } catch (e) {
          reject(e);
        }
      });
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
