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
  /* What few pages need is fetched when they do: "STYLE SCRIPT" or "SCRIPT". */
  function bring(addresses) {
    each(addresses.split(' '), function (address) {
      var style = /\.css$/.test(address);
      var part = doc.createElement(style ? 'link' : 'script');
      if (style) part.rel = 'stylesheet';
      part[style ? 'href' : 'src'] = address;
      doc.head.appendChild(part);
    });
  }
  /* Found by a search: why, mark.js shows. Framed by the kiosk: the rest is kiosk-page.js's. */
  function bringMore() {
    var more = doc.body.getAttribute('data-found');
    if (more && /[?&]q=/.test(location.search)) bring(more);
    more = doc.body.getAttribute('data-kiosk');
    if (!more || window.parent === window || !/[?&]kiosk=1(&|$)/.test(location.search)) return;
    root.className += ' in-kiosk k-wait';
    bring(more);
  }

  /* For course.js: the pages of a course that were read here. */
  (window.anjian = window.anjian || {}).seen = { read: readSeen, write: writeSeen };

  function run() {
    bringMore();
    markMenu();
    followHeadings();
    boxTables();
    notePage();
  }
  if (doc.readyState === 'loading') doc.addEventListener('DOMContentLoaded', run, false);
  else run();
})();
