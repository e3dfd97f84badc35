#!/bin/sh
# launch: the files that start a kiosk, as the manual gives them, are what their readers take.
#
# The Linux unit by systemd's own judge where there is one, the browser's policy as JSON that lets only the site in,
# the Windows line by its quotes. Must not know: what a kiosk shows.
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
if (policy.URLBlocklist.join() !== '*') throw new Error('not all is blocked');
const open = policy.URLAllowlist.map((p) => p.replace(/\*$/, ''));
if (!open.every((p) => /^file:\/\//.test(p))) throw new Error('an address outside is open');
if (!open.some((p) => address.startsWith(p))) throw new Error('the page itself is blocked: ' + address);
if (policy.DeveloperToolsAvailability !== 2) throw new Error('the tools of developers are open');
END
check "the policy is JSON, and lets in the unit's page alone" node judge.mjs

block '"C:' >edge
check "the line for Edge opens the page" grep -q 'msedge.exe" --kiosk "file:///C:/[^"]*kiosk.html' edge
check "… and its quotes pair" test $(($(tr -cd '"' <edge | wc -c) % 2)) = 0
finish
