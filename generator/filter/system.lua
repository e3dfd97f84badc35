-- system.lua: io, os, pandoc.system, pandoc.mediabag, pandoc.log, pandoc.pipe.
--
-- Files are read whole, below the site's folder; a handle is a text and a place in it. What needs a
-- flag on the command line is missing from `native` when the flag is, and says so when it is called.
-- Must not know: elements.

local native, C = ...
local type, tostring, tonumber, error, ipairs, select = type, native.tostring, tonumber, error, ipairs, select
local find, sub, match, format = string.find, string.sub, string.match, string.format
local concat, unpack, insert = table.concat, table.unpack, table.insert
local setmetatable = native.setmetatable

local here = '' -- with_working_directory
local function below(path)
  if type(path) ~= 'string' then error('a path is expected, got ' .. type(path), 3) end
  if here ~= '' and sub(path, 1, 1) ~= '/' then return here .. '/' .. path end
  return path
end
local function missing(what, flag)
  return function()
    error(format('%s is not there for filters without %s on the command line', what, flag), 2)
  end
end

---------------------------------------------------------------------------------------------------
-- io

local File = {}
local File_mt = { __name = 'FILE*', __metatable = C.sealed, opaque = true, __index = File }
local function file_text(f)
  if f.closed then error('attempt to use a closed file', 3) end
  return f.text
end
local function read_one(f, what)
  local text, at = f.text, f.at
  if type(what) == 'number' then
    if at > #text then return what == 0 and '' == text and '' or nil end
    f.at = at + what
    return sub(text, at, at + what - 1)
  end
  what = match(what, '^%*?(%a)')
  if what == 'a' then
    f.at = #text + 1
    return sub(text, at)
  end
  if at > #text then return nil end
  if what == 'l' or what == 'L' then
    local e = find(text, '\n', at, true)
    f.at = (e or #text) + 1
    return sub(text, at, e and (what == 'L' and e or e - 1) or #text)
  elseif what == 'n' then
    local from, to = find(text, '^%s*[-+]?[%w.]+', at)
    f.at = to and to + 1 or at
    return to and tonumber(sub(text, from, to)) or nil
  end
  error('bad format for read', 3)
end
function File:read(...)
  file_text(self)
  if select('#', ...) == 0 then return read_one(self, 'l') end
  local out, n = {}, select('#', ...)
  for i = 1, n do
    out[i] = read_one(self, (select(i, ...)))
    if out[i] == nil then return unpack(out, 1, i) end
  end
  return unpack(out, 1, n)
end
function File:lines(...)
  local wanted = { ... }
  return function()
    return self:read(unpack(wanted))
  end
end
function File:seek(whence, offset)
  local base = whence == 'set' and 1 or whence == 'end' and #file_text(self) + 1 or self.at
  self.at = base + (offset or 0)
  return self.at - 1
end
function File:write(...)
  file_text(self)
  if not self.path then return nil, 'the file is open for reading' end
  for i = 1, select('#', ...) do self.text = self.text .. tostring((select(i, ...))) end
  return self
end
function File:flush()
  if self.path then return native.write_file(self.path, self.text, self.append) end
  return self
end
function File:close()
  file_text(self)
  self.closed = true
  if self.path then return native.write_file(self.path, self.text, self.append) end
  return true
end
function File:setvbuf()
  return true
end

local io = {}
function io.open(path, mode)
  mode = mode or 'r'
  if not match(mode, '^r[b]?$') then
    if not native.write_file then return nil, tostring(path) .. ': writing needs --allow-write on the command line' end
    local old = match(mode, '^r') and native.read_file(below(path)) or ''
    return setmetatable({ text = old or '', at = 1, path = below(path), append = match(mode, '^a') and true }, File_mt)
  end
  local text, why = native.read_file(below(path))
  if not text then return nil, why, 2 end
  return setmetatable({ text = text, at = 1 }, File_mt)
end
function io.lines(path, ...)
  local f, why = io.open(path)
  if not f then error(why, 2) end
  return f:lines(...)
end
function io.type(f)
  if type(f) ~= 'table' or native.metatable(f) ~= File_mt then return nil end
  return f.closed and 'closed file' or 'file'
end
-- stdout is the document's: what a filter says goes the other way.
io.stderr = {
  write = function(self, ...)
    for i = 1, select('#', ...) do native.error_text(tostring((select(i, ...)))) end
    return self
  end,
  flush = function() end,
}
io.stdout = io.stderr
function io.write(...)
  return io.stdout:write(...)
end
function io.popen(line)
  if not native.run then missing('io.popen', '--allow-run')() end
  return setmetatable({ text = (native.run('sh', { '-c', line })), at = 1 }, File_mt)
end

---------------------------------------------------------------------------------------------------
-- os: dates that are given; a clock and an environment only where allowed

local os = {}
function os.time(t)
  if t then return native.seconds(t) end
  if native.now then return native.now() end
  missing('the clock', '--allow-run')()
end
function os.date(f, t)
  if not t and not native.now then missing('the clock', '--allow-run')() end
  return native.date(f or '%a %b %e %H:%M:%S %Y', t or native.now())
end
function os.difftime(a, b)
  return a - b + 0.0
end
os.clock = native.clock or missing('the clock', '--allow-run')
local given -- the environment of with_environment, where there is no other
os.getenv = native.getenv or function(name)
  return given and given[name]
end
os.remove = native.remove_file or missing('os.remove', '--allow-write')
os.rename = native.rename_file or missing('os.rename', '--allow-write')
function os.execute(line)
  if not native.run then
    if line == nil then return false end
    missing('os.execute', '--allow-run')()
  end
  if line == nil then return true end
  local out, code = native.run('sh', { '-c', line })
  native.error_text(out)
  if code == 0 then return true, 'exit', 0 end
  return nil, 'exit', code
end

---------------------------------------------------------------------------------------------------
-- pandoc.system

local system = { os = 'linux', arch = native.arch }
function system.get_working_directory()
  return here == '' and '.' or here
end
function system.with_working_directory(folder, fn)
  local before = here
  here = below(folder)
  local results = { native.try(fn) }
  here = before
  if not results[1] then error(results[2], 0) end
  return unpack(results, 2)
end
function system.list_directory(folder)
  local names, why = native.list_folder(below(folder or '.'))
  if not names then error(why, 2) end
  return C.new_list(names)
end
system.environment = native.environment or function()
  local out = {}
  for k, v in native.pairs(given or {}) do out[k] = v end
  return out
end
function system.with_environment(environment, fn)
  if not native.setenv then
    local outer = given
    given = environment
    local results = { native.try(fn) }
    given = outer
    if not results[1] then error(results[2], 0) end
    return unpack(results, 2)
  end
  local before = native.environment()
  for k in native.pairs(before) do native.setenv(k, environment[k]) end
  for k, v in native.pairs(environment) do native.setenv(k, v) end
  local results = { native.try(fn) }
  for k in native.pairs(environment) do native.setenv(k, before[k]) end
  for k, v in native.pairs(before) do native.setenv(k, v) end
  if not results[1] then error(results[2], 0) end
  return unpack(results, 2)
end
system.cputime = native.clock or missing('the clock', '--allow-run')
function system.make_directory(path)
  if not native.make_folder then missing('make_directory', '--allow-write')() end
  return native.make_folder(below(path))
end
function system.remove_directory(path)
  if not native.remove_file then missing('remove_directory', '--allow-write')() end
  return native.remove_file(below(path))
end
function system.with_temporary_directory(a, b, c)
  if not native.make_folder then missing('with_temporary_directory', '--allow-write')() end
  local fn = c or b
  local name = '.' .. tostring(c and b or a) .. '.tmp'
  native.make_folder(below(name))
  local results = { native.try(fn, below(name)) }
  for _, entry in ipairs(native.list_folder(below(name)) or {}) do native.remove_file(below(name) .. '/' .. entry) end
  native.remove_file(below(name))
  if not results[1] then error(results[2], 0) end
  return unpack(results, 2)
end

local function pipe(program, args, input)
  if not native.run then error("pandoc.pipe is not there for filters without --allow-run on the command line", 3) end
  local out, code = native.run(program, args, input)
  if code ~= 0 then
    error(setmetatable({ command = program, error_code = code, output = out }, {
      __tostring = function()
        return format('Error running %s (error code %d): %s', program, code, out)
      end,
    }))
  end
  return out
end

---------------------------------------------------------------------------------------------------
-- pandoc.mediabag: files beside one document, gone with it

local bag = { names = {}, items = {} }
local mediabag = {}
local types = {
  png = 'image/png', jpg = 'image/jpeg', jpeg = 'image/jpeg', gif = 'image/gif', svg = 'image/svg+xml',
  webp = 'image/webp', pdf = 'application/pdf', txt = 'text/plain', html = 'text/html', css = 'text/css',
  mp3 = 'audio/mpeg', mp4 = 'video/mp4', json = 'application/json', csv = 'text/csv',
}
local function type_of(path)
  return types[match(path, '%.(%w+)$') or ''] or 'application/octet-stream'
end
function mediabag.insert(path, mime, contents)
  if type(contents) ~= 'string' then error('mediabag.insert: a string is expected, got ' .. type(contents), 2) end
  mime = mime or type_of(path)
  if not bag.items[path] then insert(bag.names, path) end
  bag.items[path] = { mime, contents }
end
function mediabag.lookup(path)
  local item = bag.items[path]
  if item then return item[1], item[2] end
  return nil
end
function mediabag.delete(path)
  bag.items[path] = nil
  for i, name in ipairs(bag.names) do
    if name == path then table.remove(bag.names, i) end
  end
end
function mediabag.empty()
  bag = { names = {}, items = {} }
end
local function sorted_names()
  local out = { unpack(bag.names) }
  table.sort(out)
  return out
end
function mediabag.list()
  local out = {}
  for i, name in ipairs(sorted_names()) do
    out[i] = { path = name, type = bag.items[name][1], length = #bag.items[name][2] }
  end
  return C.new_list(out)
end
function mediabag.items()
  local names, i = sorted_names(), 0
  return function()
    i = i + 1
    local item = bag.items[names[i]]
    if item then return names[i], item[1], item[2] end
  end
end
function mediabag.fetch(path)
  local item = bag.items[path]
  if item then return item[1], item[2] end
  local text, why = native.read_file(below(path))
  if not text then error(why, 2) end
  return type_of(path), text
end

---------------------------------------------------------------------------------------------------
-- pandoc.log

local kept -- messages while silence runs
local log = {}
function log.warn(message)
  if kept then
    insert(kept, { message = message, type = 'ScriptingWarning', verbosity = 'WARNING' })
  else
    native.say(tostring(message))
  end
end
function log.info(message)
  if kept then insert(kept, { message = message, type = 'ScriptingInfo', verbosity = 'INFO' }) end
end
function log.silence(fn, ...)
  local before = kept
  kept = C.new_list {}
  local results = { native.try(fn, ...) }
  local messages = kept
  kept = before
  if not results[1] then error(results[2], 0) end
  return messages, unpack(results, 2)
end

return {
  io = io, os = os, system = system, mediabag = mediabag, log = log, pipe = pipe,
  begin = function()
    here, kept, given, bag = '', nil, nil, { names = {}, items = {} }
  end,
}
