/* kiosk-page - a page inside the kiosk's frame: one idea a screen, no way out, and a voice.
 *
 * ES5. Loaded by site.js when the address says kiosk=1 and somebody frames the page. Speaks to
 * kiosk.js by messages: ready, at, open, state, attempt, next, busy; hears step, look, restore, wrong.
 * Must not know: who stands there, what is recorded. */
(function () {
  'use strict';
  var doc = document;
  var root = doc.documentElement;
  var screens = [];
  var at = 0;
  var questions = [];
  var isQuiz = false;
  var reviewing = false; /* after the hand-in: only what went wrong */
  var saving = true;

  function each(list, fn) {
    for (var i = 0; i < list.length; i++) fn(list[i], i);
  }
  function all(selector, inside) {
    return (inside || doc).querySelectorAll(selector);
  }
  function setClass(el, name, is) {
    var kept = el.className.split(/\s+/).filter(function (n) {
      return n && n !== name;
    });
    if (is) kept.push(name);
    el.className = kept.join(' ');
  }
  function say(what, more) {
    var m = more || {};
    m.anjian = 'kiosk';
    m.what = what;
    window.parent.postMessage(m, '*');
  }
  function asked(name) {
    return new RegExp('[?&]' + name + '=1(&|$)').test(location.search);
  }

  /* ---- one idea a screen ---- */
  function blocks() {
    var out = [];
    function take(el, inside) {
      if (el.hidden || /^(SCRIPT|NAV)$/.test(el.nodeName) || !el.getClientRects().length) return;
      if (inside) {
        each(el.children, function (child) {
          take(child, false);
        });
        return;
      }
      out.push(el);
    }
    var head = doc.querySelector('.article-head');
    if (head) out.push(head);
    each(all('.column > *'), function (el) {
      take(el, /\b(prose|chain)\b/.test(el.className));
    });
    return out;
  }
  function isHeading(el) {
    return /^H[1-3]$/.test(el.nodeName);
  }
  /* Blocks are put on a screen until it is full; a heading begins a new one and never ends one. */
  function cut() {
    var list = blocks();
    var room = window.innerHeight - 48;
    screens = [[]];
    var used = 0;
    each(list, function (el, i) {
      var height = el.getBoundingClientRect().height + 24;
      var now = screens[screens.length - 1];
      var before = now[now.length - 1];
      var opens = /^(H2|SECTION|TABLE|FIELDSET)$/.test(el.nodeName);
      var lone = before && isHeading(before);
      if (now.length && !lone && (opens || used + height > room)) {
        screens.push([]);
        used = 0;
      } else if (lone && now.length > 1 && used + height > room) {
        now.pop();
        screens.push([before]);
        used = before.getBoundingClientRect().height + 24;
      }
      screens[screens.length - 1].push(el);
      used += height;
    });
  }
  function showScreen(n, quiet) {
    at = Math.max(0, Math.min(n, screens.length - 1));
    each(screens, function (list, i) {
      each(list, function (el) {
        setClass(el, 'k-off', i !== at);
      });
    });
    window.scrollTo(0, 0);
    var first = screens[at] && screens[at][0];
    if (first && !quiet) {
      if (!first.hasAttribute('tabindex')) first.tabIndex = -1;
      first.focus();
    }
    say('at', { at: at, screens: screens.length });
  }
  function again() {
    if (!screens.length) return;
    var first = screens[at] && screens[at][0];
    each(all('.k-off'), function (el) {
      setClass(el, 'k-off', false);
    });
    cut();
    var found = 0;
    each(screens, function (list, i) {
      if (list.indexOf(first) >= 0) found = i;
    });
    showScreen(found, true);
  }

  /* ---- questions: one a screen, whatever order the player gives them ---- */
  function shown() {
    questions = [];
    each(all('fieldset.question'), function (q) {
      var wrong = q.querySelector('.q-verdict') && !q.querySelector('.q-verdict-good');
      if (!q.hidden && (wrong || !reviewing)) questions.push(q);
    });
    return questions;
  }
  function showQuestion(n, focus) {
    shown();
    var result = doc.getElementById('quiz-result');
    var over = result && !result.hidden && !reviewing;
    at = Math.max(0, Math.min(n, questions.length - 1));
    each(all('fieldset.question'), function (q) {
      setClass(q, 'k-off', over || q !== questions[at]);
    });
    setClass(root, 'k-last', at === questions.length - 1);
    window.scrollTo(0, 0);
    if (focus && questions[at]) {
      var input = reviewing ? questions[at] : questions[at].querySelector('input:not([disabled]), button:not([hidden])');
      if (reviewing) input.tabIndex = -1;
      if (input) input.focus();
    }
    say('at', { at: at, screens: questions.length });
  }
  function review() {
    reviewing = true;
    setClass(root, 'k-review', true);
    showQuestion(0, true);
  }
  function state() {
    return { at: at, answers: window.anjian.quiz.state() };
  }
  function keepState() {
    if (!saving) return;
    setTimeout(function () {
      say('state', { state: state() });
    }, 0);
  }
  function restore(kept) {
    saving = false;
    window.anjian.quiz.restore(kept.answers);
    saving = true;
    showQuestion(kept.at || 0, true);
    keepState();
  }

  /* ---- no way out ---- */
  function inside(link) {
    var top = rootAddress();
    var address = link.href;
    return address.indexOf(top) === 0 ? address.slice(top.length) : null;
  }
  function rootAddress() {
    var a = doc.createElement('a');
    a.href = (doc.body.getAttribute('data-root') || '') + 'index.html';
    return a.href.replace(/index\.html$/, '');
  }
  function closest(el, name) {
    while (el && el.nodeName !== name) el = el.parentNode; /* ends at the document's null */
    return el;
  }
  function onClick(event) {
    var link = closest(event.target, 'A');
    if (!link || !link.getAttribute('href')) return;
    var href = link.getAttribute('href');
    if (/\.(mp3|ogg|m4a|wav)$/i.test(href)) {
      event.preventDefault();
      listen(link);
      return;
    }
    if (href.charAt(0) === '#') {
      event.preventDefault();
      jump(href.slice(1));
      return;
    }
    event.preventDefault();
    var address = inside(link);
    if (address !== null && /\.html([?#]|$)/.test(address)) say('open', { url: address });
  }
  function jump(id) {
    var target = doc.getElementById(decodeURIComponent(id));
    each(screens, function (list, i) {
      each(list, function (el) {
        if (el === target || (target && el.contains(target))) showScreen(i);
      });
    });
    each(questions, function (q, i) {
      if (q === target) showQuestion(i, true);
    });
  }
  /* The player's own "next": it would go to a question that is not on the screen. */
  function follow(event) {
    var b = closest(event.target, 'BUTTON');
    var q = b && closest(b, 'FIELDSET');
    if (!q || !/\bis-checked\b/.test(q.className) || !/\bq-actions\b/.test(b.parentNode.className)) return;
    var list = shown();
    var here = list.indexOf(q);
    for (var i = 1; i < list.length; i++) {
      var other = list[(here + i) % list.length];
      if (!/\bis-checked\b/.test(other.className)) {
        goTo(other);
        return;
      }
    }
  }
  function goTo(question) {
    if (isQuiz) showQuestion(questions.indexOf(question), false);
    each(isQuiz ? [] : screens, function (list, i) {
      if (list.indexOf(question) >= 0) showScreen(i, true);
    });
  }
  var sound = null;
  function listen(link) {
    if (sound) sound.pause();
    var was = sound && sound.link === link;
    sound = null;
    each(all('.k-playing'), function (el) {
      setClass(el, 'k-playing', false);
    });
    if (was) return;
    sound = doc.createElement('audio');
    sound.src = link.href;
    sound.link = link;
    setClass(link, 'k-playing', true);
    sound.onended = function () {
      setClass(link, 'k-playing', false);
      sound = null;
    };
    sound.play();
  }
  function onSubmit(event) {
    if (event.defaultPrevented) return;
    event.preventDefault();
    var field = event.target.querySelector('[name="q"]');
    if (field) say('open', { url: 'search.html?q=' + encodeURIComponent(field.value) });
  }

  function look(high, large) {
    setClass(root, 'k-high', high);
    setClass(root, 'k-big-text', large);
    if (!isQuiz) setTimeout(again, 0);
  }
  function hear(event) {
    var m = event.data;
    if (event.source !== window.parent || !m || m.anjian !== 'kiosk') return;
    if (m.order === 'look') look(m.contrast, m.large);
    else if (m.order === 'restore' && isQuiz) restore(m.state);
    else if (m.order === 'wrong' && isQuiz) review();
    else if (m.order === 'step' && isQuiz) showQuestion(at + m.by, true);
    else if (m.order === 'step') showScreen(at + m.by);
  }
  function meta() {
    var el = doc.querySelector('meta[name="anjian:page"]');
    var name = doc.querySelector('.brand');
    var page = { id: '', url: '', title: doc.title.replace(' \u00b7 ' + (name ? name.textContent.trim() : ''), '') };
    if (!el) return page;
    page.id = el.getAttribute('content');
    each(['url', 'title', 'kind', 'commit', 'content', 'version', 'questions', 'hours'], function (name) {
      page[name] = el.getAttribute('data-' + name) || '';
    });
    return page;
  }
  var lastBusy = 0;
  function busy() {
    var now = new Date().getTime();
    if (now - lastBusy < 1000) return;
    lastBusy = now;
    say('busy');
  }

  /* Nobody has a keyboard here; search brings its own a little later than the page. */
  function openKeys(tries) {
    var toggle = doc.querySelector('.search-keys-toggle');
    if (toggle && toggle.getAttribute('aria-expanded') === 'false') toggle.click();
    else if (!toggle && tries) {
      setTimeout(function () {
        openKeys(tries - 1);
      }, 150);
    }
  }

  function begin() {
    setClass(root, 'k-high', asked('high'));
    setClass(root, 'k-big-text', asked('large'));
    doc.addEventListener('click', onClick, false);
    doc.addEventListener('submit', onSubmit, false);
    window.addEventListener('message', hear, false);
    ['mousedown', 'mousemove', 'touchstart', 'keydown', 'scroll', 'wheel'].forEach(function (type) {
      doc.addEventListener(type, busy, true);
    });
    doc.addEventListener('contextmenu', function (event) {
      event.preventDefault();
    }, false);
    /* A long title breaks behind a quoted name rather than inside a word. */
    each(all('.article-head h1'), function (h) {
      h.innerHTML = h.innerHTML.replace(/\u201d(?=[\u4e00-\u9fff])/g, '\u201d<wbr>');
    });
    each(all('a[href$=".mp3"], a[href$=".ogg"], a[href$=".m4a"], a[href$=".wav"]'), function (a) {
      setClass(a, 'k-sound', true);
    });
    each(all('a[href^="http"]'), function (a) {
      a.removeAttribute('href'); /* a name may be read, not followed */
    });
    var page = meta();
    var live = /\bquiz-live\b/.test(root.className) && shown().length > 0;
    isQuiz = live && page.kind === 'quiz';
    setClass(root, 'k-quiz', isQuiz);
    setClass(root, 'k-mixed', live && !isQuiz);
    say('ready', { page: page, quiz: isQuiz });
    doc.addEventListener('anjian:attempt', function (event) {
      say('attempt', { attempt: event.detail });
      if (!isQuiz) say('next');
    }, false);
    doc.addEventListener('click', follow, true);
    if (isQuiz) {
      doc.addEventListener('change', keepState, false);
      doc.addEventListener('click', keepState, false);
      showQuestion(0, true);
    } else if (doc.querySelector('.article')) {
      cut();
      showScreen(0, true);
      window.addEventListener('resize', again, false);
    } else {
      say('at', { at: 0, screens: 1 });
      if (doc.querySelector('.search-form') && !/[?&]q=/.test(location.search)) openKeys(20);
    }
    setClass(root, 'k-wait', false);
  }
  if (doc.readyState === 'complete') begin();
  else window.addEventListener('load', begin, false);
})();
