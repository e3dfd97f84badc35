/* kiosk-paper - what leaves the kiosk: the result with its code, slip, certificate, files.
 *
 * ES5. Loaded by kiosk.js behind the first paint, and handed what it draws; it keeps nothing of a
 * person. The trainer's export stands here too, since it is the same files. Must not know: views,
 * frames, how an attempt came about. */
(function () {
  'use strict';
  var anjian = window.anjian = window.anjian || {};
  var doc = document;
  var root = doc.documentElement;

  anjian.paper = function (kit) {
    var $ = kit.$;
    var word = kit.word;
    var make = kit.make;
    var store = kit.store;
    var chain = kit.chain;
    var exported = 0; /* up to which statement the trainer has a file */

    function two(n) {
      return (n < 10 ? '0' : '') + n;
    }
    function day(ms) {
      var d = new Date(ms);
      return d.getFullYear() + '-' + two(d.getMonth() + 1) + '-' + two(d.getDate());
    }
    function clock(ms) {
      var d = new Date(ms);
      return day(ms) + ' ' + two(d.getHours()) + ':' + two(d.getMinutes());
    }
    function facts(name, rows) {
      var list = $(name);
      list.textContent = '';
      rows.forEach(function (r) {
        if (!r[1]) return;
        var row = make('div');
        row.appendChild(make('dt', '', r[0]));
        row.appendChild(make('dd', '', r[1]));
        list.appendChild(row);
      });
    }
    function version(page) {
      return (page.version ? word('nth') + ' ' + page.version + ' ' + word('edition') + ' \u00b7 ' : '') +
        (page.commit || page.content || '').slice(0, 7);
    }
    function drawCode(name, text) {
      var box = $(name);
      box.textContent = '';
      var code = text && anjian.qr && anjian.qr(text, word('code'));
      if (code) box.appendChild(code);
      box.hidden = !code;
    }

    /* ---- the result, and the same on paper ---- */
    /* Draws an attempt; returns what to say aloud. */
    function draw(last) {
      var passed = last.attempt.passed;
      var verdict = word(passed ? 'passed' : 'failed');
      var text = last.id && [kit.top.getAttribute('data-title'), last.page.title.slice(0, 24), verdict + ' ' + last.percent + '%',
        version(last.page), clock(last.at), last.who.name, last.id].join('\n');
      kit.setClass($('result'), 'k-passed', passed);
      kit.setClass($('result'), 'k-failed', !passed);
      $('verdict').textContent = verdict;
      $('score').textContent = last.percent + '%';
      $('red').hidden = !last.attempt.red_line_missed;
      $('red').textContent = word('red');
      facts('facts', [[word('number'), last.who.number], [word('page'), last.page.title],
        [word('pass'), last.attempt.pass + '%'], [word('version'), version(last.page)],
        [word('hours'), last.hours], [word('at'), clock(last.at)]]);
      drawCode('qr', text);
      $('code').textContent = last.id ? word('code') + ' ' + last.id : '';
      $('again').hidden = passed;
      $('save').hidden = !last.id;
      $('wrong').hidden = !last.attempt.answers.some(function (a) {
        return a.right === false;
      });
      kit.setClass($('wrong'), 'k-second', passed || $('wrong').hidden);
      kit.setClass($('result-leave'), 'k-second', !passed && !$('wrong').hidden);
      $('print-certificate').hidden = !(passed && last.id && last.attempt.mode !== 'practice');
      drawCertificate(last, text);
      return verdict + ' ' + last.percent + '%';
    }
    function drawCertificate(last, text) {
      $('certificate-who').textContent = word('number') + ' ' + last.who.number;
      $('certificate-course').textContent = last.course || last.page.title;
      facts('certificate-facts', [[word('score'), last.percent + '%'], [word('hours'), last.hours],
        [word('version'), version(last.page)], [word('code'), last.id]]);
      $('certificate-day').textContent = day(last.at);
      drawCode('certificate-qr', text);
    }
    function print(name) {
      kit.setClass(root, 'k-print-' + name, true);
      window.print();
      kit.setClass(root, 'k-print-' + name, false);
    }

    /* ---- files ---- */
    function save(lines) {
      var station = (kit.station || '').replace(/[^0-9A-Za-z\u4e00-\u9fff-]/g, '');
      var name = 'anjian-' + (station && station + '-') + day(new Date().getTime()) + '-' +
        chain.chain.slice(0, 6) + '-' + chain.seq + '.jsonl';
      var blob = new Blob([lines.join('\n') + '\n'], { type: 'application/json' });
      if (navigator.msSaveBlob) {
        navigator.msSaveBlob(blob, name);
        return;
      }
      var a = make('a');
      a.href = URL.createObjectURL(blob);
      a.download = name;
      doc.body.appendChild(a);
      a.click();
      doc.body.removeChild(a);
      setTimeout(function () {
        URL.revokeObjectURL(a.href);
      }, 60000);
    }

    /* ---- the trainer's desk ---- */
    function desk() {
      var lines = store.lines();
      var found = kit.records.verify(lines.length ? lines.join('\n') + '\n' : '');
      var edition = anjian.edition;
      exported = 0;
      facts('desk-facts', [[word('count'), String(lines.length)], [word('chain'), chain.chain + ' / ' + chain.seq],
        [word('station'), kit.station], [word('site-version'), edition && (edition.bundle || edition.commit.slice(0, 7))]]);
      $('desk-state').textContent = found.problems.length ? word('broken')
        : store.full ? word('full') : store.works ? word('stored') : word('unstored');
      $('export').disabled = !lines.length;
      $('clear').disabled = true;
    }
    function hand() {
      save(store.lines());
      exported = chain.seq;
      $('clear').disabled = false;
    }
    function clear() {
      store.clear(exported);
      desk();
    }
    return { draw: draw, print: print, save: save, desk: desk, hand: hand, clear: clear };
  };
})();
