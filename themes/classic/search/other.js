/* other.js - other ways to read a query: pinyin and first letters, misspelt words, traditional
 * characters, questions, words of one meaning. search.js gets it when a query needs it.
 *
 * Must not know: the page. */
aj('other', '', function (core) {
  'use strict';
  var each = core.each, need = core.need, values = core.values, sounds = null, syllables = {}, starts = {}, old = null;
  /* Words that ask and name nothing. */
  var QUESTION = new RegExp('请问|请教|什么(?:是|叫|时候)|(?:是|有|叫|做)?什么(?:意思|作用|用处?|区别)?|怎么(?:样|办|用|做)?|怎样|如何|为何|为什么|' +
    '在?哪(?:里|儿|些|个)(?:设置|可以)?|多少|多久|应该|需要|能不能|可不可以|可以|[吗呢吧]', 'g');

  function shorter(x, y) { return x.length - y.length || compare(x, y); }
  function compare(x, y) { return x < y ? -1 : x > y ? 1 : 0; }
  function variants(text) {
    var out = [text];
    each(core.manifest().synonyms, function (set) {
      each(set, function (word) {
        if (word && text.indexOf(word) >= 0)
          each(set, function (same) {
            var v = text.split(word).join(same);
            if (out.indexOf(v) < 0 && out.length < 6) out.push(v);
          });
      });
    });
    return out;
  }

  /* ---- what characters sound like ---- */
  function openTable(text) {
    each(text.split(';'), function (group) {
      var m = /^([a-z]+)(.*)$/.exec(group);
      if (!m) return;
      syllables[m[1]] = 1;
      each(core.chars(m[2]), function (ch) { (sounds[ch] = sounds[ch] || []).push(m[1]); });
    });
  }
  function open(failed, done) {
    if (sounds) return done(true);
    need(['p/index'], failed, function () {
      var v = values['p/index'], p;
      if (!v) return done(false);
      p = v.raw.split('|');
      sounds = {};
      openTable(p[0]);
      starts = { n: p[1].split(' '), k: p[2].split(' ') };
      done(true);
    });
  }

  /* ---- letters to pieces: a piece is { s, open } – open ones are initials or unfinished – or { any } ---- */
  /* The best readings of letters: [{cost, list: pieces}]. */
  function readings(text, last) {
    var states = [{ cost: 0, list: [] }];
    function startsOne(s) {
      for (var k in syllables) if (!k.indexOf(s)) return true;
      return false;
    }
    each(text.split(/[\s']+/), function (w) {
      var best = [states], k;
      function step(n) {
        var piece = w.substr(k - n, n), add = null;
        if (/^([zcs]h|[a-z])$/.test(piece) && !/[iuv]/.test(piece)) add = { cost: 1.7, s: piece, open: 1 };
        else if (syllables[piece]) add = { cost: 1, s: piece };
        else if (last && /^([zcs]h|[^\Waeiouv])?[aeiouv]{1,3}(ng?)?$/.test(piece)) add = { cost: 1.1, s: piece }; /* no character here is read so */
        else if (k === w.length && startsOne(piece)) add = { cost: 1.3, s: piece, open: 1 };
        if (add) each(best[k - n], function (b) { best[k].push({ cost: b.cost + add.cost, list: b.list.concat([add]) }); });
      }
      for (k = 1; k <= w.length; k++) {
        best[k] = [];
        for (var n = 1; n < 7 && n <= k; n++) step(n);
        best[k].sort(function (x, y) { return x.cost - y.cost; });
        best[k] = best[k].slice(0, 8);
      }
      states = best[w.length];
    });
    return states.filter(function (r) { return r.list.length > 1 && r.list.length < 21; });
  }
  function loose(s) { return s.replace(/^([zcs])h/, '$1').replace(/ng$/, 'n'); }
  /* How wrong a piece is for a character: 0 it fits, 1 it begins alike, which the last try (2) lets pass
   * once (people read 簿 as bo), 9 it is another. */
  function wrong(ch, piece, fuzzy) {
    var least = 9;
    each(sounds[ch] || [ch], function (s) {
      var want = piece.s;
      if (piece.any) return piece.any[s] && (least = 0);
      if (fuzzy > 1 && s.charAt(0) === want.charAt(0)) least = Math.min(least, 1);
      if (fuzzy) { s = loose(s); want = loose(want); }
      if (piece.open ? !s.indexOf(want) : s === want) least = 0;
    });
    return least;
  }
  /* First letters of a list of pieces: several where a character is read in several ways. */
  function lettersOf(list) {
    var out = [''];
    each(list, function (p) {
      var firsts = {}, next = [], k;
      if (p.s) firsts[p.s.charAt(0)] = 1;
      for (k in p.any) firsts[k.charAt(0)] = 1;
      for (k in firsts) each(out, function (o) { if (next.length < 4) next.push(o + k); });
      out = next;
    });
    return out;
  }

  /* ---- names of pages and sections ---- */
  function nameFiles(key, kind) {
    var list = starts[kind], at = Math.max(0, core.place(list, key) - 1), names = [('p/' + kind + core.hex(at))];
    while (kind === 'n' && ++at < list.length && names.length < 3 && !list[at].indexOf(key)) names.push(('p/' + 'n' + core.hex(at)));
    return names;
  }
  /* [{text, value, exact, whole}]: what the names' beginnings say that is read like this; `whole` are the
   * shortest titles and keywords that begin so. */
  function named(all, failed, done, fuzzy) {
    var files = [], wanted = all.map(function (r) {
      var own = [];
      each(lettersOf(r.list), function (key) { own = own.concat(nameFiles(key, 'n')); });
      files = files.concat(own);
      return own;
    });
    need(files, failed, function () {
      var found = {}, out = [];
      each(all, function (r, at) {
        var seen = {};
        each(wanted[at], function (f) {
          var v = values[f];
          if (!v || seen[f]) return;
          seen[f] = 1;
          v.names = v.names || v.raw.split('|');
          each(v.names, function (name) {
            var strong = name.charAt(0) === '!', k, n = 0, end = 0, units = 0, bad = 0, full, ch, c;
            if (strong) name = name.slice(1);
            for (k = 0; k < name.length; k++) {
              ch = name.charAt(k);
              if (!sounds[ch] && !/[a-z0-9]/.test(ch)) continue;
              units++;
              if (n >= r.list.length) continue;
              bad += wrong(ch, r.list[n], fuzzy);
              if (bad > 1) return;
              n++;
              end = k + 1;
            }
            if (n < r.list.length) return;
            full = name;
            name = name.slice(0, end);
            c = found[name];
            if (!c) out.push(c = found[name] = { text: name, sum: 0, exact: 0, cost: r.cost, units: n, whole: [], open: r.list.some(function (p) { return p.open; }) });
            if (strong && units < 13 && c.whole.indexOf(full) < 0) c.whole.push(full);
            c.cost = Math.min(c.cost, r.cost);
            c.sum += strong ? 2 : 1;
            if (units === n) c.exact = Math.max(c.exact, strong ? 2 : 1);
          });
        });
      });
      each(out, function (c) { c.value = Math.min(8, c.sum) + c.exact * 5 - c.cost; });
      done(out.sort(function (x, y) { return y.value - x.value || compare(x.text, y.text); }));
    });
  }

  /* ---- chains of pairs that the site has ---- */
  function section(letters) {
    var v = values[nameFiles(letters, 'k')[0]];
    if (!v) return [];
    if (!v.sections) {
      v.sections = {};
      each(v.raw.split('|'), function (text) {
        var list = v.sections[text.slice(0, 2)] = [];
        each(text.slice(2).split(';'), function (group) {
          var first = group.charAt(0), weight = 0, k, c;
          for (k = 1; k < group.length; k++) {
            c = group.charAt(k);
            if (c >= '0' && c <= '9') weight = +c;
            else list.push([first, c, weight]);
          }
        });
      });
    }
    return v.sections[letters] || [];
  }
  /* `as`: typed characters, of which a good part has to stay. */
  function chains(r, fuzzy, as) {
    var list = r.list, states = null, all = [], k, c;
    function step(p) {
      var bad = wrong(p[1], list[k + 1], fuzzy);
      if (bad > 1) return;
      each(states ? states[p[0]] || [] : [{ text: p[0], bad: wrong(p[0], list[k], fuzzy), least: 99, sum: as && as[0] === p[0] ? 9 : 0 }], function (f) {
        if (f.bad + bad < 2)
          (next[p[1]] = next[p[1]] || []).push({ text: f.text + p[1], bad: f.bad + bad, least: Math.min(f.least, p[2]), sum: f.sum + p[2] + (as && as[k + 1] === p[1] ? 9 : 0) });
      });
    }
    for (k = 0; k + 1 < list.length; k++) {
      var next = {};
      each(lettersOf([list[k], list[k + 1]]), function (l) { each(section(l), step); });
      for (c in next) next[c] = next[c].sort(function (x, y) { return x.bad - y.bad || y.least - x.least || y.sum - x.sum || compare(x.text, y.text); }).slice(0, 6);
      states = next;
    }
    for (c in states) all = all.concat(states[c]);
    each(all, function (a) { a.value = a.least + a.sum / list.length * 0.5 - r.cost; });
    return all;
  }
  function chained(all, failed, done, fuzzy, as) {
    var files = [], ways = as && as[3] ? 1 : 4;
    each(all, function (r) {
      for (var k = 0; k + 1 < r.list.length; k++) each(lettersOf([r.list[k], r.list[k + 1]]).slice(0, ways), function (l) { files = files.concat(nameFiles(l, 'k')); });
    });
    need(files, failed, function () {
      var out = [], seen = {};
      each(all, function (r) { out = out.concat(chains(r, fuzzy, as)); });
      done(out.sort(function (x, y) { return y.value - x.value || compare(x.text, y.text); }).filter(function (a) { return !seen[a.text] && (seen[a.text] = 1); }));
    });
  }
  /* done([strings of this site], best first): what letters may mean. `quick`: names alone. `fuzzy`: 0 as
   * typed, 1 as the south says it, 2 with one whole syllable misread. */
  function fromLetters(text, most, quick, failed, done, fuzzy) {
    open(failed, function (ok) {
      fuzzy = fuzzy || 0;
      var last = fuzzy > 1, all = ok ? readings(text, last) : [], first;
      if (last) all = all.filter(function (r) { return r.list.length > 2 && r.list.every(function (p) { return !p.open; }); });
      function give(list) {
        var texts = [];
        each(list, function (c) {
          var more = most > 4 && c.whole ? c.whole.sort(shorter).slice(0, 3) : [];
          each(more[0] && c.open ? more : [c.text].concat(more), function (t) { if (texts.indexOf(t) < 0) texts.push(t); });
        });
        if (list.length || last || !ok) done(texts.slice(0, most));
        else fromLetters(text, most, false, failed, done, fuzzy + 1);
      }
      if (!all.length) return quick ? done([]) : give([]);
      first = all.filter(function (r) { return r.cost <= all[0].cost + 1; });
      if (most < 5) named(first, failed, function (names) {
        names = names.filter(function (c) { return c.exact; });
        if (names.length) give(names);
        else if (quick) done([]);
        else look();
      }, fuzzy);
      else look();
      function look() { named(all, failed, function (names) {
        if (names.length && names[0].exact) return give(most < 5 ? names.filter(function (c) { return c.exact; }) : names);
        var short = all.filter(function (r) { return r.list.length <= 12; }).slice(0, 2);
        if (names.length && names[0].sum > 2) return give(names);
        chained(short, failed, function (list) {
          var have = {};
          each(names, function (c) { have[c.text] = 1; });
          list = list.filter(function (c) { return !have[c.text]; });
          give(names.slice(0, 3).concat(most > 4 && names.length ? list.slice(0, 3) : list));
        }, fuzzy);
      }, fuzzy); }
    });
  }

  /* ---- misspelt: other characters, the same sound ---- */
  function fromSounds(text, failed, done) {
    var typed = core.chars(text);
    function piece(ch) {
      var any = {};
      each(sounds[ch] || [ch], function (s) { any[s] = 1; });
      return { any: any };
    }
    function same(other) {
      var n = 0;
      each(typed, function (ch, k) { n += other.charAt(k) === ch; });
      return n;
    }
    open(failed, function (ok) {
      var missing = ok && typed.some(function (ch) { return !sounds[ch]; });
      if (!ok || typed.length < 2 || typed.length > 12) return done([]);
      need(missing ? ['p/rest'] : [], failed, function () {
        var v = values['p/rest'], all;
        if (missing && v && !v.made) { v.made = 1; openTable(v.raw); }
        all = [{ cost: 0, list: typed.map(piece) }];
        function give(list) { done(list.filter(function (c) { return c.text !== text && same(c.text) * 3 >= typed.length; }).slice(0, 2).map(function (c) { return c.text; })); }
        named(all, failed, function (names) {
          /* two characters: half of the pairs that sound alike are ends and beginnings of words */
          if (names.length || typed.length > 4 || typed.length < 3) return give(names);
          chained(all, failed, give, 0, typed);
        });
      });
    });
  }

  /* ---- traditional characters ---- */
  var OFTEN = /[個們來時這對會說國過學後還進發現點無開關經與為實體機電車問題動應該當業產設備檢測風險號單價頁碼轉換選擇項檔數據顯標圖層網絡視編輯繪製寫讀傳輸連線錯誤訊種將變從處須長種類條東兩樣邏輯務員訓練滅氣壓護責則記錄統計間門刪話請語該讓誰認識詞給鍵執啓幫額並滿輕較難見觀區廠場礦鋼銷]/;
  function openOld(failed, done) {
    need(['han'], failed, function () {
      var v = values.han, list, k;
      if (!v || old) return done();
      core.old = old = {};
      list = core.chars(v.raw);
      for (k = 0; k + 1 < list.length; k += 2) old[list[k]] = list[k + 1];
      done();
    });
  }
  function traditional(text, failed, done) {
    function modern() { openOld(failed, function () { done(core.fold(text)); }); }
    if (old) return done(text);
    if (OFTEN.test(text)) return modern();
    open(failed, function (ok) { /* is there a character that the site does not have? */
      if (!ok || core.chars(text).every(function (ch) { return !core.HAN.test(ch) || sounds[ch]; })) done(text);
      else modern();
    });
  }

  function one(x, y) { return y.fit - x.fit || x.asked - y.asked || x.rank - y.rank; }
  function likely(x, y) { return x.asked - y.asked || one(x, y); }
  /* Puts what was found for other texts before what was found for the query itself. */
  function join(found, a, read) {
    var seen = {}, both = { near: a.near, exact: a.exact && found.exact, failed: a.failed, read: read };
    function fresh(h) { return !seen[h.page] && (seen[h.page] = 1); }
    both.full = found.full.concat(a.full).filter(fresh);
    both.part = a.part.concat(found.part).filter(fresh);
    both.queries = found.queries.concat(a.queries);
    return both;
  }
  function letters(text, a, options, done) {
    function finish(exact) {
      fromLetters(text, 3, exact.length, a.failed, function (strings) {
        if (!strings.length && !a.queries.length) return core.find([text], options, a.failed, function (b) { core.check(b, done); });
        if (!strings.length) return exact.length ? done(a) : core.check(a, done);
        var texts = [];
        each(strings, function (s) { texts = texts.concat(variants(s)); });
        core.find(texts, { allowed: options.allowed, deep: options.deep, prior: 1 }, a.failed, function (b) {
          if (!b.full.length) return core.check(a, done);
          core.check(b, function () {
            b.full = b.full.slice(0, 10).sort(text.length < 4 ? likely : one).concat(b.full.slice(10));
            b.part = [];
            var read = texts[b.full[0].asked];
            if (exact.length) {
              a.full = exact.concat(a.full);
              done(join({ full: exact, part: [], queries: [], exact: true }, join(b, a, ''), ''));
            } else done(join(b, a, read));
          });
        });
      });
    }
    if (!a.full.length) return finish([]);
    core.check(a, function () { finish(a.full.filter(function (h) { return h.fit >= 1; })); });
  }
  function oneEdit(x, y) {
    var k = 0;
    while (k < x.length && x.charAt(k) === y.charAt(k)) k++;
    return x.slice(k + (x.length >= y.length)) === y.slice(k + (x.length <= y.length));
  }
  /* Han, where no page has all the terms, or none as typed. */
  function han(text, a, options, done) {
    var plain = text.replace(QUESTION, ' ').trim(), had = a.full.length;
    function give(b, read) {
      core.check(b, function () { /* the first few tell whether it is worth reading more */
        if (!b.full.length || b.full[0].fit < 1) return last();
        core.check(b, function () { done(join(b, a, read)); });
      }, b.full.slice(0, 4));
    }
    /* One wrong letter can make a page that is meant miss a term: a title that is nearly the query. */
    function last() {
      var list = a.full.slice(0, 10).concat(a.part.slice(0, had ? 4 : 10)), query = core.bare(plain);
      core.check(a, function () {
        a.near = list.filter(function (h) { return h.fit < 1 && query.length > 2 && h.title && oneEdit(core.bare(core.fold(h.title)), query); }).slice(0, 1);
        if (a.full[0] && a.full[0].fit >= 1) a.near = [];
        function other(h) { return h !== a.near[0]; }
        a.full = a.full.filter(other);
        a.part = a.part.filter(other);
        done(a);
      }, list);
    }
    function misspelt(word) {
      if (/[^\u3400-\u9fff]/.test(word)) return last();
      fromSounds(word, a.failed, function (strings) {
        if (!strings.length) return last();
        core.find(strings, { allowed: options.allowed, prior: 1 }, a.failed, function (b) { give(b, strings[0]); });
      });
    }
    function modern() {
      if (!a.unknown) return misspelt(plain);
      traditional(text, a.failed, function (now) {
        if (now === text) return misspelt(plain);
        core.find(variants(now), options, a.failed, function (b) {
          if (!b.full.length) return han(now, b, options, done);
          b.read = now;
          core.check(b, done);
        });
      });
    }
    if (plain.length < 2 || plain === text) {
      plain = text;
      if (!had) return modern();
      return core.check(a, function () { /* the first few tell here too */
        if (a.full[0].fit < 1) modern();
        else core.check(a, done);
      }, a.full.slice(0, 4));
    }
    core.find(variants(text).concat(variants(plain)), options, a.failed, function (b) {
      if (!b.full.length) {
        a = b;
        return modern();
      }
      core.check(b, function () {
        if (!had) b.read = plain;
        a = b;
        had = 1;
        if (b.full[0].fit < 1) modern();
        else done(b);
      });
    });
  }
  /* The rest of very common terms, of low impact, from files of its own. */
  function deepen(terms, failed, done) {
    var all = [];
    each(terms, function (t) {
      t.parts = [];
      each(t.tails, function (tail) {
        function code(x, size) { return core.hex(x.charCodeAt(0) + (1 << size)).slice(1); }
        var id = t.word ? 'x' + tail.key.slice(0, 64).replace(/[^]/g, function (x) { return code(x, 8); }) :
          core.hex(tail.key.charCodeAt(0)) + code(tail.key.charAt(1) || '\0', 16);
        for (var n = 1; n <= tail.parts; n++) t.parts.push(('t/' + id + '-' + n));
      });
      all = all.concat(t.parts);
    });
    need(all, failed, function () {
      each(terms, function (t) {
        each(t.parts, function (name) { if (values[name]) t.lists.push({ raw: values[name].raw, n: -1 }); });
      });
      done();
    });
  }
  return {
    variants: variants,
    /* Checks these hits again, now that old characters can be read; end() when they cannot. */
    old: function (a, list, end, done) {
      openOld(a.failed, function () {
        if (!old) return end();
        each(list, function (h) { h.address = 0; });
        core.check(a, done, list);
      });
    },
    deepen: deepen,
    query: function (text, a, options, done) { (/[a-z]/.test(text) && /^[a-z' ]+$/.test(text) ? letters : han)(text, a, options, done); },
    suggest: function (text, done) { fromLetters(text, 8, false, [], done); }
  };
});
