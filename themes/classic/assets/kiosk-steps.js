/* kiosk-steps - what stands behind the first touch: teams, cards and their steps, from their short form.
 *
 * ES5. A site of many courses has hundreds of steps, a works hundreds of numbers: kiosk-parts.js says each
 * in one line, and the attract screen waits for none. Must not know: what is done, who stands there. */
(function () {
  'use strict';
  var doc = document;
  var anjian = window.anjian = window.anjian || {};

  function each(list, fn) {
    for (var i = 0; i < list.length; i++) fn(list[i], i);
  }
  function make(name, className, text) {
    var el = doc.createElement(name);
    if (className) el.className = className;
    if (text) el.textContent = text;
    return el;
  }
  function button(className, text) {
    var b = make('button', className, text);
    b.type = 'button';
    return b;
  }

  /* anjian.parts is HTML that the build has made: each piece goes where it names. */
  var signs = [];
  anjian.place = function () {
    var all = make('div');
    all.innerHTML = anjian.parts;
    each(all.querySelectorAll('[data-signs] b'), function (sign) {
      signs.push(sign.textContent);
    });
    all.removeChild(all.firstChild);
    each(all.children, function (part) {
      var box = doc.getElementById(part.getAttribute('data-for'));
      while (part.firstChild) box.appendChild(part.firstChild);
    });
    each(doc.querySelectorAll('.k-team ul'), function (list) {
      each(list.children, function (number) {
        var tile = button('k-tile', number.textContent);
        tile.setAttribute('data-number', number.textContent);
        list.parentNode.insertBefore(tile, list);
      });
      list.parentNode.removeChild(list);
    });
  };
  anjian.steps = function (box, word) {
    function step(li, number, lone) {
      function of(name) {
        return li.getAttribute('data-' + name);
      }
      var url = of('u');
      var sign = signs[of('s') - 1];
      var kind = li.className;
      var b = button('k-step kind-' + kind);
      var text = make('span', 'k-step-text');
      var picture = sign ? make('img') : make('span', 'k-number', String(number));
      var size = of('m') ? of('m') + ' ' + word('minutes') : of('q') && of('q') + ' ' + word('questions');
      if (sign) {
        picture.alt = '';
        picture.src = sign;
      } else {
        picture.setAttribute('aria-hidden', 'true');
      }
      text.appendChild(make('span', 'k-step-title', li.textContent.trim()));
      if (size) {
        text.appendChild(doc.createTextNode(' '));
        text.appendChild(make('span', 'k-step-meta', word('kind-' + kind) + ' \u00b7 ' + size));
      }
      b.setAttribute('data-url', url);
      b.setAttribute('data-kind', kind);
      b.setAttribute('data-source', of('o') || url.replace(/\.html$/, '.md'));
      each([['content', 'c'], ['version', 'v'], ['was', 'was'], ['changes', 'changes']], function (pair) {
        if (of(pair[1]) !== null) b.setAttribute('data-' + pair[0], of(pair[1]));
      });
      if (!lone) b.appendChild(picture);
      b.appendChild(text);
      b.appendChild(make('span', 'k-step-state'));
      li.className = 'kind-' + kind;
      li.textContent = '';
      li.appendChild(b);
    }
    each(box.querySelectorAll('.k-card'), function (card) {
      var list = card.querySelector('.k-steps');
      var lone = /\bkind-quiz\b/.test(card.className);
      each(list.querySelectorAll('li'), function (li, i) {
        step(li, i + 1, lone);
      });
      if (lone) return;
      var bar = make('p', 'k-bar');
      var go = make('p');
      var all = button('k-plain k-all', word('all-steps'));
      bar.setAttribute('aria-hidden', 'true');
      bar.appendChild(make('span'));
      all.setAttribute('aria-expanded', 'false');
      go.appendChild(button('k-big k-card-go', word('start')));
      go.appendChild(doc.createTextNode(' '));
      go.appendChild(all);
      each([make('p', 'k-card-state'), bar, make('p', 'k-next-step'), make('p', 'k-since-next'), go], function (part) {
        card.insertBefore(part, list);
      });
    });
  };
})();
