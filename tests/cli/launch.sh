#!/bin/sh
# launch: the files that start a kiosk, as the manual gives them, are what their readers take.
#
# The Linux unit by systemd's own judge where there is one, the browser's policy by Chromium itself where it can be laid
# before it, the Windows line by its quotes. Must not know: what a kiosk shows.
. "$(dirname "$0")/lib.sh"
manual=$(cd "$(dirname "$0")/../../docs/train" && pwd)/kiosk.md
cd "$work"
# block FIRST: the fenced text of the manual that begins with this line
block() {
    awk -v first="$1" '/^```/ { if (on) exit; fence = !fence; at = NR; next }
        fence && NR == at + 1 && index($0, first) == 1 { on = 1 } on' "$manual"
}
block '[Unit]' >anjian-kiosk.service
check "the manual has a unit" grep -q '^ExecStart=.*--kiosk' anjian-kiosk.service
if command -v systemd-analyze >/dev/null && test -x /usr/bin/chromium; then
    systemd-analyze verify --man=no ./anjian-kiosk.service >judged 2>&1
    code=$?
    grep 'anjian-kiosk' judged >own || :
    check "systemd takes it without a word" sh -c 'cat own; test "$1" = 0 && test ! -s own' - "$code"
    sed 's/^Restart=always/Restart=allways/' anjian-kiosk.service >anjian-bad.service
    check "… and would say so: the judge can refuse" sh -c \
        'systemd-analyze verify --man=no ./anjian-bad.service 2>&1 | grep -q allways'
else
    skip "systemd takes it" "no systemd-analyze or no chromium here"
fi
tr -d '\n' <anjian-kiosk.service | grep -o '"file:[^"]*"' >address || :
check "it opens the kiosk's page from the disk" grep -q '^"file:///[^ ]*/kiosk.html' address

block '{' >policy.json
cat >judge.mjs <<'END'
import fs from 'node:fs';
const policy = JSON.parse(fs.readFileSync('policy.json', 'utf8'));
const address = fs.readFileSync('address', 'utf8').replace(/"/g, '').trim();
const open = policy.URLAllowlist;
if (!policy.URLBlocklist.includes('*')) throw new Error('not all is blocked');
if (!open.every((p) => /^file:\/\/[^*]*\/$/.test(p))) throw new Error('an address outside is open, or a * that matches nothing');
if (!open.some((p) => address.startsWith(p))) throw new Error('the page itself is blocked: ' + address);
if (policy.DeveloperToolsAvailability !== 2) throw new Error('the tools of developers are open');
END
check "the policy is JSON, and lets in the unit's page alone" node judge.mjs

# A root may lay a policy before a browser of his own alone: /etc/chromium looks so to what runs under unshare.
if test -x /usr/bin/chromium && test -d /etc/chromium && unshare -m true 2>/dev/null; then
    mkdir -p src etc/policies/managed
    printf '# 动火票\n\n票要和现场对得上。\n' >src/hot.md
    "$ANJIAN" -q build src -o out 2>/dev/null
    # The tools of developers are how a test reaches the browser.
    sed "s|/srv/anjian/site|$work/out|; /DeveloperTools/d" policy.json >etc/policies/managed/anjian.json
    cat >visit.mjs <<'END'
import { createRequire } from 'node:module';
const [require, site] = [createRequire(process.argv[2] + '/tests/browser/package.json'), 'file://' + process.argv[3]];
const browser = await require('playwright-core').chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();
for (const address of [`${site}/kiosk.html?station=3#key=x`, `${site}/hot.html`, 'file:///etc/passwd', `${site}/../policy.json`,
  'http://127.0.0.1:1/', 'data:text/html,x']) {
  const at = await page.goto(address).then(() => 'open', (e) => (/ERR_BLOCKED_BY_ADMINISTRATOR/.test(e.message) ? 'blocked' : e.message));
  console.log(at, address.replace(site, ''));
}
await browser.close();
END
    unshare -m sh -c 'mount --bind etc /etc/chromium && exec node visit.mjs "$@"' - "$root" "$work/out" >visited 2>visit.err || :
    cat >should <<'END'
open /kiosk.html?station=3#key=x
open /hot.html
blocked file:///etc/passwd
blocked /../policy.json
blocked http://127.0.0.1:1/
blocked data:text/html,x
END
    check "Chromium with this policy opens the site's pages and nothing else" sh -c 'diff -u should visited || { tail -n 5 visit.err; false; }'
else
    skip "Chromium with this policy opens the site and nothing else" "not root, or no chromium here"
fi

block '"C:' >edge
check "the line for Edge opens the page" grep -q 'msedge.exe" --kiosk "file:///C:/[^"]*kiosk.html' edge
check "… and its quotes pair" test $(($(tr -cd '"' <edge | wc -c) % 2)) = 0
finish
