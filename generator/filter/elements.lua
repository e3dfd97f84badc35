-- elements.lua: pandoc's element types over plain tables: fields, aliases, equality, copies, and
-- what stands for a list of them.
--
-- An element is a table with one metatable a tag: its fields lie in it raw, `t`, `tag`, methods
-- and aliases come from the metatable. `_n` is the number of the cmark node it was made from
-- (filter/luatree owns it).
-- Must not know: how a tree is gone through, who makes elements.

local native, C = ...
local rawget, rawset, rawequal, type, error, ipairs, next =
  rawget, rawset, rawequal, type, error, ipairs, next
local find, sub, match, gmatch = string.find, string.sub, string.match, string.gmatch
local format, insert, sort = string.format, table.insert, table.sort
local mt_of, setmetatable = native.metatable, native.setmetatable
local sealed, words = C.sealed, C.words
local Inlines_mt, Blocks_mt, Attr_mt, Attributes_mt = C.Inlines_mt, C.Blocks_mt, C.Attr_mt, C.Attributes_mt
local Attr_methods, to_attr, to_classes, to_attributes = C.Attr_methods, C.to_attr, C.to_classes, C.to_attributes

-- Tag, kind, fields; a field is `name` or `name:KIND`, where KIND says what lies in it (I inlines,
-- B blocks, LB list of blocks, LI list of inlines, DL definitions, C citations, K caption, R rows,
-- T table bodies, A Attr).
local specs = [[
Str Inline text
Space Inline
SoftBreak Inline
LineBreak Inline
Emph Inline content:I
Strong Inline content:I
Underline Inline content:I
Strikeout Inline content:I
Superscript Inline content:I
Subscript Inline content:I
SmallCaps Inline content:I
Quoted Inline quotetype content:I
Cite Inline citations:C content:I
Code Inline text attr:A
Math Inline mathtype text
RawInline Inline format text
Link Inline content:I target title attr:A
Image Inline caption:I src title attr:A
Note Inline content:B
Span Inline content:I attr:A
Plain Block content:I
Para Block content:I
LineBlock Block content:LI
CodeBlock Block text attr:A
RawBlock Block format text
BlockQuote Block content:B
OrderedList Block content:LB listAttributes
BulletList Block content:LB
DefinitionList Block content:DL
Header Block level content:I attr:A
HorizontalRule Block
Table Block caption:K colspecs head:R bodies:T foot:R attr:A
Figure Block content:B caption:K attr:A
Div Block content:B attr:A
Null Block
Pandoc Doc blocks:B meta
TableHead Part rows attr:A
TableBody Part body head row_head_columns attr:A
TableFoot Part rows attr:A
Row Part cells attr:A
Cell Part contents:B alignment row_span col_span attr:A
Citation Part id mode prefix:I suffix:I note_num hash
SimpleTable Part caption:I aligns widths headers:LB rows
ListAttributes Part start style delimiter
]]

local classes = {} -- tag → metatable
local inline_tags, block_tags = {}, {}
local aliases = { Image = { content = 'caption', c = 'caption' }, Cell = { content = 'contents' } }
local type_names = { -- for pandoc.utils.type, where it is not the tag
  TableHead = 'pandoc TableHead', TableBody = 'pandoc TableBody', TableFoot = 'pandoc TableFoot',
  Row = 'pandoc Row', Cell = 'pandoc Cell', ListAttributes = 'pandoc ListAttributes',
}
local with_c = { c = 'content' } -- the name before pandoc 2.12
local attr_parts = { identifier = true, classes = true, attributes = true }
local list_parts = { start = true, style = true, delimiter = true }

local to_inlines, to_blocks, equal

-- What pairs goes through: fields and methods, as pandoc sorts them.
local function names_of(tag, kind, fields)
  local out = { table.unpack(fields) }
  local element = kind == 'Inline' or kind == 'Block'
  if element then out[#out + 1] = 'tag' end
  sort(out)
  if tag ~= 'Cell' then out[#out + 1] = 'clone' end
  if kind == 'Block' then out[#out + 1] = 'show' end
  if element or tag == 'Pandoc' or tag == 'Row' or tag == 'Cell' then out[#out + 1] = 'walk' end
  return out
end

-- A field that an element does not have is a slip, and pandoc says so.
local function put(mt, el, key, value)
  if not mt.known[key] then error(format("a %s has no field '%s'", mt.tag, C.tostring(key)), 3) end
  rawset(el, key, value)
end

local function own_list(el)
  local a = rawget(el, 'listAttributes')
  if type(a) ~= 'table' or mt_of(a) ~= classes.ListAttributes then
    a = C.list_attributes(a)
    rawset(el, 'listAttributes', a)
  end
  return a
end

local function own_attr(el)
  local a = rawget(el, 'attr')
  if type(a) ~= 'table' or mt_of(a) ~= Attr_mt then
    a = to_attr(a)
    rawset(el, 'attr', a)
  end
  return a
end

for line in gmatch(specs, '[^\n]+') do
  local parts = words(line)
  local tag, kind = parts[1], parts[2]
  local mt = { native.ids[tag], -- [1], for native.step
    __name = type_names[tag] or tag, __metatable = sealed, tag = tag, kind = kind, fields = {}, id = native.ids[tag],
    known = {}, opaque = tag ~= 'TableBody',
  }
  local methods = { t = tag, tag = tag }
  local has_attr = false
  for i = 3, #parts do
    local name, holds = match(parts[i], '^(%w[%w_]*):?(%u*)$')
    mt.fields[#mt.fields + 1] = name
    mt.known[name] = true
    if holds == 'A' then
      has_attr = true
    elseif holds ~= '' then
      mt.kids = mt.kids or {}
      insert(mt.kids, { name, holds })
    end
  end
  mt.methods = methods
  local alias = aliases[tag]
  for _, kid in ipairs(mt.kids or {}) do
    if kid[1] == 'content' then alias = alias or with_c end
  end
  if tag == 'OrderedList' then
    mt.__index = function(el, key)
      local m = methods[key]
      if m ~= nil then return m end
      if list_parts[key] then return own_list(el)[key] end
      if key == 'c' then return rawget(el, 'content') end
    end
    mt.__newindex = function(el, key, value)
      if list_parts[key] then
        own_list(el)[key] = value
      else
        put(mt, el, key == 'c' and 'content' or key, value)
      end
    end
  elseif has_attr or alias then
    mt.__index = function(el, key)
      local m = methods[key]
      if m ~= nil then return m end
      if has_attr then
        if attr_parts[key] then return own_attr(el)[key] end
        if key == 'attr' then return own_attr(el) end
      end
      if alias and alias[key] then return rawget(el, alias[key]) end
    end
    mt.__newindex = function(el, key, value)
      if has_attr and attr_parts[key] then
        if key == 'classes' then
          value = to_classes(value)
        elseif key == 'attributes' then
          value = to_attributes(value)
        end
        own_attr(el)[key] = value
      else
        put(mt, el, alias and alias[key] or key, value)
      end
    end
  else
    mt.__index = methods
    mt.__newindex = function(el, key, value)
      put(mt, el, key, value)
    end
  end
  if tag == 'TableBody' then mt.__newindex = nil end -- a plain table in pandoc
  mt.__eq = function(a, b)
    return equal(a, b)
  end
  mt.__tostring = function(el)
    return C.show(el)
  end
  local names = names_of(tag, kind, mt.fields)
  mt.__pairs = function(el)
    local i = 0
    return function()
      i = i + 1
      local name = names[i]
      if name then return name, el[name] end
    end, el, nil
  end
  classes[tag] = mt
  if kind == 'Inline' then inline_tags[#inline_tags + 1] = tag end
  if kind == 'Block' then block_tags[#block_tags + 1] = tag end
end
local Str_mt = classes.Str

local function make(tag, fields)
  return setmetatable(fields, classes[tag])
end

-- the metatable of an element, nil for anything else
local function class_of(v)
  if type(v) ~= 'table' then return nil end
  local mt = mt_of(v)
  return mt and mt.kind and mt or nil
end

local function kind_name(v)
  local mt = class_of(v)
  if mt then return mt.tag end
  return type(v)
end

function equal(a, b)
  if rawequal(a, b) then return true end
  if type(a) ~= 'table' or type(b) ~= 'table' then return a == b end
  local x, y = mt_of(a), mt_of(b)
  if x == Attributes_mt or x == Attr_mt then return x == y and a == b end
  if (x and x.kind) or (y and y.kind) then
    if x ~= y then return false end
    for _, name in ipairs(x.fields) do
      local p, q = a[name], b[name]
      if not equal(p, q) then return false end
    end
    return true
  end
  for k, v in next, a do
    if not equal(v, rawget(b, k)) then return false end
  end
  for k in next, b do
    if rawget(a, k) == nil then return false end
  end
  return true
end

-- "two words" as pandoc reads a string where inlines are wanted
local function text_inlines(s)
  local out, n, at = {}, 0, 1
  while at <= #s do
    local from, to = find(s, '[ \t\r\n]+', at)
    local word = sub(s, at, (from or #s + 1) - 1)
    if word ~= '' then n = n + 1; out[n] = setmetatable({ text = word }, Str_mt) end
    if not from then break end
    n = n + 1
    out[n] = make(find(sub(s, from, to), '\n', 1, true) and 'SoftBreak' or 'Space', {})
    at = to + 1
  end
  return setmetatable(out, Inlines_mt)
end

function to_inlines(v)
  if type(v) == 'string' then return text_inlines(v) end
  if v == nil then return setmetatable({}, Inlines_mt) end
  if type(v) ~= 'table' then
    error('Inlines: a list is expected, got ' .. type(v), 0)
  end
  local mt = mt_of(v)
  if mt == Inlines_mt then return v end
  if mt and mt.kind == 'Inline' then return setmetatable({ v }, Inlines_mt) end
  if mt and mt.kind then error('an Inline is expected, got ' .. mt.tag, 0) end
  local out, n = {}, 0
  for i = 1, #v do
    local x = v[i]
    local m = class_of(x)
    if m and m.kind == 'Inline' then
      n = n + 1; out[n] = x
    elseif type(x) == 'string' then
      n = n + 1; out[n] = setmetatable({ text = x }, Str_mt)
    else
      error('an Inline is expected, got ' .. kind_name(x), 0)
    end
  end
  return setmetatable(out, Inlines_mt)
end

-- a list of inlines among blocks is one Plain
local function all_inline(list)
  for i = 1, #list do
    local m = class_of(list[i])
    if type(list[i]) ~= 'string' and not (m and m.kind == 'Inline') then return false end
  end
  return #list > 0
end

function to_blocks(v)
  if v == nil then return setmetatable({}, Blocks_mt) end
  if type(v) == 'string' then
    return setmetatable({ make('Plain', { content = text_inlines(v) }) }, Blocks_mt)
  end
  if type(v) ~= 'table' then
    error('Blocks: a list is expected, got ' .. type(v), 0)
  end
  local mt = mt_of(v)
  if mt == Blocks_mt then return v end
  if mt and mt.kind == 'Block' then return setmetatable({ v }, Blocks_mt) end
  if mt and mt.kind == 'Inline' then v = { v } end
  if mt and mt.kind and mt.kind ~= 'Inline' then
    error('a Block is expected, got ' .. mt.tag, 0)
  end
  local out, n, run = {}, 0, nil
  for i = 1, #v do
    local x = v[i]
    local m = class_of(x)
    if m and m.kind == 'Block' then
      n = n + 1; out[n] = x; run = nil
    elseif m and m.kind == 'Inline' then
      if not run then
        run = setmetatable({}, Inlines_mt)
        n = n + 1; out[n] = make('Plain', { content = run })
      end
      run[#run + 1] = x
    elseif type(x) == 'string' then
      n = n + 1; out[n] = make('Plain', { content = text_inlines(x) }); run = nil
    elseif type(x) == 'table' and not m then
      if all_inline(x) then
        n = n + 1; out[n] = make('Plain', { content = to_inlines(x) })
      else
        for _, b in ipairs(to_blocks(x)) do n = n + 1; out[n] = b end
      end
      run = nil
    else
      error('a Block is expected, got ' .. kind_name(x), 0)
    end
  end
  return setmetatable(out, Blocks_mt)
end

-- A list of the right type in which something else was put: itself, set right.
local function repair(list)
  local right = mt_of(list) == Inlines_mt and to_inlines or to_blocks
  setmetatable(list, nil)
  local ok, out = native.try(right, list)
  if not ok then error(out, 0) end
  return out
end

C.tostring = native.tostring
C.classes, C.inline_tags, C.block_tags = classes, inline_tags, block_tags
C.make, C.class_of, C.kind_name, C.equal, C.clone, C.repair = make, class_of, kind_name, equal, native.clone, repair
C.to_inlines, C.to_blocks, C.text_inlines = to_inlines, to_blocks, text_inlines
