/* meeting - the one-page talk of a case, opened over the page and printed alone, on one A4.
 *
 * ES5, classic. Must not know: what a case says. */
(function () {
  'use strict';
  var doc = document;
  var root = doc.documentElement;

  /* On paper a long talk is set smaller until it fits: .fit-1 to .fit-4 in case.css have these sizes. */
  var SIZES = [11.5, 10.5, 9.5, 8.5, 7.5];
  function fit(talk) {
    var page = talk.querySelector('.meeting-page');
    var end = talk.querySelector('.meeting-buttons');
    var n = 0;
    root.style.fontSize = '10pt'; /* as print.css has it, and A4 within its margins */
    page.style.width = '178mm';
    page.style.minHeight = page.style.padding = '0';
    page.style.lineHeight = '1.7';
    function fits() {
      page.style.fontSize = SIZES[n] + 'pt';
      return end.getBoundingClientRect().top - page.getBoundingClientRect().top < 261 * 96 / 25.4;
    }
    while (!fits() && n + 1 < SIZES.length) n++;
    page.removeAttribute('style');
    root.removeAttribute('style');
    talk.className = talk.className.replace(/ ?fit-\d/, '') + (n ? ' fit-' + n : '');
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
      if (!is) return;
      fit(talk);
      talk.focus();
    }
    window.addEventListener('hashchange', look, false);
    doc.addEventListener('keydown', function (event) {
      if (event.keyCode === 27 && location.hash === '#' + talk.id) location.hash = '#main';
    }, false);
    look();
    window.addEventListener('load', look, false); /* before, a target is none yet */
  }

  followMeeting();
})();
