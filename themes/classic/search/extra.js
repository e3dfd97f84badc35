/* extra.js - what the search page can do beside searching: filters, suggestions, ways on where nothing
 * is found, and a keyboard on the screen. page.js gets it when it has shown its first answer.
 *
 * Must not know: how pages are found. */
aj('extra', '', function (core) {
  'use strict';
  var each = core.each, values = core.values;

  /* Which of a facet's values each page has: done({value: {page: 1}}, values in order). */
  function facet(key, done) {
    var names = [], k;
    for (k = 0; k < (core.manifest().facets[key] || 0); k++) names.push(('c/' + key + (k ? '-' + k : '')));
    core.need(names, [], function () {
      var out = {}, order = [];
      each(names, function (name) {
        each(values[name] ? values[name].raw : [], function (v) {
          var r = new core.Bits({ raw: v[1] }), page = 0, left = r.g(2), gap = 2, more = 0, run;
          if (!out[v[0]]) { out[v[0]] = {}; order.push(v[0]); }
          while (left-- && r.left()) {
            page += r.g(gap);
            gap = r.k;
            out[v[0]][page] = 1;
            run = r.g(more);
            more = r.k;
            while (run--) out[v[0]][++page] = 1;
          }
        });
      });
      done(out, order);
    });
  }
  /* Words of this site that letters may mean, or what a text may go on with. */
  function suggest(input, done) {
    var text = core.fold(String(input).slice(0, 32)).replace(/\u00fc/g, 'v');
    if (!/^[a-z' ]{2,}$/.test(text)) return done([]);
    core.need(['manifest'], [], function () {
      if (!core.manifest()) return done([]);
      core.part('other', [], function (o) {
        if (o) o.suggest(text, done);
        else done([]);
      });
    });
  }

  /* The page's part: `its` gives what page.js has. */
  function page(doc, its) {
    var input = its.input, form = input.form, say = its.say, make = its.make, button = its.button, clear = its.clear;
    var facetBox = doc.getElementById('search-facets'), box, pick = -1, chosen = {}, focus = '', turn = 0, board = null, toggle;

    function label(key, v) { return key === 'kind' ? say('kind-' + v) || v : v; }
    function group(key, g) {
      g.setAttribute('role', 'group');
      g.setAttribute('aria-label', say('facet-' + key) || key);
      g.appendChild(make('h2', '', say('facet-' + key) || key));
      return g;
    }
    function place() { return facetBox.appendChild(make('div', 'facet')); }
    /* Nothing was found: what most pages are about, to be searched for with one press. */
    function ways(key) {
      var mine = turn;
      facet(key, function (all, order) {
        if (mine !== turn || !order.length) return;
        function count(v) { var n = 0, p; for (p in all[v]) n++; return n; }
        order = order.slice().sort(function (x, y) { return count(y) - count(x); });
        var g = group(key, place());
        each(order.slice(0, 8), function (v) { g.appendChild(button('', v, function () { take(v); })); });
      });
    }
    function facets(answer) {
      var keys = [], mine = ++turn, pages = {}, all = core.manifest() && core.manifest().facets, k, others, any;
      clear(facetBox);
      if (!answer || !all) return;
      for (k in all) keys.push(k);
      any = keys.some(function (x) { return chosen[x]; });
      each(answer.full, function (h) { pages[h.page] = 1; });
      if (!answer.full.length && !any) {
        if (!answer.part.length && (all.hazards || all.tags)) ways(all.hazards ? 'hazards' : 'tags');
        return;
      }
      function draw(key) {
        var own = place(); /* files come in any order */
        facet(key, function (has, order) {
          if (mine !== turn) return;
          var list = [], g;
          each(order, function (v) {
            var n = 0, p;
            for (p in pages) if (has[v][p]) n++;
            if (n || chosen[key] === v) list.push([v, n]);
          });
          list.sort(function (x, y) { return y[1] - x[1]; });
          if (list.length < 2 && !chosen[key]) return;
          g = group(key, own);
          each(list.slice(0, 12), function (v) {
            var b = button('', label(key, v[0]) + ' ' + v[1], function () {
              chosen[key] = chosen[key] === v[0] ? '' : v[0];
              focus = key + v[0];
              its.run(true);
            });
            b.setAttribute('aria-pressed', chosen[key] === v[0] ? 'true' : 'false');
            g.appendChild(b);
            if (focus !== key + v[0] && focus !== '*') return;
            b.focus();
            focus = '';
          });
        });
      }
      if (all.kind) draw('kind');
      others = keys.filter(function (x) { return x !== 'kind'; });
      if (!others.length) return;
      if (any) return each(others, draw);
      var more = facetBox.appendChild(button('facet-more', say('filter'), function () {
        facetBox.removeChild(more);
        focus = '*';
        each(others, draw);
      }));
    }
    function allowed(done) {
      var keys = [], out = null, k;
      for (k in chosen) if (chosen[k]) keys.push(k);
      (function next() {
        if (!keys.length) return done(out);
        var key = keys.pop();
        facet(key, function (all) {
          var has = all[chosen[key]] || {}, both = {};
          for (var p in has) if (!out || out[p]) both[p] = 1;
          out = both;
          next();
        });
      })();
    }

    /* ---- suggestions: letters to words of this site ---- */
    function hide() {
      box.hidden = true;
      pick = -1;
      input.removeAttribute('aria-activedescendant');
      input.setAttribute('aria-expanded', 'false');
    }
    function take(text) {
      hide();
      input.value = text;
      its.run(1);
    }
    function offer() {
      var text = input.value;
      suggest(text, function (list) {
        if (input.value !== text || (doc.activeElement !== input && !board)) return;
        clear(box);
        pick = -1;
        if (!list.length) return hide();
        each(list, function (s, k) {
          var li = make('li', '', s);
          li.id = 'search-suggestion-' + k;
          li.setAttribute('role', 'option');
          li.onmousedown = function (e) {
            e.preventDefault();
            take(s);
          };
          box.appendChild(li);
        });
        box.hidden = false;
        input.setAttribute('aria-expanded', 'true');
      });
    }
    function move(step) {
      var items = box.childNodes;
      if (box.hidden || !items.length) return false;
      if (pick >= 0) items[pick].setAttribute('aria-selected', 'false');
      pick = (pick + step + items.length + (pick < 0 && step < 0 ? 1 : 0)) % items.length;
      items[pick].setAttribute('aria-selected', 'true');
      input.setAttribute('aria-activedescendant', items[pick].id);
      return true;
    }
    function keys(e) {
      var code = e.keyCode;
      if (e.isComposing || code === 229) return;
      if ((code === 40 && move(1)) || (code === 38 && move(-1))) e.preventDefault();
      else if (code === 27) hide();
      else if (code === 13 && pick >= 0 && !box.hidden) {
        e.preventDefault();
        take(box.childNodes[pick].firstChild.nodeValue);
      }
    }

    /* ---- a keyboard of 26 letters and ten digits, for screens without one ---- */
    function press(key) {
      var text = input.value;
      input.value = key === '<' ? text.slice(0, -1) : key ? text + key : '';
      input.oninput();
    }
    function keyboard() {
      if (board) {
        board.parentNode.removeChild(board);
        board = null;
        input.removeAttribute('inputmode');
        box.className = 'search-suggestions';
        hide();
      } else {
        board = make('div', 'search-keys');
        board.setAttribute('role', 'group');
        board.setAttribute('aria-label', say('keys'));
        each(['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'], function (row) {
          var line = board.appendChild(make('div'));
          each(row.split(''), function (c) { line.appendChild(button('', c, function () { press(c); })); });
          if (row === 'asdfghjkl') line.appendChild(button('search-keys-word', say('back'), function () { press('<'); }));
          if (row === 'zxcvbnm') line.appendChild(button('search-keys-word', say('empty'), function () { press(''); }));
        });
        box.parentNode.insertBefore(board, toggle.nextSibling);
        input.setAttribute('inputmode', 'none');
        box.className = 'search-suggestions docked';
      }
      toggle.setAttribute('aria-expanded', board ? 'true' : 'false');
    }

    box = make('ul', 'search-suggestions');
    box.id = 'search-suggestions';
    box.hidden = true;
    box.setAttribute('role', 'listbox');
    box.setAttribute('aria-label', say('offers'));
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-controls', box.id);
    input.setAttribute('aria-expanded', 'false');
    input.onkeydown = keys;
    input.onblur = function () { if (!board) hide(); };
    form.parentNode.insertBefore(box, form.nextSibling);
    toggle = button('search-keys-toggle', say('keys'), keyboard);
    form.parentNode.appendChild(toggle);
    toggle.setAttribute('aria-expanded', 'false');
    return {
      facets: facets, allowed: allowed, hide: hide, offer: offer,
      reset: function () { chosen = {}; }
    };
  }
  return { facet: facet, suggest: suggest, page: page };
});
