/* quiz-core - which questions a seed draws, and what answers are worth.
 *
 * ES5, classic; the same file runs in a page and in Node. model/quizdraw draws alike in C, and
 * tests/data/quiz/draw.json holds both to the same results. Of an exam there are only salted hashes
 * and a sealed rest (driver/quizdata says how). Must not know: the page, the clock, storage. */
(function () {
  'use strict';
  var anjian = window.anjian = window.anjian || {};

  /* ---- chance that can be repeated: mulberry32 without Math.imul ---- */
  function multiply(a, b) {
    return ((a & 0xffff) * b + ((((a >>> 16) * b) & 0xffff) << 16)) | 0;
  }
  function random(start) {
    var a = start >>> 0;
    return function () {
      a = (a + 0x6d2b79f5) | 0;
      var t = multiply(a ^ (a >>> 15), 1 | a);
      t = (t + multiply(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }
  function shuffle(list, next) {
    for (var i = list.length - 1; i > 0; i--) {
      var j = Math.floor(next() * (i + 1));
      var keep = list[i];
      list[i] = list[j];
      list[j] = keep;
    }
    return list;
  }
  function among(list) {
    return function (x) {
      return list.indexOf(x) >= 0;
    };
  }
  /* So many of a list, in the list's order. */
  function pick(list, count, next) {
    if (!count || count >= list.length) return list.slice();
    return list.filter(among(shuffle(list.slice(), next).slice(0, count)));
  }
  /* What an attempt asks: [{index, order}]. settings: {pick, shuffle, pools: {name: {pick}}};
   * questions: [{pool, choices, always}]: choices is how many things can change places, always says
   * that they do. only: indices to ask instead of a draw. Questions keep together by pool. */
  function draw(settings, questions, seed, only) {
    var next = random(seed);
    var names = [];
    var groups = [];
    var taken = [];
    var out = [];
    var mixed = settings.shuffle || [];
    questions.forEach(function (q, i) {
      var name = q.pool || '';
      var at = names.indexOf(name);
      if (at < 0) {
        at = names.push(name) - 1;
        groups.push([]);
      }
      groups[at].push(i);
    });
    if (only) {
      taken = only;
    } else {
      groups.forEach(function (own, g) {
        var pool = (settings.pools || {})[names[g]];
        taken = taken.concat(pick(own, pool && pool.pick, next));
      });
      taken = pick(taken, settings.pick, next);
    }
    groups.forEach(function (own) {
      var mine = own.filter(among(taken));
      if (mixed.indexOf('questions') >= 0) shuffle(mine, next);
      mine.forEach(function (i) {
        var order = [];
        for (var k = 0; k < (questions[i].choices || 0); k++) order.push(k);
        if (questions[i].always || mixed.indexOf('options') >= 0) shuffle(order, next);
        out.push({ index: i, order: order });
      });
    });
    return out;
  }

  /* ---- comparing what was typed ---- */
  /* NFKC, small letters, no blanks, no full stop at the end; a number in its shortest form. */
  function fold(text) {
    var t = String(text);
    if (t.normalize) {
      t = t.normalize('NFKC');
    } else {
      t = t.replace(/[\uff01-\uff5e]/g, function (c) {
        return String.fromCharCode(c.charCodeAt(0) - 0xfee0);
      });
    }
    t = t.toLowerCase().replace(/[\s\u200b\u3000\ufeff]+/g, '').replace(/[\u3002.]+$/, '');
    var m = /^([+-]?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(t.replace(/\u2212/g, '-'));
    if (!m) return t;
    var digits = m[2] + (m[3] ? '.' + m[3] : '');
    return (m[1] === '-' && digits !== '0' ? '-' : '') + digits;
  }
  function number(text) {
    var t = fold(text).replace(/\u2212/g, '-').replace(/,/g, '');
    var m = /^([+-]?(?:\d+\.?\d*|\.\d+))(%|[^\d]*)$/.exec(t);
    return m ? parseFloat(m[1]) : NaN;
  }
  function hash(salt, slot, value) {
    return anjian.records.sha256(salt + '\n' + slot + '\n' + value).slice(0, 16);
  }
  /* Does this slot (any one when < 0) take this? */
  function takes(q, slot, given) {
    var text = fold(given === undefined || given === null ? '' : given);
    if (text === '') return false;
    var known = q.right || [];
    var sealed = q.hashes;
    function one(i) {
      var list = (sealed || known)[i] || [];
      if (sealed && list.indexOf(hash(q.salt, slot < 0 ? '' : i, text)) >= 0) return true;
      return (known[i] || []).some(function (a) {
        if (a && typeof a === 'object') {
          var n = number(given);
          return !isNaN(n) && Math.abs(n - a.value) <= (a.tolerance || 0) + 1e-9;
        }
        return !sealed && fold(a) === text;
      });
    }
    if (slot >= 0) return one(slot);
    return (sealed || known).some(function (list, i) {
      return one(i);
    });
  }
  function sum(list, fn) {
    return list.reduce(function (n, x) {
      return n + (Number(fn(x)) || 0);
    }, 0);
  }
  function clamp(n) {
    return Math.max(0, Math.min(1, n));
  }
  /* The choices of a path: [{node, choice, points}], and where it stands. A choice counts once. */
  function walk(q, path) {
    var at = 0;
    var steps = [];
    var used = {};
    path.forEach(function (n) {
      var choice = q.nodes[at] && q.nodes[at].choices[n];
      if (!choice) return;
      var name = at + '/' + n;
      steps.push({ node: at, choice: n, points: used[name] ? 0 : Number(choice.points) || 0 });
      used[name] = true;
      at = choice.node;
    });
    return { at: at, steps: steps, over: !q.nodes[at].choices.length };
  }
  /* {worth: 1 right, 0 wrong, between: part; slots: right or wrong by slot}. self: how the learner
   * graded a short answer, one yes or no for each point of the rubric, or one share. */
  function grade(q, given, self) {
    var slots = [];
    if (q.type === 'scenario') {
      var way = walk(q, given);
      if (!way.over) return { worth: 0, slots: slots };
      var got = sum(way.steps, function (s) {
        return s.points;
      });
      return { worth: q.best > 0 ? clamp(got / q.best) : 1, slots: slots };
    }
    if (q.type === 'short') {
      var rubric = q.rubric || [];
      if (!self || !String(given[0] || '').trim()) return { worth: 0, slots: slots };
      if (!rubric.length) return { worth: clamp(Number(self[0]) || 0), slots: slots };
      var full = sum(rubric, function (r) {
        return r.points;
      });
      var mine = 0;
      rubric.forEach(function (r, i) {
        if (self[i]) mine += full ? Number(r.points) || 0 : 1;
      });
      return { worth: clamp(mine / (full || rubric.length)), slots: slots };
    }
    var count = (q.hashes || q.right || []).length;
    if (q.type === 'single' || q.type === 'multiple' || q.type === 'truefalse') {
      var good = given.every(function (k) {
        return takes(q, -1, k);
      });
      if (!given.length || !good) return { worth: 0, slots: slots };
      if (given.length === count) return { worth: 1, slots: slots };
      return { worth: q.type === 'multiple' && q.partial === 'half' ? 0.5 : 0, slots: slots };
    }
    for (var i = 0; i < count; i++) slots.push(takes(q, i, given[i]));
    return { worth: count ? slots.filter(Boolean).length / count : 0, slots: slots };
  }

  /* ---- what an exam keeps sealed until it is handed in ---- */
  function unseal(salt, text) {
    var sealed = atob(text);
    var bytes = '';
    var key = '';
    for (var i = 0; i < sealed.length; i++) {
      if (i % 32 === 0) key = anjian.records.sha256(salt + '\n' + i / 32);
      var k = (i % 32) * 2;
      bytes += String.fromCharCode(sealed.charCodeAt(i) ^ parseInt(key.substr(k, 2), 16));
    }
    return JSON.parse(decodeURIComponent(escape(bytes)));
  }

  anjian.quizcore = { random: random, shuffle: shuffle, draw: draw, fold: fold, grade: grade,
    takes: takes, walk: walk, unseal: unseal, hash: hash };
})();
