-- formats.lua: pandoc.read, pandoc.write, pandoc.json.
--
-- Must not know: how any format is read or written.

local native, C = ...
local type, tostring, error, ipairs = type, native.tostring, error, ipairs
local match, find, gsub = string.match, string.find, string.gsub
local mt_of = native.metatable
local null = native.json_value('any', 'null')

local markdown = {
  markdown = true, gfm = true, commonmark = true, commonmark_x = true, markdown_github = true, markdown_mmd = true,
  markdown_strict = true, markdown_phpextra = true,
}
local function name_of(format, default)
  if type(format) == 'table' then format = format.format end
  format = format or default
  if type(format) ~= 'string' then error('a format is expected, got ' .. type(format), 3) end
  return match(format, '^[%w_]+') or format
end
local function text_of(source)
  if type(source) == 'string' then return source end
  if type(source) ~= 'table' then error('a text is expected, got ' .. type(source), 3) end
  local out = {}
  for i, s in ipairs(source) do out[i] = type(s) == 'table' and (s.text or s.contents) or tostring(s) end
  return table.concat(out, '\n')
end
local function read(source, format)
  local name = name_of(format, 'markdown')
  if markdown[name] then return native.markdown(text_of(source)) end
  if name == 'json' then return native.from_json(text_of(source)) end
  error("pandoc.read knows Markdown and json, not '" .. name .. "'", 2)
end
local function write(doc, format, options)
  local name = name_of(format, 'html')
  if C.class_of(doc) ~= C.classes.Pandoc then error('a Pandoc value is expected, got ' .. C.kind_name(doc), 2) end
  if name == 'html' or name == 'html5' or name == 'html4' then return (gsub(native.html(doc), '\n+$', '')) end
  if name == 'json' then return native.to_json(doc) end
  if name == 'plain' then return C.lazy('plain').write(doc, options) end
  if name == 'native' then return C.lazy('show').document(doc) end
  error("pandoc.write knows html, json, plain and native, not '" .. name .. "'", 2)
end

local json = { null = null }
function json.encode(v)
  return native.json_print(v)
end
function json.decode(text, pandoc_types)
  if pandoc_types ~= false then
    local kinds = match(text, '^%s*%[') and { 'Inlines', 'Blocks' } or find(text, '"t"', 1, true) and { 'Inline', 'Block' } or {}
    if match(text, '^%s*{') and find(text, '"pandoc-api-version"', 1, true) then
      local ok, doc = native.try(native.from_json, text)
      if ok then return doc end
    end
    for _, kind in ipairs(match(text, '^%s*%[%s*%]') and {} or kinds) do
      local ok, v = native.try(native.json_value, kind, text)
      if ok then return v end
    end
  end
  return native.json_value('any', text)
end

return { json = json, read = read, write = write }
