#!/bin/sh
# hostile: filters that try to break out, to hang or to eat the machine: each costs its own page an
# error that names filter, line and page; all others are built; nothing is started, read or opened.
. "$(dirname "$0")/lib.sh"
export ANJIAN_LANG=en LANG=C
site=$work/site
mkdir -p "$site"
cd "$work" || exit 1
echo 'secret of the machine' >outside.txt
printf 'filters: []\n' >"$site/site.yaml"
printf '# Good\n\nA page with no filter.\n' >"$site/good.md"
echo 'key' >"$site/site.key"

# hostile NAME LINE WORDS: the filter on stdin fails in LINE, saying WORDS.
: >wanted
hostile() {
    mkdir -p "$site/lua-filters/$1"
    cat >"$site/lua-filters/$1/$1.lua"
    printf -- '---\nfilters: [%s]\n---\n# Page\n\nSome words here.\n' "$1" >"$site/$1.md"
    printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>wanted
}
hostile syntax 2 'does not compile' <<'END'
function Str(el)
  return = el
end
END
hostile bytecode 0 'binary' <<END
$(printf '\033Lua')
END
hostile runtime 2 'nil value' <<'END'
function Str(el)
  return el.nope.nope
end
END
hostile wrong-value 1 'returned number' <<'END'
function Str(el) return 5 end
END
hostile wrong-type 2 'returned Para' <<'END'

function Str(el) return pandoc.Para 'x' end
END
hostile endless 2 'too long' <<'END'
function Str(el)
  while true do end
end
END
hostile pcall-loop 2 'too long' <<'END'
function Str(el)
  while true do pcall(error) end
end
END
hostile pattern-bomb 3 'too long' <<'END'
function Str(el)
  local s = string.rep('a', 5000)
  return s:find(string.rep('a-', 40) .. 'b') and el
end
END
hostile gc-loop 2 '__gc' <<'END'
function Str(el)
  setmetatable({}, {__gc = function() while true do end end})
end
END
hostile memory-bomb 1 'more memory' <<'END'
function Str(el)
  local t = {}
  for i = 1, 1e9 do t[i] = {i} end
end
END
hostile memory-string 2 'too large' <<'END'
function Str(el)
  return string.rep('x', 1 << 40)
end
END
hostile recursion 2 'overflow' <<'END'
function Str(el)
  local function f(n) return 1 + f(n) end
  return f(1)
end
END
hostile deep 1 'deep' <<'END'
function Para(p)
  local e = pandoc.Emph 'x'
  for i = 1, 10000 do e = pandoc.Emph {e} end
  return pandoc.Para {e}
end
END
hostile circle 1 'deep' <<'END'
function Para(p)
  p.content[1] = p
  local e = pandoc.Emph 'x'
  e.content[1] = e
  return pandoc.Para {e}
end
END
hostile explosion 1 'made more' <<'END'
function Para(p)
  local d = pandoc.Div 'x'
  for i = 1, 40 do d = pandoc.Div {d, d} end
  return d
end
END
hostile circle-copied 3 'overflow' <<'END'
function Para(p)
  p.content[1] = p
  local copy = p:clone()
  return copy
end
END
hostile circle-shown 3 'overflow' <<'END'
function Para(p)
  p.content[1] = p
  return pandoc.Para(tostring(p))
end
END
hostile top-down-growth 2 'overflow' <<'END'
return {{traverse = 'topdown',
  Para = function(p) return pandoc.Div {p} end
}}
END
hostile wrong-word 2 'quotetype' <<'END'
function Str(el)
  local quoted = pandoc.Quoted('Quote', el)
  return quoted
end
END
hostile wrong-field 2 "no field 'contents'" <<'END'
function Str(el)
  el.contents = 'x'
  return el
end
END
hostile io-outside 2 'outside' <<'END'
function Str(el)
  return assert(io.open('../outside.txt')):read 'a'
end
END
hostile io-absolute 2 'outside' <<'END'
function Str(el)
  return assert(io.open('/etc/passwd')):read 'a'
end
END
hostile io-hidden 2 'not for filters' <<'END'
function Str(el)
  return assert(io.open('.git/config')):read 'a'
end
END
hostile io-key 2 'not for filters' <<'END'
function Str(el)
  return assert(io.open('site.key')):read 'a'
end
END
hostile io-link 2 'link.txt' <<'END'
function Str(el)
  return assert(io.open('link.txt')):read 'a'
end
END
ln -s ../outside.txt "$site/link.txt"
hostile io-link-inside 2 'not for filters' <<'END'
function Str(el)
  return assert(io.open('inner-link.txt')):read 'a'
end
END
ln -s good.md "$site/inner-link.txt"
hostile io-pipe 2 'no regular file' <<'END'
function Str(el)
  return assert(io.open('pipe.txt')):read 'a'
end
END
mkfifo "$site/pipe.txt"
exec 7<>"$site/pipe.txt" # somebody has it open to write, and says nothing
hostile io-folder 2 'no regular file' <<'END'
function Str(el)
  return assert(io.open('lua-filters')):read 'a'
end
END
hostile too-many 1 'bytes of text' <<'END'
function Str(el)
  local many = {}
  for i = 1, 2000001 do many[i] = el end
  return many
end
END
hostile too-many-made 1 'more memory' <<'END'
function Pandoc(doc)
  for i = 1, 2000001 do doc.blocks[i] = pandoc.Para(tostring(i)) end
  return doc
end
END
hostile io-write 2 'allow-write' <<'END'
function Str(el)
  assert(io.open('made.txt', 'w')):write('x'):close()
end
END
hostile os-execute 2 'allow-run' <<'END'
function Str(el)
  os.execute('touch made-by-os')
end
END
hostile popen 2 'allow-run' <<'END'
function Str(el)
  return io.popen('id'):read 'a'
end
END
hostile pipe 2 'allow-run' <<'END'
function Str(el)
  local out = pandoc.pipe('id', {}, '')
  return out
end
END
hostile os-remove 2 'allow-write' <<'END'
function Str(el)
  os.remove('good.md')
end
END
hostile clock 2 'clock' <<'END'
function Str(el)
  return tostring(os.time())
end
END
hostile chance 2 'random' <<'END'
function Str(el)
  return tostring(math.random())
end
END
hostile environment 2 'no environment' <<'END'
function Str(el)
  return assert(os.getenv 'HOME', 'no environment')
end
END
hostile debug 2 "'debug'" <<'END'
function Str(el)
  return debug.getregistry()
end
END
hostile load-text 2 "'load'" <<'END'
function Str(el)
  return load('return 1')()
end
END
hostile string-metatable 2 'getmetatable' <<'END'
function Str(el)
  getmetatable('').__index.upper = nil
end
END
hostile element-metatable 2 'protected' <<'END'
function Str(el)
  setmetatable(el, {})
end
END
hostile c-library 2 'loadlib' <<'END'
function Str(el)
  package.loadlib('libc.so.6', 'system')
end
END
hostile require-c 1 'not found' <<'END'
local socket = require 'socket'
END
hostile error-value 2 'not a text' <<'END'
function Str(el)
  error({})
end
END
hostile coroutine 2 'too long' <<'END'
function Str(el)
  coroutine.wrap(function() while true do end end)()
end
END
hostile top-level 1 'too long' <<'END'
while true do end
END

code "$ANJIAN" build "$site" -o www
cp err said
check "the build ends with 1" test "$code" = 1
while IFS="$(printf '\t')" read -r filter line words; do
    place="lua-filters/$filter/$filter.lua"
    test "$line" = 0 || place="$place:$line"
    check "$filter: an error that names filter and line" grep -q "$place: .*$words\|$place:.*$words" said
    test "$filter" = syntax || test "$filter" = bytecode ||
        check "$filter: and the page" grep -q "$place.*page $filter\\.md" said
    check "$filter: its page is a notice" grep -q notice "www/$filter.html"
done <wanted
cp said "${KEEP:-/dev/null}"
check "there are enough of them" test "$(wc -l <wanted)" -ge 25
check "the page beside is built" grep -q 'no filter' www/good.html
check "nothing was written" test ! -e made.txt -a ! -e "$site/made.txt" -a ! -e made-by-os -a -e "$site/good.md"
check "nothing from outside is in the site" sh -c '! grep -rq "secret of the machine" www'

# No process but our own, no socket, no file outside: as the kernel saw it.
rm -rf "$site/endless.md" "$site/pcall-loop.md" "$site/pattern-bomb.md" "$site/memory-bomb.md" "$site/coroutine.md" "$site/top-level.md" "$site/explosion.md" "$site"/too-many*.md
if strace -f -o /dev/null true 2>/dev/null; then
    strace -f -o trace -e trace=execve,execveat,socket,connect,open,openat,creat "$ANJIAN" build "$site" -o www2 >/dev/null 2>&1 || :
    grep -E 'execve(at)?\(' trace | tail -n +2 >started || :
    check "no program was started" test ! -s started
    check "no socket was opened" sh -c '! grep -E "(socket|connect)\(" trace'
    # What a worker opens once its filters run: below the site, or what the program itself keeps open.
    grep -E 'open(at)?\(' trace | grep -vE '= -1 ' | grep -oE '"[^"]*"' | tr -d '"' | sort -u >opened
    check "the file outside was never opened" sh -c '! grep -q "outside.txt\|/etc/passwd" opened'
    check "nor the key" sh -c '! grep -q "site.key" opened'
else
    skip "the kernel's own view" "strace may not look here"
fi
finish
