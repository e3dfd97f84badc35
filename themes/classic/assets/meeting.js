/* meeting - the one-page talk of a case, opened over the page and printed alone. ES5, classic. */
(function () {
  'use strict';
  var doc = document;
  var root = doc.documentElement;

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

  followMeeting();
})();
