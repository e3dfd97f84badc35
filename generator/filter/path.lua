-- path.lua: pandoc.path, for paths with '/'.
--
-- Must not know: whether any file is there, but for `exists`.

local native, C = ...
local sub, match, gmatch, find = string.sub, string.match, string.gmatch, string.find
local concat = table.concat
local path = { separator = '/', search_path_separator = ':' }

function path.is_absolute(p)
  return sub(p, 1, 1) == '/'
end
function path.is_relative(p)
  return sub(p, 1, 1) ~= '/'
end
function path.directory(p)
  local dir = match(p, '^(.*)/[^/]*$')
  if not dir then return '.' end
  dir = match(dir, '^(.-)/*$')
  return dir ~= '' and dir or (sub(p, 1, 1) == '/' and '/' or '.')
end
function path.filename(p)
  return match(p, '[^/]*$')
end
function path.split_extension(p)
  local stem, ext = match(p, '^(.*)(%.[^./]*)$')
  if not stem then return p, '' end
  return stem, ext
end
function path.join(parts)
  local out = ''
  for i = 1, #parts do
    local p = parts[i]
    if sub(p, 1, 1) == '/' or out == '' then
      out = p
    elseif p ~= '' then
      out = out .. (sub(out, -1) == '/' and '' or '/') .. p
    end
  end
  return out
end
function path.split(p)
  local out = {}
  if sub(p, 1, 1) == '/' then
    out[1] = '/'
    p = match(p, '^/+(.*)$')
  end
  for part in gmatch(p, '[^/]+') do out[#out + 1] = part end
  return C.new_list(out)
end
function path.split_search_path(p)
  local out = {}
  for part in gmatch(p .. ':', '([^:]*):') do out[#out + 1] = part == '' and '.' or part end
  return C.new_list(out)
end
function path.normalize(p)
  local out, n = {}, 0
  for part in gmatch(p, '[^/]+') do
    if part ~= '.' then
      n = n + 1
      out[n] = part
    end
  end
  local text = concat(out, '/')
  if sub(p, 1, 1) == '/' then text = '/' .. text end
  if text == '' then return sub(p, -1) == '/' and './' or '.' end
  if sub(p, -1) == '/' and text ~= '/' then text = text .. '/' end
  return text
end
local function parts_of(p)
  local out = {}
  for part in gmatch(path.normalize(p), '[^/]+') do out[#out + 1] = part end
  if out[1] == '.' and #out == 1 then out[1] = nil end
  return out
end
function path.make_relative(p, root, unsafe)
  if path.is_absolute(p) ~= path.is_absolute(root) then return p end
  local a, b, same = parts_of(p), parts_of(root), 0
  while same < #a and same < #b and a[same + 1] == b[same + 1] do same = same + 1 end
  if same < #b and not unsafe then return p end
  local out = {}
  for _ = same + 1, #b do out[#out + 1] = '..' end
  for i = same + 1, #a do out[#out + 1] = a[i] end
  if #out == 0 then return '.' end
  return concat(out, '/') .. (#a > same and sub(p, -1) == '/' and '/' or '')
end
function path.exists(p, kind)
  local file = kind ~= 'directory' and native.read_file(p) ~= nil
  return file or (kind ~= 'file' and native.list_folder(p) ~= nil)
end
-- Strings get these as methods, in the filter that asks for it.
function path.treat_strings_as_paths()
  local methods = native.metatable('').__index
  for k, v in native.pairs(path) do
    if type(v) == 'function' and methods[k] == nil then methods[k] = v end
  end
end

return { path = path }
