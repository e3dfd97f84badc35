-- version.lua: pandoc.types.Version.
--
-- Must not know: which versions there are.

local native, C = ...
local type, tostring, tonumber, error = type, native.tostring, tonumber, error
local match, gmatch, format = string.match, string.gmatch, string.format
local concat = table.concat
local mt_of, setmetatable = native.metatable, native.setmetatable

local Version_mt = { __name = 'Version', __metatable = C.sealed, opaque = true }
local function to_version(v)
  if type(v) == 'table' and mt_of(v) == Version_mt then return v end
  local out = {}
  if type(v) == 'table' then
    for i = 1, #v do out[i] = v[i] end
  elseif type(v) == 'number' then
    out[1] = math.tointeger(v)
    if not out[1] then error('Version: an integer, a text or a list is expected', 2) end
  elseif type(v) == 'string' and match(v, '^%d[%d.]*$') and not match(v, '%.%.') and not match(v, '%.$') then
    for n in gmatch(v, '%d+') do out[#out + 1] = tonumber(n) end
  else
    error('Version: an integer, a text or a list is expected', 2)
  end
  return setmetatable(out, Version_mt)
end
local function version_order(a, b)
  a, b = to_version(a), to_version(b)
  for i = 1, #a > #b and #a or #b do
    local x, y = a[i] or -1, b[i] or -1
    if x ~= y then return x < y and -1 or 1 end
  end
  return 0
end
function Version_mt.__eq(a, b)
  return version_order(a, b) == 0
end
function Version_mt.__lt(a, b)
  return version_order(a, b) < 0
end
function Version_mt.__le(a, b)
  return version_order(a, b) <= 0
end
function Version_mt.__tostring(v)
  return concat(v, '.')
end
Version_mt.__index = native.proxy {
  must_be_at_least = function(v, wanted, message)
    wanted = to_version(wanted)
    if v < wanted then
      error(format(message or 'expected version %s or newer, got %s', tostring(wanted), tostring(v)), 2)
    end
  end,
}

C.M.types = native.proxy { Version = to_version }
C.to_version = to_version
