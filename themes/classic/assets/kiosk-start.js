/* kiosk-start - the attract screen: stories in turn, and with the first touch the rest is fetched.
 *
 * ES5, classic. A kiosk shows this screen most of the day and after each start of the machine: it
 * waits for nothing. What else there is stands in the meta anjian:later. Must not know: a visit. */
(function () {
  'use strict';
  var doc = document;
  var root = doc.documentElement;
  var attract = doc.getElementById('k-attract');
  var parts = doc.querySelector('meta[name="anjian:later"]');
  if (!attract || !parts) return;

  function each(list, fn) {
    for (var i = 0; i < list.length; i++) fn(list[i], i);
  }
  function slides() {
    var list = doc.querySelectorAll('.k-slide');
    var at = 0;
    if (!list.length) return;
    function turn(is) {
      list[at].className = list[at].className.replace(/ ?k-shown/, '') + (is ? ' k-shown' : '');
    }
    turn(true);
    if (window.matchMedia && matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    setInterval(function () {
      if (attract.hidden) return;
      turn(false);
      at = (at + 1) % list.length;
      turn(true);
    }, 6000);
  }
  /* The same touch again, when somebody is there to hear it; then what was typed meanwhile: a card
   * reader does not wait. */
  function bringThen(pressed) {
    var typed = [];
    function keep(event) {
      typed.push(event);
    }
    var list = parts && parts.getAttribute('content').split(' ');
    if (!parts) return;
    parts = null;
    doc.addEventListener('keydown', keep, true);
    each(list, function (address, i) {
      var style = /\.css$/.test(address);
      var part = doc.createElement(style ? 'link' : 'script');
      if (style) part.rel = 'stylesheet';
      else part.async = false; /* one after the other */
      part[style ? 'href' : 'src'] = address;
      if (i === list.length - 1) {
        part.onload = function () {
          doc.removeEventListener('keydown', keep, true);
          pressed.click();
          each(typed, window.anjian.kiosk.hearKey);
        };
      }
      doc.head.appendChild(part);
    });
  }
  each(attract.querySelectorAll('button'), function (b) {
    b.addEventListener('click', function () {
      bringThen(b);
    }, false);
  });
  each(['contextmenu', 'dragstart', 'drop'], function (type) {
    doc.addEventListener(type, function (event) {
      event.preventDefault();
    }, false);
  });
  root.className += ' k-live';
  slides();
  doc.getElementById('k-start').focus();
})();
