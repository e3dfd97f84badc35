/* onefile - shows one page of a one-file course at a time, and searches all of them.
 *
 * Each address (#p3, #p3-heading) is a fresh start: the other pages are taken out of the document,
 * the page gets its meta and its scripts as it had them as a file of its own, and another page
 * loads the file anew. Search folds width and case, and reads characters by their pinyin. ES5,
 * classic, no request, no storage. Must not know: how a quiz works. */
(function () {
  'use strict';
  var doc = document;
  var root = doc.documentElement;
  var leaves = [].slice.call(doc.querySelectorAll('.leaf'));
  var home = leaves[0];
  var shown = leafOf(location.hash) || home;
  var texts = [];
  var readings = null;

  function leafOf(hash) {
    var found = /^#(p\d+)(-|$)/.exec(hash);
    return found ? byId(found[1]) : hash.length < 2 ? home : null;
  }
  function byId(id) {
    for (var i = 0; i < leaves.length; i++) if (leaves[i].id === id) return leaves[i];
    return null;
  }
  function make(name, className, text) {
    var el = doc.createElement(name);
    if (className) el.className = className;
    if (text) el.textContent = text;
    return el;
  }

  /* ---- one page ---- */
  /* The names under which the page's own scripts look for their places. */
  function ownIds() {
    var prefix = shown.id + '-quiz-';
    var all = shown.querySelectorAll('[id^="' + prefix + '"]');
    for (var i = 0; i < all.length; i++) all[i].id = all[i].id.slice(shown.id.length + 1);
  }
  function ownMeta() {
    var meta = doc.createElement('meta');
    var data = JSON.parse(shown.getAttribute('data-meta') || '{}');
    for (var name in data) meta.setAttribute(name, data[name]);
    if (data.name) doc.head.appendChild(meta);
  }
  function ownScripts() {
    var names = (shown.getAttribute('data-scripts') || '').split(' ');
    for (var i = 0; i < names.length; i++) {
      var held = names[i] ? doc.getElementById('s' + names[i]) : null;
      if (!held) continue;
      var script = doc.createElement('script');
      script.textContent = held.textContent;
      doc.body.appendChild(script);
    }
  }
  /* Before and after, for those who read on without a course's own buttons. */
  function ways() {
    var at = leaves.indexOf(shown);
    if (shown === home || shown.querySelector('.course-next')) return;
    var nav = make('nav', 'one-on wrap');
    [at - 1, at + 1].forEach(function (n) {
      var to = leaves[n];
      if (!to) return;
      var a = make('a');
      a.href = '#' + to.id;
      a.appendChild(make('small', '', n < at ? '\u2190' : '\u2192'));
      a.appendChild(doc.createTextNode(to.getAttribute('data-title')));
      nav.appendChild(a);
    });
    shown.appendChild(nav);
  }
  function show() {
    var title = shown.getAttribute('data-title');
    var name = doc.body.getAttribute('data-name');
    leaves.forEach(function (leaf) {
      if (leaf !== shown && leaf.parentNode) leaf.parentNode.removeChild(leaf);
    });
    shown.className += ' is-shown';
    doc.title = shown === home ? name : title + ' \u00b7 ' + name;
    ways();
    ownIds();
    ownMeta();
    ownScripts();
    if (window.history && history.scrollRestoration) history.scrollRestoration = 'manual';
    var place = location.hash.length > 1 ? doc.getElementById(location.hash.slice(1)) : null;
    if (place && place !== shown) place.scrollIntoView(true);
    else window.scrollTo(0, 0);
  }
  window.addEventListener('hashchange', function () {
    var leaf = leafOf(location.hash);
    if (leaf && leaf !== shown) location.reload();
    else if (leaf) search('');
  }, false);

  /* ---- search ---- */
  var SKIP = /(^| )(q-feedback|quiz-result|version|crumbs|toc|course-next|backlinks|terms|neighbours|meeting|one-on|coursebar)( |$)/;
  var BLOCK = /^(p|li|h[1-6]|div|section|tr|dt|dd|blockquote|pre|fieldset|legend|figcaption|article|header)$/i;
  function read(node, out) {
    for (var n = node.firstChild; n; n = n.nextSibling) {
      if (n.nodeType === 3) out.push(n.nodeValue.replace(/\s+/g, ' '));
      if (n.nodeType !== 1 || SKIP.test(n.getAttribute('class') || '') || /^(script|style|noscript|details)$/i.test(n.nodeName)) continue;
      read(n, out);
      if (BLOCK.test(n.nodeName)) out.push(' ');
    }
  }
  /* Each character stays one, so that places in the folded text are places in the text. */
  function fold(text) {
    var out = '';
    for (var i = 0; i < text.length; i++) {
      var code = text.charCodeAt(i);
      var c = code === 0x3000 ? ' ' : code > 0xff00 && code < 0xff5f ? String.fromCharCode(code - 0xfee0) : text.charAt(i);
      var small = c.toLowerCase();
      out += small.length === 1 ? small : c;
    }
    return out;
  }
  function prepare() {
    if (readings) return;
    readings = {};
    var table = JSON.parse(doc.getElementById('one-readings').textContent);
    for (var syllable in table) {
      for (var i = 0; i < table[syllable].length; i++) {
        var c = table[syllable].charAt(i);
        (readings[c] = readings[c] || []).push(syllable);
      }
    }
    texts = leaves.map(function (leaf) {
      var out = [];
      if (leaf !== home) read(leaf, out);
      var text = out.join('').replace(/ +/g, ' ');
      return { leaf: leaf, title: leaf.getAttribute('data-title'), text: text, folded: fold(text) };
    });
  }
  /* Where the letters from k on end when characters from i on are read so; -1: they are not. Each
   * syllable whole, or only its beginning (x, zh), the last as far as it was typed. */
  function spelt(text, i, letters, k) {
    if (k === letters.length) return i;
    var c = text.charAt(i);
    if (!c) return -1;
    if (c === letters.charAt(k) && k > 0) {
      var plain = spelt(text, i + 1, letters, k + 1);
      if (plain >= 0) return plain;
    }
    var list = readings[c] || [];
    for (var r = 0; r < list.length; r++) {
      for (var n = Math.min(list[r].length, letters.length - k); n > 0; n--) {
        if (list[r].substr(0, n) !== letters.substr(k, n)) continue;
        if (n !== list[r].length && n !== 1 && !(n === 2 && list[r].charAt(1) === 'h') && k + n !== letters.length) continue;
        var end = spelt(text, i + 1, letters, k + n);
        if (end >= 0) return end;
      }
    }
    return -1;
  }
  /* Places of a word: [from, to] each, 50 at most. */
  function places(text, word) {
    var out = [];
    for (var at = text.indexOf(word); at >= 0 && out.length < 50; at = text.indexOf(word, at + word.length)) out.push([at, at + word.length]);
    if (out.length || !/^[a-z]{2,}$/.test(word)) return out;
    for (var i = 0; i < text.length && out.length < 50; i++) {
      var end = readings[text.charAt(i)] ? spelt(text, i, word, 0) : -1;
      if (end > i) out.push([i, end]);
    }
    return out;
  }
  function look(page, words) {
    var worth = 0;
    var hits = [];
    var title = fold(page.title);
    for (var i = 0; i < words.length; i++) {
      var inTitle = places(title, words[i]).length;
      var found = places(page.folded, words[i]);
      if (!inTitle && !found.length) return null;
      worth += (inTitle ? 1000 : 0) + found.length;
      hits = hits.concat(found);
    }
    hits.sort(function (a, b) {
      return a[0] - b[0] || b[1] - a[1];
    });
    return { page: page, worth: worth, hits: hits };
  }
  function snippet(found) {
    var text = found.page.text;
    var first = found.hits.length ? found.hits[0][0] : 0;
    var from = Math.max(0, first - 24);
    var to = Math.min(text.length, from + 96);
    var p = make('p', 'result-text', from ? '\u2026' : '');
    var at = from;
    found.hits.forEach(function (hit) {
      if (hit[0] < at || hit[1] > to) return;
      p.appendChild(doc.createTextNode(text.slice(at, hit[0])));
      p.appendChild(make('mark', '', text.slice(hit[0], hit[1])));
      at = hit[1];
    });
    p.appendChild(doc.createTextNode(text.slice(at, to) + (to < text.length ? '\u2026' : '')));
    return p;
  }
  var form = doc.getElementById('one-search');
  var input = doc.getElementById('one-q');
  var box = doc.getElementById('one-found');
  function offer(is) {
    if (is && !home.parentNode) box.parentNode.insertBefore(home, box.nextSibling);
    if (!is && home !== shown && home.parentNode) home.parentNode.removeChild(home);
    home.className = home.className.replace(/ ?is-offered/, '') + (is ? ' is-offered' : '');
  }
  function search(text) {
    var words = fold(text).split(' ').filter(function (w) {
      return w !== '';
    });
    var list = doc.getElementById('one-results');
    var status = doc.getElementById('one-status');
    list.textContent = '';
    box.hidden = !words.length;
    root.className = root.className.replace(/ ?one-searching/, '') + (words.length ? ' one-searching' : '');
    if (input.value !== text) input.value = text;
    offer(false);
    if (!words.length) return;
    prepare();
    var found = texts.map(function (page) {
      return page.leaf === home ? null : look(page, words);
    }).filter(Boolean);
    var order = found.slice().sort(function (a, b) {
      return b.worth - a.worth || found.indexOf(a) - found.indexOf(b);
    });
    status.textContent = order.length ? form.getAttribute('data-t-count').replace('#', order.length) : form.getAttribute('data-t-none');
    offer(!order.length);
    order.slice(0, 50).forEach(function (one) {
      var li = make('li', 'result');
      var h = make('h3');
      var a = make('a', '', one.page.title);
      a.href = '#' + one.page.leaf.id;
      h.appendChild(a);
      li.appendChild(h);
      li.appendChild(snippet(one));
      list.appendChild(li);
    });
  }
  form.hidden = false;
  input.addEventListener('input', function () {
    search(input.value);
  }, false);
  form.addEventListener('submit', function (event) {
    event.preventDefault();
    search(input.value);
    var first = box.querySelector('a');
    if (first) first.focus();
  }, false);
  show();
})();
