/* kiosk-store - what a kiosk keeps: statements, who has done what, an exam left open.
 *
 * ES5. localStorage is a cache: forbidden, full or emptied, everything goes on in memory. One item a
 * statement, written before the head of the chain, so that a power cut loses at most what the
 * browser had not yet put on the disk. Must not know: views, pages, how a statement looks. */
(function () {
  'use strict';
  var anjian = window.anjian = window.anjian || {};

  anjian.store = function (site) {
    var prefix = 'anjian:' + site + ':';
    var memory = {};
    var storage = null;
    var self = { works: false, full: false };
    try {
      storage = window.localStorage;
      storage.setItem(prefix + 'probe', '1');
      storage.removeItem(prefix + 'probe');
      self.works = true;
    } catch (e) {
      storage = null;
    }
    function read(name) {
      if (Object.prototype.hasOwnProperty.call(memory, name)) return memory[name];
      try {
        return storage ? storage.getItem(prefix + name) : null;
      } catch (e) {
        return null;
      }
    }
    function write(name, text) {
      try {
        if (!storage) throw new Error('none');
        storage.setItem(prefix + name, text);
        delete memory[name];
      } catch (e) {
        memory[name] = text;
        if (storage) self.full = true;
      }
    }
    function drop(name) {
      delete memory[name];
      try {
        if (storage) storage.removeItem(prefix + name);
      } catch (e) {
        /* what cannot be removed could not be written either */
      }
    }
    function lineName(seq) {
      return 'line:' + ('000000000' + seq).slice(-9);
    }
    self.get = function (name) {
      try {
        return JSON.parse(read(name));
      } catch (e) {
        return null;
      }
    };
    self.set = function (name, value) {
      write(name, JSON.stringify(value));
    };
    self.drop = drop;
    self.append = function (line, chain) {
      write(lineName(chain.seq), line);
      self.set('chain', { chain: chain.chain, seq: chain.seq, prev: chain.prev, first: (self.get('chain') || {}).first || 1 });
    };
    /* Where the chain stands: {chain, seq, prev, first}. A line behind the head was written just
     * before a power cut. */
    self.chain = function (hash) {
      var head = self.get('chain');
      if (!head) return null;
      for (var line = read(lineName(head.seq + 1)); line; line = read(lineName(head.seq + 1))) {
        head.seq++;
        head.prev = hash(line);
      }
      return head;
    };
    self.lines = function () {
      var head = self.get('chain');
      var out = [];
      for (var seq = head ? head.first : 1; head && seq <= head.seq; seq++) {
        var line = read(lineName(seq));
        if (line) out.push(line);
      }
      return out;
    };
    /* Forgets the statements up to seq; the chain goes on. */
    self.clear = function (seq) {
      var head = self.get('chain');
      if (!head) return;
      for (var n = head.first; n <= seq; n++) drop(lineName(n));
      head.first = seq + 1;
      self.full = false;
      self.set('chain', head);
    };
    return self;
  };
})();
