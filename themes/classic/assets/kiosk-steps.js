/* kiosk-steps - what stands behind the first touch, from its short form: teams, cards, steps.
 *
 * ES5. A site of many courses has hundreds of steps, a works hundreds of numbers. kiosk-parts.js says
 * the numbers, kiosk-cards.js in one line a course what decides what is due, and NAME.kiosk.js beside a
 * course's page its steps: each is fetched when it is asked for, once. Must not know: what is done,
 * who stands there, how a card looks. */
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
  /* The HTML that the build has put into a script, as one element; empty when there is none. */
  function unpack(address) {
    var all = make('div');
    all.innerHTML = (anjian.parts || {})[address] || '';
    return all;
  }
  function bring(address, then) {
    var part = make('script');
    part.src = address;
    part.onload = part.onerror = function () {
      then(unpack(address));
    };
    doc.head.appendChild(part);
  }

  anjian.place = function () {
    each(unpack('kiosk-parts.js').children, function (part) {
      var box = doc.getElementById(part.getAttribute('data-for'));
      while (part.firstChild) box.appendChild(part.firstChild);
    });
    each(doc.querySelectorAll('.k-team ul'), function (list) {
      each(list.children, function (number) {
        var tile = make('button', 'k-tile', number.textContent);
        tile.type = 'button';
        tile.setAttribute('data-number', number.textContent);
        list.parentNode.insertBefore(tile, list);
      });
      list.parentNode.removeChild(list);
    });
  };

  /* "0fa3b22c41c9d1e07.3+1b2c3d4e5f": marks of a page's name and of its content, its version, the last
   * one that changed in substance, marks of its names of old. */
  function markOf(text) {
    var m = /^(.{10})(.{6})(\d*)\.?(\d*)(.*)$/.exec(text) || [];
    return { names: [m[1]].concat((m[5] || '').split('+').slice(1)), content: m[2], version: Number(m[3]), since: Number(m[4]) };
  }
  function cardOf(li) {
    function of(name) {
      return li.getAttribute('data-' + name) || '';
    }
    var card = { title: li.textContent.trim(), url: of('u'), lone: li.className === 'quiz', minutes: of('m'), questions: of('q'),
      hours: of('h'), months: Number(of('y')), marks: [], steps: null };
    each(of('k').trim().split(' '), function (text) {
      card.marks.push(markOf(text));
    });
    if (card.lone) card.steps = [stepOf(card, 0, li, [])];
    return card;
  }
  function stepOf(card, at, li, signs) {
    function of(name) {
      return li.getAttribute('data-' + name) || '';
    }
    return { card: card, at: at, mark: card.marks[at], title: li.textContent.trim(), kind: li.className, url: of('u'),
      sign: signs[of('s') - 1] || '', minutes: of('m'), questions: of('q'), changes: of('changes') };
  }

  /* The cards of the site: [{title, url, lone, minutes, questions, hours, months, marks, steps}], a
   * step: {card, at, mark, title, kind, url, sign, minutes, questions, changes}. */
  anjian.steps = function () {
    var cards = null;

    function all(then) {
      if (cards) {
        then(cards);
        return;
      }
      bring('kiosk-cards.js', function (found) {
        cards = cards || [].map.call(found.children, cardOf);
        then(cards);
      });
    }
    /* What cannot be fetched is a course without steps, until it is asked for again. */
    function open(card, then) {
      if (card.steps) {
        then(card.steps);
        return;
      }
      bring(card.url.replace(/\.html$/, '.kiosk.js'), function (found) {
        var signs = [].map.call(found.querySelectorAll('b'), function (b) {
          return b.textContent;
        });
        var steps = [].map.call(found.querySelectorAll('li'), function (li, i) {
          return stepOf(card, i, li, signs);
        });
        if (steps.length) card.steps = card.steps || steps;
        then(card.steps || []);
      });
    }
    /* The steps of each of these; then all at once. */
    function openAll(list, then) {
      var rest = list.length;
      function one() {
        if (!--rest) then();
      }
      if (!rest) then();
      each(list, function (card) {
        open(card, one);
      });
    }
    /* The step that a page is, by the mark of its name: in the first course that holds it. */
    function find(name, then) {
      all(function (list) {
        var found = null;
        each(list, function (card) {
          each(card.marks, function (mark, i) {
            if (!found && mark.names[0] === name) found = { card: card, at: i };
          });
        });
        if (!found) then(null);
        else {
          open(found.card, function (steps) {
            then(steps[found.at] || null);
          });
        }
      });
    }
    return { all: all, openAll: openAll, find: find };
  };
})();
