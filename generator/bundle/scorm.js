/* scorm - between the site in the frame and the learning platform around this page.
 *
 * Finds the API of SCORM 1.2 or 2004, opens the page where the learner was, hands on the result of
 * the deciding quiz: score, status, each answer. Without a platform the site is shown all the same.
 * Must not know: how a quiz is drawn; it hears of attempts through anjian.listeners. */
(function () {
  'use strict';
  var frame = document.getElementById('site');
  var base = document.body.getAttribute('data-base');
  var start = document.body.getAttribute('data-start');
  var began = new Date().getTime();
  var is2004 = false;
  var api = null;
  var open = false;
  var memory = { exam: '', seen: [], done: false };

  /* ---- the platform ---- */
  function search(from) {
    for (var i = 0; from && i < 500; i++) {
      try {
        if (from.API_1484_11) {
          is2004 = true;
          return from.API_1484_11;
        }
        if (from.API) return from.API;
      } catch (e) {
        return null; /* a window of somebody else */
      }
      if (from === from.parent) return null;
      from = from.parent;
    }
    return null;
  }
  function get(name) {
    if (!open) return '';
    return String((is2004 ? api.GetValue(name) : api.LMSGetValue(name)) || '');
  }
  function set(name, value) {
    if (!open) return;
    if (is2004) api.SetValue(name, String(value));
    else api.LMSSetValue(name, String(value));
  }
  function commit() {
    if (!open) return;
    if (is2004) api.Commit('');
    else api.LMSCommit('');
  }
  function two(n) {
    return (n < 10 ? '0' : '') + n;
  }
  function duration(ms) {
    var s = Math.max(0, Math.round(ms / 1000));
    if (is2004) return 'PT' + s + 'S';
    var hours = two(Math.floor(s / 3600));
    return (hours.length < 3 ? '00' : '0').substr(0, 4 - hours.length) + hours + ':' + two(Math.floor(s / 60) % 60) + ':' + two(s % 60);
  }
  function finish() {
    if (!open) return;
    set(is2004 ? 'cmi.session_time' : 'cmi.core.session_time', duration(new Date().getTime() - began));
    set(is2004 ? 'cmi.exit' : 'cmi.core.exit', memory.done ? '' : 'suspend');
    commit();
    if (is2004) api.Terminate('');
    else api.LMSFinish('');
    open = false;
  }
  function status(word) {
    if (!is2004) {
      set('cmi.core.lesson_status', word);
      return;
    }
    if (word === 'passed' || word === 'failed') set('cmi.success_status', word);
    set('cmi.completion_status', word === 'incomplete' ? 'incomplete' : 'completed');
  }
  function remember() {
    var text = JSON.stringify(memory);
    if (text.length > 4000) { /* all that SCORM 1.2 keeps */
      memory.seen = memory.seen.slice(-20);
      text = JSON.stringify(memory);
    }
    set('cmi.suspend_data', text);
  }

  /* ---- answers ---- */
  function list(value) {
    if (value === null || value === undefined || value === '') return [];
    return Object.prototype.toString.call(value) === '[object Array]' ? value : [value];
  }
  function choice(given) {
    var keys = list(given);
    for (var i = 0; i < keys.length; i++) keys[i] = String(keys[i]).toLowerCase().replace(/[^0-9a-z]/g, '');
    return keys.join(is2004 ? '[,]' : ',');
  }
  function plain(given) {
    var text = typeof given === 'string' ? given : JSON.stringify(given);
    return (text || '').substr(0, is2004 ? 240 : 250);
  }
  function interaction(answer) {
    var at = 'cmi.interactions.' + (get('cmi.interactions._count') || 0) + '.';
    var choices = answer.type === 'single' || answer.type === 'multiple';
    var judged = answer.type === 'truefalse';
    var given = answer.given;
    var response = choices ? choice(given) : judged ? String(list(given)[0]) === 'true' : plain(given);
    var nothing = (choices && !response) || (typeof given !== 'object' && !list(given).length) || given === null ||
      given.length === 0;
    if (judged && !is2004) response = response ? 't' : 'f';
    set(at + 'id', encodeURIComponent(answer.id).substr(0, 250));
    set(at + 'type', choices ? 'choice' : judged ? 'true-false' : 'fill-in');
    if (!nothing) set(at + (is2004 ? 'learner_response' : 'student_response'), response);
    set(at + 'weighting', answer.max === undefined ? 1 : answer.max);
    set(at + 'result', answer.right ? 'correct' : is2004 ? 'incorrect' : 'wrong');
  }
  function heard(path, attempt) {
    if (attempt.event !== 'submitted' || attempt.partial) return;
    if (memory.exam && memory.exam !== path) return; /* practice on the way to the exam */
    var percent = Math.max(0, Math.min(100, attempt.percent));
    var core = is2004 ? 'cmi.score.' : 'cmi.core.score.';
    set(core + 'min', 0);
    set(core + 'max', 100);
    set(core + 'raw', Math.round(percent * 100) / 100);
    if (is2004) set('cmi.score.scaled', Math.round(percent * 100) / 10000);
    for (var i = 0; i < attempt.answers.length; i++) interaction(attempt.answers[i]);
    memory.done = true;
    status(attempt.passed ? 'passed' : 'failed');
    remember();
    commit();
  }

  /* ---- the site ---- */
  /* The address of what the frame shows, below the site; '' for what is not of it. */
  function address(win) {
    var here = location.href.replace(/[^\/]*([?#].*)?$/, '') + base;
    var there = win.location.href.replace(/[?#].*$/, '');
    return there.substr(0, here.length) === here ? there.substr(here.length) : '';
  }
  function resolved(win, link) {
    var here = location.href.replace(/[^\/]*([?#].*)?$/, '') + base;
    return link.href.replace(/[?#].*$/, '').substr(here.length);
  }
  function contains(array, value) {
    for (var i = 0; i < array.length; i++) if (array[i] === value) return true;
    return false;
  }
  /* A page of a course without an exam: completed when each step was looked at; a page without
   * any question: when it was looked at. */
  function complete(doc, win, path) {
    if (memory.done) return;
    var exam = doc.querySelector('.step-exam a[href]');
    var steps = doc.querySelectorAll('.steps .step a[href]');
    if (path === start && exam) memory.exam = resolved(win, exam);
    if (path === start && !exam && steps.length) {
      memory.steps = [];
      for (var i = 0; i < steps.length; i++) memory.steps.push(resolved(win, steps[i]));
    }
    if (memory.exam) return;
    var all = memory.steps || (path === start && !doc.querySelector('fieldset.question') ? [path] : null);
    for (var k = 0; all && k < all.length; k++) if (!contains(memory.seen, all[k])) return;
    if (!all) return;
    memory.done = true;
    status('completed');
  }
  function loaded() {
    var win = frame.contentWindow;
    var path;
    try {
      path = address(win);
    } catch (e) {
      return; /* a page of another host */
    }
    if (!path) return;
    document.title = win.document.title;
    var anjian = win.anjian = win.anjian || {};
    anjian.listeners = anjian.listeners || [];
    anjian.listeners.push(function (attempt) {
      heard(path, attempt);
    });
    if (!contains(memory.seen, path)) memory.seen.push(path);
    complete(win.document, win, path);
    set(is2004 ? 'cmi.location' : 'cmi.core.lesson_location', path.substr(0, 250));
    remember();
    commit();
  }

  api = search(window) || (window.opener ? search(window.opener) : null);
  if (api) open = String(is2004 ? api.Initialize('') : api.LMSInitialize('')) === 'true';
  if (open) {
    try {
      memory = JSON.parse(get('cmi.suspend_data')) || memory;
    } catch (e) {
      /* the first time, or kept by another version */
    }
    memory.seen = memory.seen || [];
    var before = get(is2004 ? 'cmi.completion_status' : 'cmi.core.lesson_status');
    if (!before || before === 'not attempted' || before === 'unknown') status('incomplete');
  }
  var place = get(is2004 ? 'cmi.location' : 'cmi.core.lesson_location');
  if (!/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*\.html$/.test(place) || /\.\./.test(place)) place = start;
  frame.addEventListener('load', loaded, false);
  frame.src = base + place;
  window.addEventListener('pagehide', finish, false);
  window.addEventListener('beforeunload', finish, false);
  window.addEventListener('unload', finish, false);
})();
