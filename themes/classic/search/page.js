/* page.js - the search page: asks search.js and draws what it finds.
 *
 * ES5. Draws into form.search-form > #q · #search-status · #search-facets · #search-results, is loaded
 * with `defer` behind search.js, and takes its words from the form: data-t-count "找到 {n} 页" and so on.
 * Must not know: how pages are found, markup in content. Everything is put in as text. */
(function (core) {
  var doc = document, each = core.each, part = core.part, base, form, input, status, results, last = '', turn = 0, timer, answer, list, shown, ui;

  function byId(id) { return doc.getElementById(id); }
  function say(key, n) { return (form.getAttribute('data-t-' + key) || '').replace(/\{\w\}/, function () { return n; }); }
  function add(parent, child) { return parent.appendChild(child); }
  function write(parent, text) { add(parent, doc.createTextNode(text)); }
  function make(tag, name, text) {
    var e = doc.createElement(tag);
    if (name) e.className = name;
    if (text) write(e, text);
    return e;
  }
  function button(name, text, press) {
    var b = make('button', name, text);
    b.onclick = press;
    return b;
  }
  function clear(e) { while (e.firstChild) e.removeChild(e.firstChild); }

  /* Text with marks: of whole runs, else of their pairs. Of a long one the stretch of `room` characters
   * that holds most of them. What it marked goes to `words`. */
  function marked(parent, text, runs, words, room) {
    text = text.replace(/\u200b/g, ''); /* around a heading in a text */
    var map = core.foldMap(text), from = map.from, on = [], at = 0, end = text.length, best = 0, k, n, x, piece;
    function mark(word) {
      for (var at = -1, any; word && (at = map.text.indexOf(word, at + 1)) >= 0; any = 1) for (k = from[at]; k < from[at + word.length]; k++) on[k] = 1;
      return any;
    }
    each(runs, function (r) {
      if (!mark(r.text)) r.chars.map(function (c, k) { mark(r.han && r.chars[k + 1] ? c + r.chars[k + 1] : ''); });
    });
    if (end > room) {
      for (k = 0; k < text.length; k++) {
        if (!on[k] || on[k - 1]) continue;
        for (n = 0, x = k; x < k + room - 20; x++) n += on[x] || 0;
        if (n > best) { best = n; at = Math.max(0, k - 20); }
      }
      end = Math.min(end, at + room);
      while (on[end]) end++;
      if (at) write(parent, '…');
    }
    for (; at < end; at = k) {
      for (k = at + 1; k < end && on[k] === on[at];) k++;
      piece = text.slice(at, k);
      if (on[at]) words.push(piece);
      add(parent, on[at] ? make('mark', '', piece) : doc.createTextNode(piece));
    }
    if (end < text.length) write(parent, '…');
  }
  function item(h) {
    var li = make('li', 'result'), a = add(add(li, make('h3')), make('a')), where = h.kind && say('kind-' + h.kind), runs = [], words = [], u = h.units[h.doc] || ['', '', ''];
    each(answer.queries, function (q) { runs = runs.concat(q.runs); });
    marked(a, h.title, runs, words);
    if (u[1] !== h.title) where += (where && u[1] && ' › ') + u[1];
    if (where) marked(add(li, make('p', 'result-where')), where, runs, words);
    if (u[2]) marked(add(li, make('p', 'result-text')), u[2], runs, words, 110);
    /* the page marks what this shows, in the form that the page has */
    a.href = base + '../' + h.address + '?q=' + encodeURIComponent(words.concat(runs.map(function (r) { return r.text; })).filter(function (w, k, all) { return all.indexOf(w) === k; }).slice(0, 5).join(' ')) + (u[0] && '#' + encodeURIComponent(u[0]));
    return li;
  }
  function line(text) { return add(results, make('li', 'results-line', text)); }
  /* The next ten; lines say where the pages end that have the words as typed, and all of them. */
  function more(deep) {
    var from = shown, mine = turn, now = list.slice(from, shown += deep ? 20 : 10), failed = [];
    core.fill(now, failed, function () {
      if (mine !== turn) return;
      var old = byId('search-more'), said = '', key;
      if (old) results.removeChild(old);
      if (!from) clear(results);
      each(now, function (h, k) {
        key = from + k >= list.length - answer.part.length ? 'part' : !from && k && h.fit < 1 && now[0].fit ? 'below' : '';
        if (!h.address) return;
        if (key && key !== said) line(say(said = key));
        add(results, item(h));
      });
      if (failed[0]) trouble();
      if (shown >= list.length && answer.exact) return;
      old = line();
      old.id = 'search-more';
      add(old, button('results-more', say('more'), function () {
        if (answer.exact) more();
        else run(1, 1);
      }));
    });
  }
  function trouble() {
    if (status.lastChild.onclick) return;
    write(status, ' ' + say('failed') + ' ');
    add(status, button('search-retry', say('retry'), run));
  }
  function run(again, deep) {
    var text = input.value.trim(), mine;
    if (text === last && !again) return;
    if (text !== last && ui) ui.reset();
    last = text;
    mine = ++turn;
    try { history.replaceState(null, '', '?q=' + encodeURIComponent(text)); } catch (e) { /* not on every file:// */ }
    function look(set) {
      core.query(text, { allowed: set, deep: deep }, function (a) {
        if (mine !== turn) return;
        /* Exact is a number only when each page was looked at, or needs no look. */
        var n = 0, sure = a.exact && a.queries.every(function (q) { return !q.terms[q.runs.length]; });
        answer = a;
        shown = 0;
        list = a.near.concat(a.full, a.part);
        clear(status);
        if (!a.full[10]) sure = a.exact;
        each(a.full, function (h) { n += h.fit >= 0 ? h.fit > 0 : !h.maybe; });
        write(status, (a.read && say('read', a.read)) + (a.lost ? '' : n ? say(sure ? 'count' : 'about', n) : say(list[0] ? 'near' : 'none')) + (a.long ? ' ' + say('long') : ''));
        if (a.failed[0]) trouble();
        if (list[0]) more(deep);
        else clear(results);
        extra(function () { ui.facets(a); });
      });
    }
    if (!text) {
      clear(status);
      clear(results);
      if (ui) ui.facets();
    } else if (ui) ui.allowed(look);
    else look();
  }
  function extra(then) {
    part('extra', [], function (o) {
      if (!ui && o) ui = o.page(doc, { input: input, say: say, make: make, button: button, clear: clear, run: run });
      if (ui && then) then();
    });
  }
  function begin() {
    var found = /[?&]q=([^&#]*)/.exec(location.search);
    input = byId('q');
    status = byId('search-status');
    results = byId('search-results');
    if (!results) return;
    form = input.form;
    form.onsubmit = function () {
      clearTimeout(timer);
      if (ui) ui.hide();
      run(1);
      return false;
    };
    input.oninput = function () {
      clearTimeout(timer);
      timer = setTimeout(function () {
        run();
        extra(function () { ui.offer(); });
      }, 150);
    };
    if (found) try { input.value = decodeURIComponent(found[1].replace(/\+/g, ' ')); } catch (e) { /* not ours */ }
    run();
    setTimeout(extra, 300);
    core.need(['manifest', 'text'], [], String); /* each query wants them; nothing to do then */
  }
  each(doc.scripts, function (s) { if (/page\.js/.test(s.src)) base = s.src.replace(/[^\/]*$/, ''); });
  core.use(function (name, done) {
    var s = make('script');
    s.onload = s.onerror = function () {
      doc.head.removeChild(s);
      done();
    };
    s.src = base + name;
    add(doc.head, s);
  });
  begin();
})(AnjianSearch);
