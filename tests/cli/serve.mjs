// anjian serve over raw sockets: what it shows, what it refuses, what it tells after a change. TAP.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const anjian = process.env.ANJIAN || path.join(here, '../../build/release/anjian');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'serve-test-'));
const site = path.join(work, 'site');
const temp = path.join(work, 'tmp');

let count = 0;
let failed = 0;
function check(name, good, detail) {
  count++;
  if (!good) failed++;
  console.log(`${good ? 'ok' : 'not ok'} ${count} - ${name}`);
  if (!good && detail !== undefined) console.log(String(detail).replace(/^/gm, '# ').slice(0, 2000));
}

function write(file, text) {
  fs.mkdirSync(path.dirname(path.join(site, file)), { recursive: true });
  fs.writeFileSync(path.join(site, file), text);
}

// A deadline that fails the run loudly instead of hanging it.
const deadline = setTimeout(() => {
  console.log('Bail out! no answer within 60 s');
  process.exit(1);
}, 60000);

let server;
function cleanup() {
  if (server && server.exitCode === null) server.kill('SIGKILL');
  fs.rmSync(work, { recursive: true, force: true });
}

process.on('exit', cleanup);

function environment() {
  return { ...process.env, TMPDIR: temp, LANG: 'zh_CN.UTF-8', LC_ALL: '' };
}

function start(...args) {
  return new Promise((resolve, reject) => {
    server = spawn(anjian, ['serve', site, '--port', '0', ...args], { env: environment() });
    let out = '';
    server.stderr.resume();
    server.stdout.on('data', (data) => {
      out += data;
      const found = /http:\/\/.*:(\d+)\/\n/.exec(out);
      if (found) resolve(Number(found[1]));
    });
    server.on('exit', () => reject(new Error('it ended early')));
    server.on('error', reject);
  });
}

// Sends bytes as they are, returns all that comes back until the end.
function raw(port, bytes) {
  return new Promise((resolve) => {
    const parts = [];
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (data) => parts.push(data));
    socket.on('error', () => {});
    socket.on('close', () => {
      const all = Buffer.concat(parts);
      const at = all.indexOf('\r\n\r\n');
      const head = all.subarray(0, at < 0 ? all.length : at).toString('latin1');
      resolve({
        status: Number((/^HTTP\/1\.[01] (\d+)/.exec(head) || [])[1] || 0),
        head,
        body: at < 0 ? '' : all.subarray(at + 4).toString('utf8'),
      });
    });
  });
}

function request(port, target, { method = 'GET', headers = ['Host: localhost'], body = '' } = {}) {
  const lines = [`${method} ${target} HTTP/1.1`, ...headers, 'Connection: close', '', body];
  return raw(port, lines.join('\r\n'));
}

// A page that listens: next(test) waits for an event {name, data} that passes.
function listen(port) {
  const seen = [];
  const waiting = [];
  let text = '';
  const socket = net.connect(port, '127.0.0.1', () =>
    socket.write('GET /~anjian/events HTTP/1.1\r\nHost: localhost\r\n\r\n'));
  socket.on('error', () => {});
  socket.on('data', (data) => {
    text += data.toString('utf8');
    for (;;) {
      const found = /event: (\w+)\n((?:data: .*\n)+)\n/.exec(text);
      if (!found) break;
      text = text.slice(found.index + found[0].length);
      seen.push({ name: found[1], data: found[2].replace(/^data: /gm, '').trimEnd() });
    }
    for (const wait of [...waiting]) wait();
  });
  return {
    close: () => socket.destroy(),
    next: (test) => new Promise((resolve) => {
      const look = () => {
        const at = seen.findIndex(test);
        if (at < 0) return;
        const [event] = seen.splice(0, at + 1).slice(-1);
        waiting.splice(waiting.indexOf(look), 1);
        resolve(event);
      };
      waiting.push(look);
      look();
    }),
  };
}

async function shows(port, target, words) {
  return (await request(port, target)).body.includes(words);
}

fs.mkdirSync(temp, { recursive: true });
write('site.yaml', 'title: 预览之试\n');
write('index.md', '# 首页\n\n正文甲。\n');
write('cases/tank.md', '# 罐内作业\n\n氧含量不足。\n');
write('cases/photo.txt', 'a'.repeat(1000));
write('.secret', 'SECRET');
fs.writeFileSync(path.join(work, 'outside.txt'), 'SECRET');

const port = await start();
check('it says where it is', port > 0);
let page = listen(port);
const first = await page.next((e) => e.name === 'state' && !e.data.endsWith('-0'));
check('the first build is announced', /^\d+-\d+$/.test(first.data), first.data);

let r = await request(port, '/');
check('the home page is there', r.status === 200 && r.body.includes('正文甲'), r.head + r.body);
check('it is never cached', /^Cache-Control: no-store/im.test(r.head), r.head);
check('it is HTML in UTF-8', /^Content-Type: text\/html; charset=utf-8/im.test(r.head), r.head);
check('it carries the reload script with the state of the build',
  r.body.includes(`<script src="/~anjian/reload.js" data-state="${first.data}"></script></body>`),
  r.body);
check('its policy lets it listen', /connect-src 'self'/.test(r.body), r.body);
check('what is published elsewhere has no script of ours',
  !fs.readFileSync(path.join(temp, fs.readdirSync(temp).find((n) => n.startsWith('anjian-serve-')),
    'site/index.html'), 'utf8').includes('~anjian'));

const whole = r;
r = await request(port, '/', { method: 'HEAD' });
check('HEAD has the same head and no body', r.status === 200 && r.body === '' &&
  /^Content-Length: (\d+)/im.exec(r.head)[1] === String(Buffer.byteLength(whole.body)), r.head);
r = await request(port, '/cases/tank.html?x=1');
check('a page below, with a query', r.status === 200 && r.body.includes('氧含量不足'), r.head);
r = await request(port, '/%63ases/tank%2ehtml');
check('a page below, percent-encoded', r.status === 200, r.head);
r = await request(port, '/cases');
check('a folder without its slash is sent on', r.status === 302 && /^Location: \/cases\/\r?$/im.test(r.head),
  r.head);
r = await request(port, '/cases/');
check('a folder shows its index', r.status === 200 && r.body.includes('罐内作业'), r.head);
r = await request(port, '/cases/none.html');
check('a page that is not there is 404 and reloads too',
  r.status === 404 && r.body.includes('/~anjian/reload.js'), r.head);
r = await request(port, '/~anjian/reload.js');
check('the script is there', r.status === 200 && r.body.includes('EventSource') &&
  /^Content-Type: text\/javascript/im.test(r.head), r.head);

// The private output, to put into it what a build never would.
const out = path.join(temp, fs.readdirSync(temp).find((n) => n.startsWith('anjian-serve-')), 'site');
check('the output is private', (fs.statSync(path.dirname(out)).mode & 0o077) === 0);
fs.symlinkSync(path.join(work, 'outside.txt'), path.join(out, 'link.txt'));
fs.symlinkSync(work, path.join(out, 'linked'));
fs.writeFileSync(path.join(out, '.hidden'), 'SECRET');
fs.writeFileSync(path.join(out, 'data.bin'), '0123456789');
fs.writeFileSync(path.join(path.dirname(out), 'outside.txt'), 'SECRET');
spawnSync('mkfifo', [path.join(out, 'pipe')]);
const hostile = ['/../outside.txt', '/..', '/%2e%2e/outside.txt', '/%2E%2E/outside.txt',
  '/.%2e/outside.txt', '/%2e./outside.txt', '/..%2foutside.txt', '/%2e%2e%2foutside.txt',
  '/%2e%2e%5coutside.txt', '/..\\outside.txt', '/..%5coutside.txt', '/%252e%252e/outside.txt',
  '/%c0%ae%c0%ae/outside.txt', '/%e0%80%ae%e0%80%ae/outside.txt', '/..%c0%afoutside.txt',
  '/cases/../../outside.txt', '/cases/..%2f..%2foutside.txt', '/./../outside.txt',
  '//../outside.txt', '/....//outside.txt', '/..;/outside.txt', '/..%00/outside.txt',
  '/index.html%00.txt', '/..%0d%0a/outside.txt', '/%u002e%u002e/outside.txt',
  '/link.txt', '/linked/outside.txt', '/.hidden', '/.secret', '/%2ehidden', '/pipe',
  `//${path.join(work, 'outside.txt')}`, '//etc/passwd', '/etc/passwd', '/%2fetc%2fpasswd',
  '/proc/self/environ', 'file:///etc/passwd', '../outside.txt', '*',
  'http://localhost/../outside.txt'];
for (const target of hostile) {
  r = await request(port, target);
  check(`refused: ${target.replace(work, 'WORK')}`,
    (r.status === 400 || r.status === 404) && !/SECRET|root:/.test(r.body), r.head + r.body);
}

r = await request(port, '/data.bin', { headers: ['Host: localhost', 'Range: bytes=2-4'] });
check('a part of a file', r.status === 206 && r.body === '234' &&
  /^Content-Range: bytes 2-4\/10/im.test(r.head), r.head + r.body);
r = await request(port, '/data.bin', { headers: ['Host: localhost', 'Range: bytes=9-2'] });
check('a part that is none is the whole', r.status === 200 && r.body === '0123456789', r.head);

const hosts = [['localhost', 200], [`LOCALHOST:${port}`, 200], ['127.0.0.1', 200], ['[::1]:1', 200],
  ['evil.example', 403], ['localhost.evil.example', 403], ['127.0.0.1.evil.example:80', 403],
  ['evil.example#localhost', 403], ['', 403], ['10.0.0.1', 403]];
for (const [host, status] of hosts) {
  r = await request(port, '/', { headers: [`Host: ${host}`] });
  check(`Host ${host || 'empty'} is answered with ${status}`, r.status === status, r.head);
  if (status === 403) {
    r = await request(port, '/~anjian/events', { headers: [`Host: ${host}`] });
    check(`Host ${host || 'empty'} hears nothing`, r.status === 403, r.head);
  }
}
r = await request(port, '/', { headers: [] });
check('no Host at all', r.status === 400, r.head);
r = await request(port, '/', { headers: ['Host: localhost', 'Host: evil.example'] });
check('two Hosts', r.status === 400, r.head);
r = await raw(port, 'GET / HTTP/1.0\r\n\r\n');
check('no Host in HTTP/1.0', r.status === 400, r.head);
for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']) {
  r = await request(port, '/', { method, headers: ['Host: localhost', 'Content-Length: 3'], body: 'abc' });
  check(`${method} is not for us`, r.status === 405 && /^Allow: GET, HEAD/im.test(r.head), r.head);
}

// Noise: each answer is an error or a closed door, and the next honest request is answered.
const noise = ['\r\n\r\n', 'GET\r\n\r\n', 'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n',
  `GET /${'a'.repeat(60000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: localhost\r\n${'X: y\r\n'.repeat(20000)}\r\n`,
  'GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n',
  'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n',
  '\x00\x01\x02\xff\xfe\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'];
for (let i = 0; i < noise.length; i++) {
  // Some noise waits for more and never ends by itself: close our side after an answer elsewhere.
  const socket = net.connect(port, '127.0.0.1', () => socket.write(Buffer.from(noise[i], 'latin1')));
  socket.on('error', () => {});
  r = await request(port, '/');
  check(`still answering after noise ${i + 1}`, r.status === 200, r.head);
  socket.destroy();
}

const slow = [];
for (let i = 0; i < 200; i++) {
  slow.push(await new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.write('GET / HTTP/1.1\r\nHost: loc', () => resolve(socket));
    });
    socket.on('error', () => resolve(socket));
  }));
}
let good = 0;
for (let i = 0; i < 50; i++) {
  const all = await Promise.all(Array.from({ length: 20 }, () => request(port, '/cases/tank.html')));
  good += all.filter((a) => a.status === 200 && a.body.includes('氧含量不足')).length;
}
check('1,000 requests beside 200 slow clients', good === 1000, good);
for (const socket of slow) socket.destroy();

// Changes.
write('index.md', '# 首页\n\n正文乙。\n');
const second = await page.next((e) => e.name === 'state' && e.data !== first.data);
check('an edit is announced', second.data !== first.data, second.data);
check('and shown', await shows(port, '/', '正文乙'));
write('lessons/new/deep.md', '# 新课\n\n第一稿。\n');
const third = await page.next((e) => e.name === 'state' && e.data !== second.data);
check('a page in new folders is shown', await shows(port, '/lessons/new/deep.html', '第一稿'));
write('lessons/new/deep.md', '# 新课\n\n第二稿。\n');
await page.next((e) => e.name === 'state' && e.data !== third.data);
check('and its next edit too', await shows(port, '/lessons/new/deep.html', '第二稿'));
// As editors save: beside, then rename.
write('.index.md.tmp', '# 首页\n\n正文丙。\n');
fs.renameSync(path.join(site, '.index.md.tmp'), path.join(site, 'index.md'));
await page.next((e) => e.name === 'state');
check('an edit by rename is shown', await shows(port, '/', '正文丙'));
write('cases/bad.md', '---\ntitle: [\n---\n\n<script>alert(1)</script>\n');
const bad = await page.next((e) => e.name === 'problems' && e.data !== '');
check('a mistake is told with its file and line', /cases\/bad\.md:\d+:\d+: 错误/.test(bad.data), bad.data);
page.close();
page = listen(port);
const again = await page.next((e) => e.name === 'problems');
check('a page that comes later is told too', again.data === bad.data, again.data);
fs.rmSync(path.join(site, 'cases/bad.md'));
await page.next((e) => e.name === 'problems' && e.data === '');
check('mended, the mistake is gone', true);
write('index.md', '# 首页\n\n断链 [去](none.md)。\n');
const dead = await page.next((e) => e.name === 'problems' && e.data !== '');
check('a dead link is told, its page is shown', /index\.md:3/.test(dead.data) && await shows(port, '/', '断链'),
  dead.data);

// The door.
let p = spawnSync(anjian, ['serve', site, '--port', String(port)], { env: environment(), encoding: 'utf8' });
check('a busy port: leaves with 3 and says so', p.status === 3 && p.stderr.includes(`端口 ${port} 已被占用`),
  p.stderr);
for (const args of [['--port', '99999'], ['--port', 'x'], [site, site], ['--nope']]) {
  p = spawnSync(anjian, ['serve', ...args], { env: environment(), encoding: 'utf8' });
  check(`wrong usage leaves with 2: ${args.join(' ').replaceAll(site, 'SITE')}`, p.status === 2, p.stderr);
}
p = spawnSync(anjian, ['serve', path.join(work, 'none')], { env: environment(), encoding: 'utf8' });
check('no such folder: leaves with 3', p.status === 3, p.stderr);
p = spawnSync(anjian, ['serve', site, '--bind', 'evil.example'], { env: environment(), encoding: 'utf8' });
check('no such address: leaves with 3', p.status === 3, p.stderr);

server.removeAllListeners('exit');
const ended = new Promise((resolve) => server.on('exit', (code) => resolve(code)));
server.kill('SIGINT');
check('Ctrl-C leaves with 0, with a page listening', (await ended) === 0);
check('and leaves nothing behind', fs.readdirSync(temp).length === 0, fs.readdirSync(temp));

console.log(`1..${count}`);
process.exit(failed ? 1 : 0);
