/* kiosk-steps - the cards' steps as buttons, from the short form in which the page has them.
 *
 * ES5. A site of many courses has hundreds of steps: the page says each in one line. Must not know:
 * what is done, who stands there. */
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

  anjian.steps = function (box, word) {
    function step(li, number, lone) {
      var url = li.getAttribute('data-url');
      var sign = li.getAttribute('data-sign');
      var meta = li.querySelector('small');
      var b = button('k-step ' + li.className);
      var text = make('span', 'k-step-text');
      var picture = sign ? make('img') : make('span', 'k-number', String(number));
      if (sign) {
        picture.alt = '';
        picture.src = sign;
      } else {
        picture.setAttribute('aria-hidden', 'true');
      }
      text.appendChild(make('span', 'k-step-title', li.firstChild.nodeValue));
      if (meta) {
        text.appendChild(doc.createTextNode(' '));
        text.appendChild(make('span', 'k-step-meta', meta.textContent));
      }
      b.setAttribute('data-url', url);
      b.setAttribute('data-kind', li.className.replace('kind-', ''));
      b.setAttribute('data-source', li.getAttribute('data-source') || url.replace(/\.html$/, '.md'));
      each(['content', 'version', 'was', 'changes'], function (name) {
        var value = li.getAttribute('data-' + name);
        if (value !== null) b.setAttribute('data-' + name, value);
      });
      if (!lone) b.appendChild(picture);
      b.appendChild(text);
      b.appendChild(make('span', 'k-step-state'));
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
