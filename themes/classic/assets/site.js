/* site - what every page may do better with a script; nothing here is needed for reading.
 *
 * ES5, classic, no request, no storage needed: progress in a course is a cache that may fail. */
(function () {
  'use strict';
  var doc = document;
  var root = doc.documentElement;
  root.className += ' js';

  function each(list, fn) {
    for (var i = 0; i < list.length; i++) fn(list[i], i);
  }
  function all(selector, inside) {
    return (inside || doc).querySelectorAll(selector);
  }

  /* The section that this page stands in: the longest address of the menu that opens ours. */
  function markMenu() {
    var here = location.href.replace(/[?#].*$/, '');
    var best = null;
    var length = 0;
    each(all('.nav a'), function (a) {
      var target = a.href.replace(/[?#].*$/, '');
      var folder = target.replace(/[^\/]*$/, '');
      var home = doc.querySelector('.brand').href.replace(/[^\/]*$/, '');
      var fits = target === here || (folder !== home && here.indexOf(folder) === 0);
      if (fits && target.length > length) {
        best = a;
        length = target.length;
      }
    });
    if (!best) return;
    best.setAttribute('aria-current', best.href.replace(/[?#].*$/, '') === here ? 'page' : 'true');
    var bar = best.parentNode.parentNode;
    bar.scrollLeft = Math.max(0, best.offsetLeft - bar.offsetLeft - 24);
  }

  /* The list of headings: open where there is room, with the present one marked. */
  function followHeadings() {
    var toc = doc.querySelector('.toc');
    if (!toc) return;
    if (window.matchMedia && matchMedia('(min-width: 64em) and (orientation: landscape)').matches)
      toc.querySelector('details').open = true;
    var links = all('a', toc);
    var marks = [];
    each(links, function (a) {
      var target = doc.getElementById(decodeURIComponent(a.hash.slice(1)));
      if (target) marks.push({ link: a, target: target });
    });
    var waiting = false;
    function update() {
      waiting = false;
      var now = null;
      each(marks, function (m) {
        if (m.target.getBoundingClientRect().top < 140) now = m.link;
      });
      each(marks, function (m) {
        if (m.link === now) m.link.setAttribute('aria-current', 'true');
        else m.link.removeAttribute('aria-current');
      });
    }
    window.addEventListener('scroll', function () {
      if (waiting) return;
      waiting = true;
      (window.requestAnimationFrame || setTimeout)(update, 16);
    }, false);
    update();
  }

  /* Wide tables scroll in a box of their own, and the keyboard can reach it. */
  function boxTables() {
    each(all('.prose table'), function (table) {
      var box = table.parentNode;
      if (!/\btable\b/.test(box.className)) {
        box = doc.createElement('div');
        box.className = 'table';
        table.parentNode.insertBefore(box, table);
        box.appendChild(table);
      }
      if (box.scrollWidth > box.clientWidth) {
        box.tabIndex = 0;
        box.setAttribute('role', 'region');
        var caption = table.querySelector('caption');
        box.setAttribute('aria-label', caption ? caption.textContent : doc.title);
      }
    });
  }

  /* Words of ?q= in the text, so that a found page shows why it was found. */
  function markQuery() {
    var found = /[?&]q=([^&#]*)/.exec(location.search);
    var prose = doc.querySelector('.prose');
    if (!found || !prose || doc.getElementById('search-results')) return;
    var text;
    try {
      text = decodeURIComponent(found[1].replace(/\+/g, ' '));
    } catch (e) {
      return;
    }
    var words = text.slice(0, 64).split(/\s+/).filter(function (w) {
      return w.length > 0;
    });
    if (!words.length) return;
    var pattern = new RegExp(words.map(function (w) {
      return w.replace(/[.*+?^${}()|\[\]\\\/-]/g, '\\$&');
    }).join('|'), 'gi');
    var walker = doc.createTreeWalker(prose, NodeFilter.SHOW_TEXT, null, false);
    var nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    var count = 0;
    each(nodes, function (node) {
      var parent = node.parentNode;
      if (/^(script|style|mark|button|textarea)$/i.test(parent.nodeName)) return;
      var value = node.nodeValue;
      var last = 0;
      var piece = doc.createDocumentFragment();
      var hit;
      pattern.lastIndex = 0;
      while ((hit = pattern.exec(value)) && count < 500) {
        count++;
        piece.appendChild(doc.createTextNode(value.slice(last, hit.index)));
        var mark = doc.createElement('mark');
        mark.textContent = hit[0];
        piece.appendChild(mark);
        last = hit.index + hit[0].length;
      }
      if (!last) return;
      piece.appendChild(doc.createTextNode(value.slice(last)));
      parent.replaceChild(piece, node);
    });
  }

  /* ---- progress in a course: pages read, kept in this browser only ---- */
  function storeKey(course) {
    return 'anjian:course:' + doc.querySelector('.brand').href.replace(/[^\/]*$/, '') + course;
  }
  function readSeen(course) {
    try {
      var list = JSON.parse(localStorage.getItem(storeKey(course)) || '[]');
      return list instanceof Array ? list : [];
    } catch (e) {
      return [];
    }
  }
  function writeSeen(course, seen) {
    try {
      if (seen.length) localStorage.setItem(storeKey(course), JSON.stringify(seen));
      else localStorage.removeItem(storeKey(course));
    } catch (e) {
      /* no storage: no progress, the course works all the same */
    }
  }
  /* A page is read when its end has been on the screen. */
  function notePage() {
    each(all('.course-next[data-page]'), function (nav) {
      var course = nav.getAttribute('data-course');
      var page = nav.getAttribute('data-page');
      function look() {
        if (nav.getBoundingClientRect().top > window.innerHeight) return;
        window.removeEventListener('scroll', look, false);
        var seen = readSeen(course);
        if (seen.indexOf(page) < 0) writeSeen(course, seen.concat([page]));
      }
      window.addEventListener('scroll', look, false);
      look();
    });
  }
  function showCourse() {
    var course = doc.querySelector('.course[data-course]');
    if (!course) return;
    var name = course.getAttribute('data-course');
    var steps = all('.step[data-page]', course);
    var box = course.querySelector('.course-progress');
    var text = course.querySelector('.course-progress-text');
    var start = course.querySelector('.course-start');
    var first = start.textContent;
    function draw() {
      var seen = readSeen(name);
      var done = 0;
      var next = null;
      each(steps, function (step) {
        var is = seen.indexOf(step.getAttribute('data-page')) >= 0;
        if (is) done++;
        else if (!next) next = step;
        step.className = step.className.replace(/ ?is-done/, '') + (is ? ' is-done' : '');
        step.querySelector('.step-done').hidden = !is;
      });
      box.hidden = !done;
      box.querySelector('progress').value = steps.length ? 100 * done / steps.length : 0;
      text.textContent = done === steps.length ? text.getAttribute('data-done')
        : text.getAttribute('data-label') + ' ' + done + ' / ' + steps.length;
      var target = next || course.querySelector('.step-exam') || steps[0];
      if (!target) return;
      var link = target.querySelector('a');
      start.href = link.href;
      start.textContent = !done ? first
        : (next ? start.getAttribute('data-resume') + ' \u00b7 ' : '') + link.textContent;
      start.hidden = false;
    }
    course.querySelector('.course-reset').addEventListener('click', function () {
      writeSeen(name, []);
      draw();
      start.focus();
    }, false);
    draw();
    window.addEventListener('pageshow', draw, false);
  }

  /* How far each course of the home page is. */
  function showCards() {
    each(all('.course-card[data-course]'), function (card) {
      var count = Number(card.getAttribute('data-count'));
      var seen = readSeen(card.getAttribute('data-course')).length;
      var state = card.querySelector('.card-state');
      var go = card.querySelector('.card-go');
      if (!seen || !count) return;
      var bar = doc.createElement('progress');
      bar.max = count;
      bar.value = seen;
      bar.setAttribute('aria-label', state.getAttribute('data-label'));
      state.textContent = seen >= count ? state.getAttribute('data-done')
        : state.getAttribute('data-label') + ' ' + seen + ' / ' + count;
      state.appendChild(bar);
      state.hidden = false;
      if (seen < count) go.textContent = go.getAttribute('data-resume');
    });
  }

  /* The one-page talk stands over the page while the address ends in its name. */
  function followMeeting() {
    var talk = doc.querySelector('.meeting');
    var print = talk && talk.querySelector('.meeting-print');
    if (!talk) return;
    print.hidden = false;
    print.addEventListener('click', function () {
      window.print();
    }, false);
    function look() {
      var is = location.hash === '#' + talk.id;
      root.className = root.className.replace(/ ?is-meeting/, '') + (is ? ' is-meeting' : '');
      if (is) talk.focus();
    }
    window.addEventListener('hashchange', look, false);
    doc.addEventListener('keydown', function (event) {
      if (event.keyCode === 27 && location.hash === '#' + talk.id) location.hash = '#main';
    }, false);
    look();
  }

  /* Framed by the kiosk: the rest is kiosk-page.js's. */
  function joinKiosk() {
    var script = doc.body.getAttribute('data-kiosk');
    if (window.parent === window || !script || !/[?&]kiosk=1(&|$)/.test(location.search)) return;
    var style = doc.createElement('link');
    var code = doc.createElement('script');
    root.className += ' in-kiosk k-wait';
    style.rel = 'stylesheet';
    style.href = doc.body.getAttribute('data-kiosk-style');
    code.src = script;
    doc.head.appendChild(style);
    doc.head.appendChild(code);
  }

  function run() {
    joinKiosk();
    markMenu();
    followHeadings();
    boxTables();
    markQuery();
    notePage();
    showCourse();
    showCards();
    followMeeting();
  }
  if (doc.readyState === 'loading') doc.addEventListener('DOMContentLoaded', run, false);
  else run();
})();
