/* quiz-load - brings the player when somebody begins: until then a page with questions is only read.
 *
 * ES5, classic. Somebody begins by the button, by an answer or the focus in a question, by an address that
 * names a seed or a question, with an exam left open, or in a kiosk's frame. What the player consists of
 * stands in the meta anjian:later. Must not know: how a quiz is played. */
(function () {
  'use strict';
  var doc = document;
  var anjian = window.anjian = window.anjian || {};
  var parts = doc.querySelector('meta[name="anjian:later"]');
  var page = doc.querySelector('meta[name="anjian:page"]');
  /* What the player finds of the beginning: by: button, touch or page; fields answered meanwhile; the one touched. */
  var early = anjian.early = { by: 'page', fields: [], at: null };
  if (!parts || !doc.getElementById('quiz-result')) return;

  function add(address, done) {
    var style = /\.css$/.test(address);
    var part = doc.createElement(style ? 'link' : 'script');
    if (style) part.rel = 'stylesheet';
    else part.async = false; /* one after the other */
    part[style ? 'href' : 'src'] = address;
    if (done) part.onload = part.onerror = done;
    doc.head.appendChild(part);
  }
  function begin(by) {
    if (!parts) return;
    var list = parts.getAttribute('content').split(' ');
    function scripts() {
      for (var i = 1; i < list.length; i++) add(list[i]);
    }
    early.by = by;
    parts = null;
    /* The look comes first; a page that is still loading waits for all by itself. */
    if (doc.readyState === 'complete') {
      add(list[0], scripts);
    } else {
      add(list[0]);
      scripts();
    }
  }
  function question(el) {
    while (el && !/\bquestion\b/.test(el.className)) el = el.parentNode;
    return el && el.nodeName === 'FIELDSET' ? el : null;
  }
  function touched(event) {
    var el = question(event.target);
    if (!el || event.target.nodeName === 'SUMMARY') return;
    early.at = el;
    if (event.type === 'change' && early.fields.indexOf(el) < 0) early.fields.push(el);
    begin('touch');
  }
  function isOpen() {
    var key = page && 'anjian.exam/' + page.getAttribute('content') + '/' + page.getAttribute('data-questions') + '/';
    try {
      return !!(window.localStorage.getItem(key + 'open') || window.localStorage.getItem(key + 'tries'));
    } catch (e) {
      return false;
    }
  }

  var button = doc.querySelector('.quiz-begin');
  if (button) {
    button.addEventListener('click', function () {
      begin('button');
    }, false);
  }
  doc.addEventListener('change', touched, false);
  doc.addEventListener('focus', touched, true);
  if (/[?&](seed|kiosk)=/.test(location.search) || /^#question-/.test(location.hash) || isOpen()) begin('page');
})();
