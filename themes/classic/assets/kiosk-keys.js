/* kiosk-keys - a pad of digits: pressed on the screen, or typed where there is a keyboard.
 *
 * ES5. One pad asks for the number, another for the trainer's PIN. Must not know: what the digits
 * are for. */
(function () {
  'use strict';
  var anjian = window.anjian = window.anjian || {};
  var KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'Delete', '0', 'Backspace'];

  /* kit: box, shown, ok (elements), mask (is it secret), word, make, done(text). */
  anjian.keys = function (kit) {
    var text = '';
    var keyed = false; /* by a keyboard: then Enter means done, not the key that has the focus */

    function draw() {
      kit.shown.textContent = kit.mask ? text.replace(/./g, '\u25cf') : text;
      kit.ok.disabled = !text;
    }
    function press(key) {
      if (key === 'Backspace') text = text.slice(0, -1);
      else if (key === 'Delete') text = '';
      else if (/^[0-9A-Za-z-]$/.test(key) && text.length < 12) text += key.toUpperCase();
      draw();
    }
    function clear() {
      text = '';
      keyed = false;
      draw();
    }
    function done() {
      var given = text;
      clear();
      if (given) kit.done(given);
    }
    /* A key of the keyboard, while this pad is what is asked. */
    function hear(event) {
      var code = event.keyCode;
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (code === 9) keyed = false;
      else if (code === 13 && (keyed || event.target.nodeName !== 'BUTTON')) {
        event.preventDefault();
        done();
      } else if (code === 8 || code === 46) {
        event.preventDefault();
        press(code === 8 ? 'Backspace' : 'Delete');
      } else if (event.key && event.key.length === 1 && event.key !== ' ') {
        keyed = true;
        press(event.key);
      }
    }
    KEYS.forEach(function (key) {
      var b = kit.make('button', key === 'Delete' ? 'k-key k-erase' : 'k-key',
        key === 'Delete' ? kit.word('erase') : key === 'Backspace' ? '\u232b' : key);
      b.type = 'button';
      if (key === 'Backspace') b.setAttribute('aria-label', kit.word('backspace'));
      b.addEventListener('click', function () {
        press(key);
      }, false);
      kit.box.appendChild(b);
    });
    kit.ok.addEventListener('click', done, false);
    draw();
    return { clear: clear, hear: hear };
  };
})();
